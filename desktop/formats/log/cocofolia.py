"""Cocofolia's log: a paragraph a message, with tab, name and words; no times."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from msgspec.structs import replace

from desktop.formats.card.room import language_of
from desktop.formats.chat.cast import ROOM, Cast
from desktop.formats.log.dice_lines import told_roll
from desktop.formats.log.page import Bit, bits
from desktop.formats.log.tables import narrates, tidy
from desktop.formats.parts import AnyPart, MessagePart, Unreadable
from desktop.formats.remarks import PROSE, Remarks
from desktop.formats.strange_json import Object
from desktop.protocol.models import Author

SAID = "cocofolia"
_ASIDE = frozenset({"other", "잡담", "雑談", "사담"})
_SYSTEM = "system"
_COLOUR = re.compile(r"color\s*:\s*(#[0-9a-fA-F]{3,8})")


class Line(NamedTuple):
    tab: str
    name: str
    text: str
    colour: str


def read_log(file: BinaryIO) -> Iterator[AnyPart]:
    """Two passes: who speaks, then what. Raises ``Unreadable`` (``not_known``).

    Small talk is kept and hidden from the AI; what the table told of itself is the narrator's.
    """
    remarks = Remarks()
    cast, sample, count, tabs = Cast(remarks), "", 0, dict[str, int]()
    for line in _lines(file):
        count += 1
        tabs[line.tab] = tabs.get(line.tab, 0) + 1
        sample += line.text[:200] if len(sample) < 4_000 else ""
        if not _aside(line) and not _told(line):
            cast.seat(line.name)
    if not count:
        raise Unreadable("not_known", "log")
    yield replace(cast.room("", language_of(sample)), extra={SAID: {"tabs": tabs}})
    for at, line in enumerate(_lines(file)):
        yield _message(line, f"m{at + 1}", cast, remarks)
    yield from remarks


def _aside(line: Line) -> bool:
    return line.tab.strip().lower() in _ASIDE


def _told(line: Line) -> bool:
    return line.name.lower() == _SYSTEM or narrates(line.name)


def _message(line: Line, key: str, cast: Cast, remarks: Remarks) -> MessagePart:
    roll = told_roll(line.text)
    extra: Object = {"tab": line.tab, "color": line.colour}
    if roll is not None:
        author = Author(kind="dice", name=line.name[:200])
        extra["dice"] = roll
    elif _told(line):
        author = Author(kind="narrator", name=line.name[:200])
    else:
        author = cast.author(line.name)
    return MessagePart(
        room=ROOM,
        key=key,
        author=author,
        text=remarks.cut(line.text, PROSE, key),
        hidden=_aside(line),
        extra={SAID: extra},
    )


def _lines(file: BinaryIO) -> Iterator[Line]:
    """A paragraph with at least three spans is a message, whatever else the page holds."""
    spans: list[list[str]] | None = None
    inside, colour = False, ""
    for bit in bits(file):
        if bit.kind == "open" and bit.name == "p":
            # A paragraph that was never closed ends where the next one begins.
            yield from _line(spans, colour)
            spans, inside = [], False
            found = _COLOUR.search(bit.attributes.get("style", ""))
            colour = found[1] if found else ""
        elif spans is None:
            continue
        elif bit.kind == "close" and bit.name == "p":
            yield from _line(spans, colour)
            spans = None
        else:
            inside = _within(bit, spans, inside)
    yield from _line(spans, colour)


def _within(bit: Bit, spans: list[list[str]], inside: bool) -> bool:
    if bit.name == "span" and bit.kind == "open" and len(spans) < 3:
        spans.append([])
        return True
    if bit.name == "span" and bit.kind == "close" and len(spans) < 3:
        return False
    if bit.kind == "open" and bit.name == "br" and inside:
        spans[-1].append("\n")
    elif bit.kind == "text" and inside:
        spans[-1].append(bit.name.replace("\n", " "))
    return inside


def _line(spans: list[list[str]] | None, colour: str) -> Iterator[Line]:
    if spans is None or len(spans) < 3:
        return
    tab, name, text = (tidy("".join(one)) for one in spans)
    yield Line(tab.strip("[] "), name, text, colour)
