"""Who of the table is named in a text, and whom somebody means who begins to type a name."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from desktop.dialogue.hangul import find_initials, occurrences
from desktop.protocol.models import Character
from desktop.protocol.spoken import name_key


class Mention(NamedTuple):
    """From where to where a character is named in the text's composed form (NFC)."""

    start: int
    end: int
    character_id: str


def mentions(text: str, characters: Sequence[Character]) -> tuple[Mention, ...]:
    """Every place at which an enabled character is named, by name or alias, in order.

    Of names inside each other the longer counts; of two characters with one name the first.
    """
    found = [
        Mention(start, end, character.id)
        for character in characters
        if character.enabled
        for name in _names(character)
        for start, end in occurrences(name, text)
    ]
    taken: list[Mention] = []
    # The sort is stable, so that equals stay in the order of the table.
    for one in sorted(found, key=lambda one: one.start - one.end):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return tuple(sorted(taken))


def last_mentioned(text: str, characters: Sequence[Character]) -> str | None:
    """The id of whom a text names last: who is most likely to speak next."""
    found = mentions(text, characters)
    return found[-1].character_id if found else None


def suggested(typed: str, characters: Sequence[Character]) -> tuple[str, ...]:
    """Ids of those a typed beginning may mean: 도이 and ㄷㅇㄹ both find 도이레.

    Names that begin with it come first, then those that have it inside; the table's order within.
    """
    wanted = name_key(typed.lstrip("@"))
    ranked = [
        (min(_rank(wanted, name) for name in _names(character)), character.id)
        for character in characters
        if character.enabled
    ]
    return tuple(one for rank, one in sorted(ranked, key=lambda pair: pair[0]) if rank < _NO_RANK)


_NO_RANK = 3


def _rank(wanted: str, name: str) -> int:
    key = name_key(name)
    if key.startswith(wanted):
        return 0
    if find_initials(unicodedata.normalize("NFC", wanted), name):
        return 1
    return 2 if wanted in key else _NO_RANK


def _names(character: Character) -> tuple[str, ...]:
    return tuple(name for name in (character.name, *character.aliases) if name.strip())
