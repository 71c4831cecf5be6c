"""Looks for an entry's keys in what was said."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from desktop.dialogue.hangul import occurrences
from desktop.dialogue.lore.patterns import pattern
from desktop.protocol.lore import Entry, LoreObstacle

LONGEST = 8_000
"""Characters of one message that are looked through: its end, which is what was said last."""


class Scanned(NamedTuple):
    """A text that keys are looked for in."""

    text: str
    message_id: str = ""
    entry_id: str = ""


class Sighting(NamedTuple):
    """What the keys of an entry came to: an obstacle, or none and where the key stood."""

    obstacle: LoreObstacle | None
    key: str = ""
    where: Scanned | None = None
    secondary: tuple[str, ...] = ()


def look(entry: Entry, texts: Sequence[Scanned]) -> Sighting:
    """Whether the keys and the secondary keys of an entry are met by the texts, newest first."""
    keys = [key for key in entry.keys if key.strip()]
    if not keys:
        return Sighting("no_keys")
    finder = _by_pattern if entry.use_regex else _by_word
    bad = next((key for key in keys if entry.use_regex and _unusable(entry, key)), "")
    for text in texts:
        for key in keys:
            if finder(entry, key, text.text):
                return _with_secondary(entry, Sighting(None, key, text), texts, finder)
    return Sighting("bad_pattern", bad) if bad else Sighting("no_key")


def _with_secondary(
    entry: Entry,
    sighting: Sighting,
    texts: Sequence[Scanned],
    finder: Callable[[Entry, str, str], bool],
) -> Sighting:
    secondary = [key for key in entry.secondary_keys if key.strip()]
    if not secondary:
        return sighting
    there = tuple(key for key in secondary if any(finder(entry, key, text.text) for text in texts))
    met = {
        "and_any": bool(there),
        "and_all": len(there) == len(secondary),
        "not_any": not there,
        "not_all": len(there) < len(secondary),
    }[entry.logic]
    return sighting._replace(obstacle=None if met else "secondary", secondary=there)


def _by_word(entry: Entry, key: str, text: str) -> bool:
    found = occurrences(
        key,
        text[-LONGEST:],
        mode=entry.match,
        case_sensitive=entry.case_sensitive,
        ignore_spaces=entry.ignore_spaces,
    )
    return bool(found)


def _by_pattern(entry: Entry, key: str, text: str) -> bool:
    usable = pattern(key, entry.case_sensitive)
    return usable is not None and usable.found(text[-LONGEST:]) is not None


def _unusable(entry: Entry, key: str) -> bool:
    return pattern(key, entry.case_sensitive) is None
