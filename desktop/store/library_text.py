"""The text files of the library: Markdown, with the true name above it where the file's is not."""

import json
import re
from typing import NamedTuple

from desktop.protocol.models import Persona

MAX_TEXT = 200_000

_FENCE = "---"
_MAX_FRONT_LINES = 50
_FIELD = re.compile(r"([A-Za-z_][\w-]*):(?:\s|$)")
_NAME = re.compile(r"name:\s*(.*)$")
_PICTURE = re.compile(r"picture:\s*([0-9a-f]{32})\s*$")
_WHO = re.compile(r"(?:이름|name|名前)\s*[:：][^\S\n]*([^\n]*)", re.IGNORECASE)


class Undecodable(ValueError):
    """It is no text in UTF-8, nor in UTF-16 with its mark."""


class Written(NamedTuple):
    """A text file taken apart."""

    name: str
    """The name inside; empty where there is none."""
    text: str
    others: tuple[str, ...] = ()
    """Lines of the front matter that are not ours, as they are."""


def decoded(raw: bytes) -> str:
    """The text with plain line ends. Raises ``Undecodable``."""
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = raw.decode("utf-16")
        else:
            text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Undecodable from error
    if "\0" in text:
        raise Undecodable
    return text.replace("\r\n", "\n").replace("\r", "\n")


def taken_apart(text: str) -> Written:
    """Front matter is only what tells a name: a rule at the top of somebody's text stays text."""
    lines = text.split("\n", _MAX_FRONT_LINES + 1)
    if lines[0].rstrip() == _FENCE:
        for end in range(1, min(len(lines), _MAX_FRONT_LINES + 1)):
            if lines[end].rstrip() == _FENCE:
                named = _front(lines[1:end])
                if named is None:
                    break
                return Written(named[0], _body("\n".join(lines[end + 1 :])), named[1])
    return Written("", _body(text))


def _body(text: str) -> str:
    return text.removesuffix("\n")


def _front(lines: list[str]) -> tuple[str, tuple[str, ...]] | None:
    name, others = "", []
    for line in lines:
        if (found := _NAME.match(line)) and not name:
            name = _unquoted(found[1].strip())
        elif _FIELD.match(line) or not line.strip() or line[0] in " \t#-":
            others.append(line)
        else:
            return None
    return (name, tuple(others)) if name else None


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        try:
            return str(json.loads(value))
        except ValueError:
            return value.strip('"')
    return value.strip("'")


def put_together(written: Written) -> bytes:
    """The other way round: what was taken apart, put together and taken apart is the same."""
    front = ""
    name = written.name
    if name or written.others or taken_apart(written.text + "\n").name:
        # A text that would itself be read as front matter gets some of its own above it.
        told = (f"name: {json.dumps(name or ' ', ensure_ascii=False)}", *written.others)
        front = "\n".join((_FENCE, *told, _FENCE, ""))
    return f"{front}{written.text}\n".encode()


def picture_in(written: Written) -> str:
    """The name of the picture that the front matter points to; empty where it has none."""
    found = (_PICTURE.match(line) for line in written.others)
    return next((one[1] for one in found if one), "")


def with_picture(others: tuple[str, ...], picture: str) -> tuple[str, ...]:
    """The lines of a front matter that points to this picture, or to none."""
    kept = tuple(line for line in others if not _PICTURE.match(line))
    return (*kept, f"picture: {picture}") if picture else kept


def persona_of(text: str) -> Persona:
    """My character from ``이름: …`` and the rest; without such a line it is all description."""
    found = _WHO.match(text)
    if found is None:
        return Persona(description=text)
    return Persona(name=found[1].strip()[:200], description=text[found.end() + 1 :])


def persona_text(persona: Persona) -> str:
    name = " ".join(persona.name.split())
    if not name and not _WHO.match(persona.description):
        return persona.description
    return f"이름: {name}\n{persona.description}"
