"""Chooses the ways on that end an answer: as many as asked, the ones not heard for longest."""

import random
from collections.abc import Mapping
from typing import NamedTuple

from desktop.providers.storyteller.grammar import Choice
from desktop.providers.storyteller.phrasing import Memory, fill

_MARKS = "ABCDE"


class Offer(NamedTuple):
    """What is told before the ways on, and the ways on, one to a line."""

    lead: str
    ways: str


def offer(
    choices: tuple[Choice, ...],
    count: int,
    slots: Mapping[str, str],
    memory: Memory,
    rng: random.Random,
) -> Offer:
    """``count`` ways of one choice; there is always one that needs no slot."""
    able = []
    for choice in choices:
        ways = [told for way in choice.ways if (told := fill(way, slots)) is not None]
        lead = fill(choice.lead, slots)
        if lead is not None and len(ways) >= count:
            able.append((lead, ways, max(map(memory.last_heard, (choice.lead, *choice.ways)))))
    rng.shuffle(able)
    lead, ways, _ = min(able, key=lambda one: one[2])
    chosen = sorted(rng.sample(range(len(ways)), count))
    marked = (f"{mark}) {ways[at]}" for mark, at in zip(_MARKS, chosen, strict=False))
    return Offer(lead, "\n".join(marked))
