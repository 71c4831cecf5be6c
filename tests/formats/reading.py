"""Short ways to read samples and to write parts."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from desktop.formats.format import Reader, Writer
from desktop.formats.parts import AnyPart, Part, Remark
from desktop.formats.registry import by_id, detect

SAMPLES = Path(__file__).parent / "samples"
P = TypeVar("P", bound=Part)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def sample_json(name: str) -> Any:
    return json.loads(sample(name))


def read_by(reader: Reader, data: bytes) -> list[AnyPart]:
    return list(reader(io.BytesIO(data)))


def read(data: bytes, name: str = "") -> list[AnyPart]:
    """By the format that the file is taken for."""
    found = detect(data[:65_536], name)
    assert found is not None, name
    assert found.reader is not None
    return read_by(found.reader, data)


def read_as(format_id: str, data: bytes) -> list[AnyPart]:
    found = by_id(format_id)
    assert found is not None
    assert found.reader is not None
    return read_by(found.reader, data)


def write_as(format_id: str, parts: Iterable[AnyPart]) -> bytes:
    found = by_id(format_id)
    assert found is not None
    assert found.writer is not None
    return written_by(found.writer, parts)


def written_by(writer: Writer, parts: Iterable[AnyPart]) -> bytes:
    made = io.BytesIO()
    writer(parts, made)
    return made.getvalue()


def of(kind: type[P], parts: Iterable[AnyPart]) -> list[P]:
    return [part for part in parts if isinstance(part, kind)]


def the(kind: type[P], parts: Iterable[AnyPart]) -> P:
    (only,) = of(kind, parts)
    return only


def remarks(parts: Iterable[AnyPart]) -> set[tuple[str, str]]:
    return {(one.fate, one.code) for one in of(Remark, parts)}
