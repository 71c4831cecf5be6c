"""Finds the choices that end a text: lettered or numbered lines, whatever their marks look like."""

import re
from typing import NamedTuple

MOST = 8
"""A to H, 1 to 8: longer lists are lists, not ways on."""

_MARK = r"[A-Ha-hＡ-Ｈａ-ｈ1-8１-８]"
_LINE = re.compile(
    rf"""
    [ \t\u3000]* (?:[-•·*>][ \t]+)? (?P<bold>\*{{1,2}})?
    (?:
        (?P<circled>[①-⑧])[).]?
        | [(（\[［](?P<closed>{_MARK})[)）\]］][.:：]?
        | (?P<open>{_MARK})[ \t]*
          (?: [)）、．] | \.(?![0-9.]) | [:：](?![0-9]{{2}}(?![0-9])) )   # 1.5 and 1:30 are none
    )
    (?(bold)\*{{0,2}}) [ \t\u3000]* (?P<text>\S.*)
    """,
    re.VERBOSE,
)
_CIRCLED = "①②③④⑤⑥⑦⑧"


class Choice(NamedTuple):
    """One way on. ``start`` and ``end`` cut ``text`` out of the whole text, bold marks included.

    ``mark`` is ``A``, ``B`` … or ``1``, ``2`` …, however it was written.
    """

    mark: str
    text: str
    start: int
    end: int


class Offer(NamedTuple):
    """What was told, and the ways on behind it; ``choices`` is empty where there are none."""

    body: str
    choices: tuple[Choice, ...]


def split(text: str) -> Offer:
    """Two to ``MOST`` choices in one run at the very end, beginning with A or 1, in order.

    Blank lines may stand between them, and nothing behind them. ``body`` is the text before, or
    the whole text.
    """
    found: list[Choice] = []
    end = len(text)
    while end > 0 and len(found) <= MOST:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end]
        if line.strip():
            choice = _choice(line, start)
            if choice is None or (found and not _before(choice, found[-1])):
                break
            found.append(choice)
            if choice.mark in "A1":
                return _offer(text, start, found)
        end = start - 1
    return Offer(text, ())


def _offer(text: str, start: int, found: list[Choice]) -> Offer:
    if len(found) < 2:
        return Offer(text, ())
    return Offer(text[:start].rstrip(), tuple(reversed(found)))


def _before(choice: Choice, after: Choice) -> bool:
    return ord(choice.mark) == ord(after.mark) - 1


def _choice(line: str, offset: int) -> Choice | None:
    match = _LINE.match(line)
    if match is None:
        return None
    raw = match["text"].rstrip()
    text = raw.replace("**", "").strip()
    if match["bold"] == "*":
        text = text.removesuffix("*").rstrip()
    if not text:
        return None
    start = offset + match.start("text")
    return Choice(_mark(match), text, start, start + len(raw))


def _mark(match: re.Match[str]) -> str:
    if circled := match["circled"]:
        return str(_CIRCLED.index(circled) + 1)
    mark = match["closed"] or match["open"]
    plain = chr(ord(mark) - 0xFEE0) if ord(mark) > 0xFF00 else mark
    return plain.upper()
