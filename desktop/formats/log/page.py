"""Reads a saved web page as a stream of tags and texts, within limits.

Python's own reader of HTML knows no entities but characters, opens nothing and runs nothing.
"""

import codecs
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO, Literal, NamedTuple

from desktop.formats.parts import Unreadable
from desktop.formats.strange_json import plain

_PIECE = 16_384
_STUCK = 16_000_000
"""Characters that may wait for a tag to end."""
LARGEST = 1024 * 1024 * 1024
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


class Bit(NamedTuple):
    """A tag or a text. ``attributes`` of an opening tag; of several with one name the first."""

    kind: Literal["open", "close", "text"]
    name: str
    """The tag's in lower case, or the text."""
    attributes: dict[str, str] = {}


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.bits: list[Bit] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told: dict[str, str] = {}
        for name, value in attrs:
            told.setdefault(name, value or "")
        self.bits.append(Bit("open", tag, told))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.bits.append(Bit("close", tag))

    def handle_data(self, data: str) -> None:
        self.bits.append(Bit("text", plain(data)))


def bits(file: BinaryIO) -> Iterator[Bit]:
    """Every tag and text in order. Raises ``Unreadable``: ``too_large``, ``malformed``."""
    coding = _coding(file)
    file.seek(0)
    parser, decoder = _Parser(), codecs.getincrementaldecoder(coding)("replace")
    read = 0
    # What waits for a tag to end is looked through anew with each piece, so the pieces grow.
    while piece := file.read(max(_PIECE, len(parser.rawdata))):
        read += len(piece)
        if read > LARGEST:
            raise Unreadable("too_large")
        _feed(parser, decoder.decode(piece))
        yield from _taken(parser)
    _feed(parser, decoder.decode(b"", final=True))
    # A tag that never ends is none. Python's reader would look for its end from every "<" on.
    parser.rawdata = parser.rawdata.partition("<")[0]
    _feed(parser, "", end=True)
    yield from _taken(parser)


def _feed(parser: _Parser, text: str, *, end: bool = False) -> None:
    try:
        if end:
            parser.close()
        else:
            parser.feed(text)
    except (AssertionError, ValueError) as error:
        # What Python's reader says of some declarations.
        raise Unreadable("malformed") from error
    if len(parser.rawdata) > _STUCK:
        raise Unreadable("malformed")


def _taken(parser: _Parser) -> list[Bit]:
    taken, parser.bits = parser.bits, []
    return taken


def _coding(file: BinaryIO) -> str:
    """UTF-8 unless the file is not: then UTF-16 by its mark, else CP949, the Korean of Windows."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    read = 0
    try:
        while (piece := file.read(1024 * 1024)) and read < LARGEST:
            read += len(piece)
            decoder.decode(piece)
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8-sig"
