"""Whether a line's beginning is a speaker's tag: yes, no, or too early to say."""

from dataclasses import dataclass
from typing import Literal

from desktop.dialogue.roster import Named, Roster, stranger

HOLD = 64
"""Characters of a line's beginning after which it is text, whatever may still come."""

BLANKS = " \t\u3000\xa0"
_CLOSERS = {"[": "]", "［": "］", "【": "】", "「": "」", "『": "』"}
_QUOTES = "「『"
"""Brackets that are quotation marks first: only a colon behind makes a tag of them."""
_COLONS = ":："


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that was read. ``stars`` bold marks and perhaps a colon may still follow."""

    named: Named
    stars: int
    colon: bool


Reading = Tag | Literal["text", "more"]


def read_tag(start: str, roster: Roster) -> Reading:
    """Judge the beginning of a line, without its line break.

    The answer depends on the characters only: a caller that asks after every single character
    gets the same tags however the text was sliced.
    """
    bare = start.lstrip(BLANKS)
    stars = len(bare) - len(bare.lstrip("*"))
    bare = bare[stars:]
    if stars > 2:
        return "text"
    if not bare:
        reading: Reading = "more"
    elif bare[0] in _CLOSERS:
        reading = _bracketed(bare, stars, roster)
    else:
        reading = _plain(bare, stars, roster)
    return "text" if reading == "more" and len(start) >= HOLD else reading


def _bracketed(bare: str, stars: int, roster: Roster) -> Reading:
    close = bare.find(_CLOSERS[bare[0]], 1)
    if close < 0:
        return "text" if any(char in _CLOSERS for char in bare[1:]) else "more"
    label, behind = bare[1:close], bare[close + 1 :]
    named = roster.named(label)
    if named is not None and bare[0] not in _QUOTES:
        return Tag(named, stars, colon=False)
    if named is None:
        named = None if bare[0] in _QUOTES else stranger(label)
    if named is None:
        return "text"
    closed = len(behind) - len(behind.lstrip("*"))
    if closed > stars:
        return "text"
    rest = behind[closed:]
    if not rest:
        return "more"
    return Tag(named, stars - closed, colon=True) if rest[0] in _COLONS else "text"


def _plain(bare: str, stars: int, roster: Roster) -> Reading:
    colon = next((at for at, char in enumerate(bare) if char in _COLONS), None)
    if colon is None:
        return "more" if roster.may_become(bare) else "text"
    label = bare[:colon].rstrip(BLANKS)
    closed = len(label) - len(label.rstrip("*"))
    named = roster.named(label)
    if named is None or closed > stars:
        return "text"
    return Tag(named, stars - closed, colon=True)
