"""Writes one answer for any table out of a language's scene grammar; pure, the same for a seed."""

import random
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from desktop.protocol.models import Drive, Language, Message, Output, Pace, Stage
from desktop.protocol.spoken import (
    Part,
    cast,
    chatting,
    conversation_of,
    name_key,
    narrating,
    narrator_tag,
    offering,
    spoken_name,
    whole_name,
)
from desktop.providers.storyteller.grammar import Grammar, Patterns, Voice
from desktop.providers.storyteller.grammar_en import EN
from desktop.providers.storyteller.grammar_ja import JA
from desktop.providers.storyteller.grammar_ko import KO
from desktop.providers.storyteller.intent import intent_of
from desktop.providers.storyteller.offering import Offer, offer
from desktop.providers.storyteller.phrasing import Memory

GRAMMARS: dict[Language, Grammar] = {"ko": KO, "en": EN, "ja": JA}

_SITUATION_LENGTH = 150


class _Measure(NamedTuple):
    """How much is said at once: people at most, and how often something is added."""

    speakers: int
    follow_up: float
    gesture: float
    second: float


_MEASURES: dict[Output, _Measure] = {
    "less": _Measure(1, 0.0, 0.2, 0.0),
    "normal": _Measure(3, 0.4, 0.5, 0.0),
    "more": _Measure(3, 1.0, 0.8, 1.0),
}
_DRIVES: dict[Drive, float] = {"describe": 0.0, "guide": 1.0, "direct": 2.5}
_PACES: dict[Pace, float] = {"slow": 0.4, "normal": 1.0, "fast": 2.0}
"""How often something new happens, times each other."""


def scene(stage: Stage, history: Sequence[Message], line: str, seed: int) -> str:
    """One turn in the ``[name]: text`` form; empty if nobody at the table can speak."""
    return _Scene(stage, history, line, seed).text()


