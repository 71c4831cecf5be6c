"""Opens a file as text in whatever encoding Korean programs have left it: told, never guessed at.

A byte order mark decides. Without one the text is UTF-8 if all of it is, else CP949 if all of it
is that; what is neither is refused, since a story with broken letters helps nobody.
"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from desktop.formats.parts import Unreadable

_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_text(stream: BinaryIO) -> TextIO:
    """The text from the stream's beginning, line ends as they are.

    Raises ``Unreadable``: ``empty``, ``undecodable``. Closing the text leaves the stream open.
    """
    encoding = _encoding(stream)
    stream.seek(0)
    return _Text(stream, encoding=encoding, newline="")


def lines(stream: BinaryIO, longest: int) -> Iterator[bytes | str]:
    """The same line by line, none of them blank; UTF-8 as bytes, for who reads those anyway.

    Raises what ``open_text`` raises, and ``too_large`` for a line of more than ``longest``.
    """
    encoding = _encoding(stream)
    stream.seek(len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
    if encoding.startswith("utf-8"):
        yield from _cut(stream, longest)
        return
    with _Text(stream, encoding=encoding, newline="") as text:
        while line := text.readline(longest):
            if len(line) >= longest:
                raise Unreadable("too_large")
            if line.strip():
                yield line


def _cut(stream: BinaryIO, longest: int) -> Iterator[bytes]:
    begun: list[bytes] = []
    held = 0
    while block := stream.read(_BLOCK):
        first, *others = block.split(b"\n")
        begun.append(first)
        held += len(first)
        if held >= longest:
            raise Unreadable("too_large")
        if others:
            whole = (b"".join(begun), *others[:-1])
            yield from [line for line in whole if line and not line.isspace()]
            begun, held = [others[-1]], len(others[-1])
    last = b"".join(begun)
    if last and not last.isspace():
        yield last


def _encoding(stream: BinaryIO) -> str:
    stream.seek(0)
    start = stream.read(4)
    if not start:
        raise Unreadable("empty")
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    if not encoding:
        return _bare_utf_16(start) or _first_that_fits(stream)
    if not _fits(stream, encoding):
        raise Unreadable("undecodable", encoding)
    return encoding


class _Text(io.TextIOWrapper):
    """Does not close what it was opened over."""

    def close(self) -> None:
        if not self.closed:
            self.detach()


def _bare_utf_16(start: bytes) -> str:
    # Every text of ours begins with a sign of ASCII: ``{``, ``[``, ``#``.
    if len(start) == 4 and start[1] == start[3] == 0 and start[0] and start[2]:
        return "utf-16-le"
    if len(start) == 4 and start[0] == start[2] == 0 and start[1] and start[3]:
        return "utf-16-be"
    return ""


def _first_that_fits(stream: BinaryIO) -> str:
    for encoding in ("utf-8", "cp949"):
        if _fits(stream, encoding):
            return encoding
    raise Unreadable("undecodable")


def _fits(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := stream.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def head_text(head: bytes) -> str:
    """As much of a file's first bytes as can be read, for telling what it is."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return head.decode(name, "ignore")
    encoding = _bare_utf_16(head[:4])
    if encoding:
        return head.decode(encoding, "ignore")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp949", "ignore")
