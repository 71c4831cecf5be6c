"""Who speaks next where one voice speaks at a time."""

from collections.abc import Sequence

from desktop.dialogue.hangul import occurs
from desktop.dialogue.mentions import mentions
from desktop.dialogue.voices import seats
from desktop.protocol.auto import NextVoice
from desktop.protocol.hangul import is_syllable
from desktop.protocol.models import NARRATOR_VOICE, Message, NarratorLevel, Stage
from desktop.protocol.spoken import cast, narrator_tag

_NARRATED_AFTER: dict[NarratorLevel, int] = {"active": 2, "moderate": 4, "passive": 1_000_000}
"""How many turns of characters the narrator lets pass; a passive one waits to be named."""
_KOREAN_NAME = 3
"""Syllables of most: one of the family, two of the person."""


def next_speaker(stage: Stage, history: Sequence[Message]) -> NextVoice:
    """``history`` is the newest part of the story, oldest first; some twenty messages are enough.

    Whoever the last line names (where names count at this table), else the narrator when it is
    time for it, else the seat behind the character who spoke last. Nobody speaks twice in a row
    unless nobody else is there.
    """
    said = [one for one in history if _counts(one)]
    last = said[-1] if said else None
    just_spoke = _seat(stage, last) if last else ""
    everyone = seats(stage)
    free = tuple(seat for seat in everyone if seat != just_spoke) or everyone
    addressed = last is not None and last.author.kind != "user" and _names_me(stage, last.text)
    if stage.next_by == "mention" and last is not None:
        named = [seat for seat in _named(stage, last.text) if seat in free]
        if named:
            return NextVoice(voice=named[-1], reason="mentioned", addressed=addressed)
    if NARRATOR_VOICE in free and _is_time_to_narrate(stage, said):
        return NextVoice(voice=NARRATOR_VOICE, reason="narration", addressed=addressed)
    return NextVoice(voice=_next_seat(stage, said, free), addressed=addressed)


def waits_for_me(stage: Stage, history: Sequence[Message]) -> bool:
    """Whether the newest line is spoken to me: nothing should go on by itself then."""
    return next_speaker(stage, history).addressed


def _counts(message: Message) -> bool:
    spoken = message.author.kind not in ("note", "dice")
    return spoken and message.status != "failed" and bool(message.text.strip())


def _seat(stage: Stage, message: Message) -> str:
    """Whose seat it was; empty for me, for strangers and for a narrator that I play."""
    if message.author.kind == "narrator":
        return NARRATOR_VOICE if NARRATOR_VOICE in seats(stage) else ""
    return message.author.id if message.author.kind == "character" else ""


def _names_me(stage: Stage, text: str) -> bool:
    return any(occurs(name, text) for name in _calls(stage.me.name.strip()))


def _calls(name: str) -> set[str]:
    """How somebody is called: by the whole name, or in Korean by the given name behind it."""
    given = name[1:] if len(name) == _KOREAN_NAME and all(map(is_syllable, name)) else ""
    return {one for one in (name, given) if one}


def _named(stage: Stage, text: str) -> list[str]:
    """The seats a text names, in the order in which it names them last."""
    found = [one.character_id for one in mentions(text, [part.character for part in cast(stage)])]
    narrator = [NARRATOR_VOICE] if not found and occurs(narrator_tag(stage), text) else []
    return found + narrator


def _is_time_to_narrate(stage: Stage, said: Sequence[Message]) -> bool:
    """Turns of characters since the narrator spoke last; what was never narrated is, first."""
    if len(seats(stage)) == 1:
        return True
    turns: set[str] = set()
    for message in reversed(said):
        if _seat(stage, message) == NARRATOR_VOICE:
            break
        if message.author.kind == "character":
            turns.add(message.turn_id or message.id)
    return len(turns) >= _NARRATED_AFTER[stage.narrator.level]


def _next_seat(stage: Stage, said: Sequence[Message], free: Sequence[str]) -> str:
    people = [part.character.id for part in cast(stage)]
    spoken = [seat for one in said if (seat := _seat(stage, one)) in people]
    start = people.index(spoken[-1]) + 1 if spoken else 0
    around = [*people[start:], *people[:start]]
    return next((seat for seat in around if seat in free), next(iter(free), ""))
