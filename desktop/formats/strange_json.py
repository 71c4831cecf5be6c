"""Takes values out of strangers' JSON: whatever stands there, the answer has the type asked for."""

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from desktop.formats.parts import Unreadable

DEPTH = 64
"""How deep lists and objects may lie in one another; more is no story but an attack."""
LARGEST = 64 * 1024 * 1024
"""Bytes of one JSON text."""

Object = dict[str, Any]


def all_of(file: BinaryIO, limit: int = LARGEST) -> bytes:
    """The whole file. Raises ``Unreadable`` (``too_large``) where it is longer than that."""
    file.seek(0)
    data = file.read(limit + 1)
    if len(data) > limit:
        raise Unreadable("too_large")
    return data


def plain(text: str) -> str:
    """The text with plain line ends, without NUL, lone surrogates replaced."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def decoded(data: bytes, where: str = "") -> str:
    """The text of a file in UTF-8, UTF-16 (with its mark or plainly so) or CP949.

    Raises ``Unreadable`` (``undecodable``).
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codings = ["utf-16"]
    elif data[:1] and data[1:2] == b"\0":
        codings = ["utf-16-le"]
    elif data[:1] == b"\0":
        codings = ["utf-16-be"]
    else:
        codings = ["utf-8-sig", "cp949"]
    for coding in codings:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("undecodable", where)


def read_json(data: bytes, where: str = "") -> Any:
    """What a JSON text says. Raises ``Unreadable``: ``too_large``, ``undecodable``,
    ``malformed``, ``too_deep``.

    NaN and Infinity, which Python programs write and JSON does not know, are read as null.
    """
    if len(data) > LARGEST:
        raise Unreadable("too_large", where)
    text = decoded(data, where).lstrip("\ufeff")
    try:
        found = msgspec.json.decode(text)
    except RecursionError as error:
        raise Unreadable("too_deep", where) from error
    except (msgspec.DecodeError, UnicodeEncodeError):
        found = _leniently(text, where)
    if _too_deep(found):
        raise Unreadable("too_deep", where)
    return found


def _leniently(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None, strict=False)
    except RecursionError as error:
        raise Unreadable("too_deep", where) from error
    except ValueError as error:
        raise Unreadable("malformed", where) from error


def read_object(data: bytes, where: str = "") -> Object:
    """Like ``read_json``; anything but an object is ``Unreadable`` (``malformed``)."""
    found = read_json(data, where)
    if not isinstance(found, dict):
        raise Unreadable("malformed", where)
    return found


_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""At these many programs end a line, though JSON does not."""


def write_json(value: Any, *, indent: int | None = None) -> bytes:
    """JSON as everybody reads it: UTF-8 without a mark, no NaN, on one line unless indented."""
    written = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return written.translate(_LINE_ENDS).encode("utf-8", "replace")


def _too_deep(value: Any) -> bool:
    layer = [value]
    for _ in range(DEPTH):
        layer = [inner for one in layer for inner in _inside(one)]
        if not layer:
            return False
    return True


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (one for one in value.values() if isinstance(one, dict | list))
    elif isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict | list))


def text(value: Any) -> str:
    """A text, or a number as it is written; anything else is no text at all."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(value) if isinstance(value, int) or math.isfinite(value) else ""
    return ""


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one, what is no text is left out."""
    if isinstance(value, str):
        return (plain(value),) if value else ()
    return tuple(text(one) for one in items(value) if isinstance(one, str | int | float))


def items(value: Any) -> list[Any]:
    """A list; the values of an object whose keys only count them; nothing for anything else."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[Object]:
    return [one for one in items(value) if isinstance(one, dict)]


def fields(value: Any) -> Object:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def yes(value: Any, otherwise: bool = False) -> bool:
    """A truth as it is spelt in the wild: true, 1, "true", "on"."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip():
        return value.strip().lower() not in ("false", "0", "no", "off", "null")
    if isinstance(value, int | float):
        return bool(value)
    return otherwise


def number(value: Any, otherwise: float = 0.0) -> float:
    """A finite number, also one that is written as a text."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and len(value) < 40:
        try:
            value = float(value)
        except ValueError:
            return otherwise
    if not isinstance(value, int | float):
        return otherwise
    try:
        found = float(value)
    except OverflowError:
        return otherwise
    return found if math.isfinite(found) else otherwise


def whole(value: Any, otherwise: int, low: int = 0, high: int = 10_000) -> int:
    """A whole number between two bounds, both included."""
    return int(min(high, max(low, number(value, otherwise))))