class _Scene:
    def __init__(self, stage: Stage, history: Sequence[Message], line: str, seed: int) -> None:
        self._stage = stage
        self._history = history
        self._line = line
        self._grammar = GRAMMARS[stage.language]
        # Of two people with one name only the first can be told apart.
        self._parts = tuple({name_key(part.tag): part for part in reversed(cast(stage))}.values())
        self._intent = intent_of(line, self._grammar)
        self._rng = random.Random(f"{seed}:{len(history)}:{line}")
        self._memory = Memory(history)
        self._first = all(message.author.kind == "user" for message in history)
        self._word = self._echo_word()

    def text(self) -> str:
        blocks = []
        narrates = self._narrates()
        speakers = self._speakers(narrates)
        if narrates:
            blocks.append(self._block(narrator_tag(self._stage), self._narration(speakers)))
        for at, part in enumerate(speakers):
            blocks.append(self._block(part.tag, self._speech(part, echoes=at == 0)))
        by = offering(self._stage)
        if by == "ai":
            told = "\n".join(self._offer(speakers))
            blocks.append(self._block(narrator_tag(self._stage), told))
        elif by and blocks:
            blocks[-1] += "\n" + self._offer(speakers).ways
        return "\n\n".join(blocks)

    def _block(self, tag: str, text: str) -> str:
        return f"[{tag}]: {text}"

    def _narrates(self) -> bool:
        narrator = self._stage.narrator
        if narrating(self._stage) != "ai":
            return False
        if not self._parts or self._first or narrator.level == "active":
            return True
        if self._intent == "dice":
            return True
        if narrator.level == "passive":
            return self._intent == "action" and self._turns_since(_is_narration) >= 2
        unseen = self._turns_since(_is_narration) >= 1
        return unseen or self._intent in ("action", "choice", "go_on")

    def _turns_since(self, was_it: Callable[[Message], bool]) -> int:
        """Turns after the newest message that was it; the history may be cut at the front."""
        turns: set[str] = set()
        for message in reversed(self._history):
            if was_it(message):
                return len(turns - {message.turn_id})
            turns.add(message.turn_id)
        return len(turns)

    def _speakers(self, narrated: bool) -> list[Part]:
        """Who was spoken to first, then whoever has been silent longest; two to four voices."""
        rng = self._rng
        last = {message.author.id: at for at, message in enumerate(self._history)}
        order = sorted(
            self._parts,
            key=lambda part: (
                not self._is_called(part),
                last.get(part.character.id, -1),
                rng.random(),
            ),
        )
        least = 1 if narrated else 2
        most = max(least, _MEASURES[self._stage.output].speakers)
        return order[: most if self._stage.output == "more" else rng.randint(least, most)]

    def _is_called(self, part: Part) -> bool:
        line = name_key(self._line)
        names = (part.tag, *part.tag.split(), *part.character.aliases)
        return any(len(key) > 1 and key in line for key in map(name_key, names))

    def _narration(self, speakers: list[Part]) -> str:
        slots = self._slots(None, speakers)
        grammar, rng, choose = self._grammar, self._rng, self._memory.choose
        said = choose(rng, grammar.openings, slots) if self._first else None
        scenes = (grammar.scenes[self._intent], grammar.scenes["other"], grammar.scenes["go_on"])
        said = said or self._first_of(scenes, slots)
        events = _DRIVES[self._stage.narrator.drive] * _PACES[self._stage.pace]
        if self._intent in ("action", "go_on") and rng.random() < 0.4 * events:
            more = choose(rng, grammar.rolls, slots)
        elif rng.random() < (0.4 if self._stage.narrator.level == "active" else 0.2) * events:
            more = choose(rng, grammar.omens, slots)
        else:
            more = None
        told = grammar.action_mark.join(filter(None, (said, more)))
        return self._with_sound(told or choose(rng, grammar.omens, slots) or grammar.omens[0])

    def _with_sound(self, told: str) -> str:
        """Where expressions are kept apart, now and then a sound on a line of its own."""
        if not self._stage.separation or chatting(self._stage):
            return told
        sound = self._sometimes(0.6, self._grammar.sounds, {})
        return f"{told}\n*{sound}*" if sound else told

    def _offer(self, speakers: list[Part]) -> Offer:
        count = self._stage.choices or 2
        slots = self._slots(None, speakers)
        return offer(self._grammar.choices, count, slots, self._memory, self._rng)

    def _speech(self, part: Part, *, echoes: bool) -> str:
        rng, grammar = self._rng, self._grammar
        voice = _voice_of(part, grammar)
        slots = self._slots(part, self._parts)
        said = self._reply(voice, slots, echoes=echoes)
        measure = _MEASURES[self._stage.output]
        if measure.second and (more := self._sometimes(1, voice.replies["other"], slots)):
            said += grammar.action_mark + more
        if more := self._sometimes(measure.follow_up, voice.follow_ups, slots):
            said += grammar.action_mark + more
        if not self._gestures():
            return self._with_sound(said) if echoes and narrating(self._stage) != "ai" else said
        if gesture := self._sometimes(measure.gesture, grammar.gestures, slots):
            first = rng.random() < 0.7 or not gesture.endswith((".", "。"))
            said = f"*{gesture}* {said}" if first else f"{said} *{gesture}*"
        return said

    def _gestures(self) -> bool:
        """Whether gestures stand within the speech here; one to one only now and then."""
        mode = conversation_of(self._stage)
        if mode == "one_to_one_chat":
            return self._rng.random() < 0.4
        return mode != "group_chat" and not self._stage.separation

    def _sometimes(self, share: float, patterns: Patterns, slots: dict[str, str]) -> str | None:
        if self._rng.random() >= share:
            return None
        return self._memory.choose(self._rng, patterns, slots, only_fresh=True)

    def _reply(self, voice: Voice, slots: dict[str, str], *, echoes: bool) -> str:
        buckets: list[Patterns] = [voice.replies[self._intent], voice.replies["other"]]
        if echoes and self._word and self._rng.random() < 0.45:
            buckets.insert(0, voice.echoes)
        buckets += [voice.replies["question"], voice.replies["action"], voice.follow_ups]
        return self._first_of(buckets, slots) or "…"

    def _first_of(self, buckets: Sequence[Patterns], slots: dict[str, str]) -> str | None:
        """From the first bucket with something not heard for long, else not heard lately."""
        for only_fresh in (True, False):
            for bucket in buckets:
                if said := self._memory.choose(self._rng, bucket, slots, only_fresh=only_fresh):
                    return said
        return None

    def _slots(self, part: Part | None, others: Sequence[Part]) -> dict[str, str]:
        tags = [one.tag for one in others if part is None or one.tag != part.tag]
        return {
            "me": spoken_name(self._stage.me.name),
            "other": self._rng.choice(tags) if tags else "",
            "word": self._word,
            "situation": self._situation(),
            "number": str(self._rng.randint(7, 9)),
        }

    def _situation(self) -> str:
        """The first sentence of the situation, if it is short enough to be told."""
        full = whole_name(self._stage.situation)
        ends = [at for at in (full.find(mark) for mark in ".。!?！？…") if at >= 0]
        sentence = full[: min(ends) + 1] if ends else full
        if not 0 < len(sentence) <= _SITUATION_LENGTH:
            return ""
        closing = "。" if self._stage.language == "ja" else "."
        return sentence if ends else sentence + closing

    def _echo_word(self) -> str:
        word = self._grammar.echo_word(self._line)
        names = [self._stage.me.name, *(part.tag for part in self._parts)]
        return "" if any(name_key(word) in name_key(name) for name in names) else word


def _is_narration(message: Message) -> bool:
    return message.author.kind == "narrator" and "\nA) " not in message.text


def _voice_of(part: Part, grammar: Grammar) -> Voice:
    """By the card's own words about how someone talks; else by the name, always the same."""
    one = part.character
    for about in (one.speech, f"{one.line} {one.description}"):
        lower = about.lower()
        marks = [sum(hint in lower for hint in voice.hints) for voice in grammar.voices]
        if max(marks) and marks.count(max(marks)) == 1:
            return grammar.voices[marks.index(max(marks))]
    return grammar.voices[zlib.crc32(f"{one.id}{one.name}".encode()) % len(grammar.voices)]
