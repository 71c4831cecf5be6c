"""Who answers in one turn, the whole table, some of it or one, and which AI speaks for them."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from desktop.protocol.models import NARRATOR_VOICE, Stage
from desktop.protocol.spoken import cast, narrating, offering


class Way(NamedTuple):
    """An AI: a provider's id and a model of it, empty for its default."""

    provider: str
    model: str


def members(voice: str) -> tuple[str, ...]:
    """The seats of a voice; none stand for the whole table."""
    return tuple(voice.split("+")) if voice else ()


def seats(stage: Stage) -> tuple[str, ...]:
    """Everybody the AI speaks for, in the order of the table.

    The narrator opens a round, but closes it where it ends with the narrator's choices.
    """
    people = tuple(part.character.id for part in cast(stage))
    if people and narrating(stage) != "ai":
        return people
    return (*people, NARRATOR_VOICE) if offering(stage) == "ai" else (NARRATOR_VOICE, *people)


def is_voice(stage: Stage, voice: str) -> bool:
    """Whether everybody of a voice sits at the table."""
    return set(members(voice)) <= set(seats(stage))


def way_of(stage: Stage, voice: str) -> Way:
    """The AI that speaks for a voice: that of its first seat."""
    ways = {_way(stage, seat) for seat in members(voice)[:1] or seats(stage)}
    return ways.pop() if len(ways) == 1 else Way(stage.provider, stage.model)


def groups(stage: Stage) -> tuple[str, ...]:
    """The voices that answer one line one after another; ``("",)`` where one AI speaks for all."""
    by_way: dict[Way, list[str]] = {}
    for seat in seats(stage):
        by_way.setdefault(_way(stage, seat), []).append(seat)
    if len(by_way) == 1:
        return ("",)
    found = ["+".join(together) for together in by_way.values()]
    if offering(stage) == "ai":
        # Whoever speaks for the narrator ends the round with the choices.
        found.sort(key=lambda voice: NARRATOR_VOICE in members(voice))
    return tuple(found)


def closes(stage: Stage, voice: str) -> bool:
    """Whether a voice is the last of a round, which ends with the choices.

    Where one speaks at a time it is the last seat of the table, so that not everybody offers some.
    """
    if stage.answering == "single":
        return seats(stage)[-1] in members(voice)
    return voice == groups(stage)[-1]


def voice_with(stage: Stage, seat: str) -> str:
    """The voice in which somebody speaks at this table; the whole table's for a stranger."""
    if stage.answering == "single" and seat in seats(stage):
        return seat
    return next((voice for voice in groups(stage) if seat in members(voice)), "")


def stage_of(stage: Stage, voice: str) -> Stage:
    """The stage as if nobody else spoke: for who answers by rules and not by a prompt."""
    provider, model = way_of(stage, voice)
    if not voice:
        return replace(stage, provider=provider, model=model)
    speaking = members(voice)
    tells = NARRATOR_VOICE in speaking
    offers = closes(stage, voice) and (tells or offering(stage) == "none")
    kind = stage.narrator.kind
    return replace(
        stage,
        provider=provider,
        model=model,
        characters=tuple(
            replace(one, enabled=one.enabled and one.id in speaking) for one in stage.characters
        ),
        narrator=replace(stage.narrator, kind=kind if tells or kind != "ai" else "none"),
        choices=stage.choices if offers else None,
    )


def ways(stage: Stage) -> Sequence[Way]:
    """The AI of each seat, in order: who has to be asked when."""
    return tuple(_way(stage, seat) for seat in seats(stage))


def _way(stage: Stage, seat: str) -> Way:
    if seat == NARRATOR_VOICE:
        own = Way(stage.narrator.provider, stage.narrator.model)
    else:
        own = next(
            (Way(one.provider, one.model) for one in stage.characters if one.id == seat),
            Way("", ""),
        )
    return own if own.provider else Way(stage.provider, stage.model)
