"""Fills a pattern's slots, and chooses a pattern that was not heard lately."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence

from desktop.protocol.models import Message
from desktop.providers.storyteller.korean import particle

_SLOT = re.compile(r"\{(\w+)(?:([:|])([^}]+))?\}")
_LONG_AGO = 40
_LATELY = 12


def fill(pattern: str, slots: Mapping[str, str]) -> str | None:
    """The sentence, or ``None`` if a slot has nothing to fill it."""
    if any(not slots.get(found[1]) for found in _SLOT.finditer(pattern)):
        return None

    def filled(found: re.Match[str]) -> str:
        word = slots[found[1]]
        if found[2] is None:
            return word
        fitting = particle(word, found[3])
        return word + fitting if found[2] == ":" else fitting

    return _SLOT.sub(filled, pattern)


def _anchor(pattern: str) -> str:
    """The longest run of a pattern's own words: if it was heard, the pattern was used."""
    return max(_SLOT.sub("\0", pattern).split("\0"), key=len)


class Memory:
    """What was said at the table, to say something else."""

    def __init__(self, history: Sequence[Message]) -> None:
        told = [message.text for message in history if message.author.kind != "user"]
        self._told = told[-_LONG_AGO:]
        self._long = "\n".join(told[-_LONG_AGO:])
        self._late = "\n".join(told[-_LATELY:])
        self._now: list[str] = []

    def last_heard(self, pattern: str) -> int:
        """The later it was said, the larger; -1 if not for long."""
        anchor = _anchor(pattern)
        return max((at for at, text in enumerate(self._told) if anchor in text), default=-1)

    def choose(
        self,
        rng: random.Random,
        patterns: Iterable[str],
        slots: Mapping[str, str],
        *,
        only_fresh: bool = False,
    ) -> str | None:
        """A filled pattern, rather one not heard for long, never one heard lately."""
        able = [pattern for pattern in patterns if fill(pattern, slots) is not None]
        now = "\n".join(self._now)
        new = [one for one in able if _anchor(one) not in self._late and _anchor(one) not in now]
        fresh = [one for one in new if _anchor(one) not in self._long]
        chosen_from = fresh if only_fresh else fresh or new
        if not chosen_from:
            return None
        sentence = fill(rng.choice(chosen_from), slots)
        if sentence is not None:
            self._now.append(sentence)
        return sentence
