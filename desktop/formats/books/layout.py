"""Lays what was said out as paragraphs: the table's inline markup, then a manner of dialogue.

The markup is read as the page reads it: ``*action*``, doubled stars dropped, a star that closes
nothing left as it is.
"""

import re

from desktop.formats.books.contents import Paragraph, ParagraphKind
from desktop.formats.books.legible import legible
from desktop.protocol.books import Dialogue

_LONE_STAR = re.compile(r"(?<!\*)\*(?!\*)")
_OPENS = re.compile(r"[“\"「『‘]")
_QUOTES: dict[Dialogue, tuple[str, str]] = {"quotes": ("“", "”"), "corner": ("「", "」")}

Piece = tuple[bool, str]
"""Whether it is an action, and its words."""


def pieces(line: str) -> list[Piece]:
    """One line without its stars, cut where actions begin and end."""
    stars = [match.start() for match in _LONE_STAR.finditer(line)]
    literal = stars[-1] if len(stars) % 2 else -1
    found: list[Piece] = []
    acting, at, before = False, 0, ""
    while at < len(line):
        char = line[at]
        if char == "*" and at != literal:
            if line[at + 1 : at + 2] == "*" and at + 1 != literal:
                at += 2
                continue
            following = line[at + 1 : at + 2]
            opens = bool(following.strip()) and not _joined(before)
            if acting or opens:
                acting, before = not acting, "*"
                at += 1
                continue
        _put(found, acting, char)
        before = char
        at += 1
    return found


def _joined(before: str) -> bool:
    """A star behind a digit or a Latin letter opens nothing: 2*3."""
    return bool(before) and (before.isnumeric() or (before.isascii() and before.isalpha()))


def _put(found: list[Piece], acting: bool, text: str) -> None:
    if found and found[-1][0] == acting:
        found[-1] = (acting, found[-1][1] + text)
    else:
        found.append((acting, text))


def told(text: str, kind: ParagraphKind = "narration") -> tuple[Paragraph, ...]:
    """What nobody says: a paragraph a line, the stars gone."""
    lines = ("".join(words for _, words in pieces(line)) for line in legible(text).split("\n"))
    return tuple(Paragraph(kind=kind, text=line.strip()) for line in lines if line.strip())


def plain(text: str, kind: ParagraphKind) -> tuple[Paragraph, ...]:
    """Rolls and notes: as they stand."""
    lines = (line.strip() for line in legible(text).split("\n"))
    return tuple(Paragraph(kind=kind, text=line) for line in lines if line)


def said(text: str, name: str, dialogue: Dialogue) -> tuple[Paragraph, ...]:
    """What somebody says and does; the name stands at their first words."""
    if dialogue == "script":
        return _script(text, name)
    found: list[Paragraph] = []
    unnamed = name
    for line in legible(text).split("\n"):
        for acting, words in _turns(pieces(line)):
            if acting:
                found.append(Paragraph(kind="narration", text=words))
                continue
            found.append(Paragraph(kind="speech", text=_quoted(words, dialogue), speaker=unnamed))
            unnamed = ""
    return tuple(found)


def _turns(line: list[Piece]) -> list[Piece]:
    """The pieces of a line that have words, neighbours of one kind joined."""
    joined: list[Piece] = []
    for acting, words in line:
        if words.strip():
            _put(joined, acting, words)
    return [(acting, words.strip()) for acting, words in joined]


def _quoted(words: str, dialogue: Dialogue) -> str:
    opening, closing = _QUOTES[dialogue]
    return words if _OPENS.match(words) else f"{opening}{words}{closing}"


def _script(text: str, name: str) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    for line in legible(text).split("\n"):
        words = "".join(
            f"({words.strip()})" if acting and words.strip() else words
            for acting, words in pieces(line)
        ).strip()
        if words:
            speaker = name if not found else ""
            found.append(Paragraph(kind="speech", text=words, speaker=speaker))
    return tuple(found)
