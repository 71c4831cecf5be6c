"""Reads a file of JSON lines without ever holding more than one."""

from collections.abc import Iterator
from typing import BinaryIO

from desktop.formats.parts import Unreadable
from desktop.formats.remarks import Remarks
from desktop.formats.strange_json import LARGEST, Object, read_json

_LONGEST = 16 * 1024 * 1024
_MARKS = (b"\xff\xfe", b"\xfe\xff")


def json_lines(file: BinaryIO, remarks: Remarks) -> Iterator[Object]:
    """Every line that is an object; others are told. UTF-16 is read as a whole, within limits.

    Raises ``Unreadable``: ``too_large``, ``too_large``, ``undecodable``.
    """
    for raw in _raw_lines(file):
        if not raw.strip():
            continue
        try:
            found = read_json(raw)
        except Unreadable as error:
            remarks.say("dropped", error.code)
            continue
        if isinstance(found, dict):
            yield found
        else:
            remarks.say("dropped", "malformed")


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    if file.read(2) in _MARKS:
        file.seek(0)
        data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Unreadable("too_large")
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Unreadable("undecodable") from error
        yield from (one.encode("utf-8", "replace") for one in text.split("\n"))
        return
    file.seek(0)
    while line := file.readline(_LONGEST + 1):
        if len(line) > _LONGEST:
            raise Unreadable("too_large")
        yield line
