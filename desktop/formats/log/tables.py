"""What the logs of all online tables have in common."""

import re

from desktop.protocol.spoken import NARRATOR_WORDS, name_key

_NARRATORS = frozenset(
    name_key(word)
    for word in (
        *(each for words in NARRATOR_WORDS.values() for each in words),
        "KP",
        "키퍼",
        "마스터",
        "キーパー",
        "keeper",
    )
)
_SPACES = re.compile(r"[^\S\n]+")


def narrates(name: str) -> bool:
    """Whether somebody of this name tells the story rather than plays in it."""
    return name_key(name) in _NARRATORS


def tidy(text: str) -> str:
    """As a browser would show it: white space in a line is one space, none at its ends."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()
