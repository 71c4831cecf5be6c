"""Writes one answer for any table out of a language's scene grammar; pure, the same for a seed."""

import random
import zlib
from collections.abc import Callable, Sequence

from desktop.protocol.models import Language, Message, Stage
from desktop.protocol.spoken import Part, cast, name_key, narrator_tag, spoken_name, whole_name
from desktop.providers.storyteller.grammar import Grammar, Patterns, Voice
from desktop.providers.storyteller.grammar_en import EN
from desktop.providers.storyteller.grammar_ja import JA
from desktop.providers.storyteller.grammar_ko import KO
from desktop.providers.storyteller.intent import intent_of
from desktop.providers.storyteller.phrasing import Memory, fill

GRAMMARS: dict[Language, Grammar] = {"ko": KO, "en": EN, "ja": JA}

_CHOICES_EVERY = {"active": 3, "moderate": 5, "passive": 0}
_SITUATION_LENGTH = 150


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
        speakers = self._speakers(self._narrates())
        if self._narrates():
            blocks.append(self._block(narrator_tag(self._stage), self._narration(speakers)))
        for at, part in enumerate(speakers):
            blocks.append(self._block(part.tag, self._speech(part, echoes=at == 0)))
        if choices := self._choices(speakers):
            blocks.append(self._block(narrator_tag(self._stage), choices))
        return "\n\n".join(blocks)

    def _block(self, tag: str, text: str) -> str:
        return f"[{tag}]: {text}"

    def _narrates(self) -> bool:
        narrator = self._stage.narrator
        if narrator.kind != "ai":
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
        return order[: rng.randint(least, 3)]

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
        if self._intent in ("action", "go_on") and rng.random() < 0.4:
            more = choose(rng, grammar.rolls, slots)
        elif rng.random() < (0.4 if self._stage.narrator.level == "active" else 0.2):
            more = choose(rng, grammar.omens, slots)
        else:
            more = None
        told = grammar.action_mark.join(filter(None, (said, more)))
        return told or choose(rng, grammar.omens, slots) or grammar.omens[0]

    def _choices(self, speakers: list[Part]) -> str:
        narrator = self._stage.narrator
        every = _CHOICES_EVERY[narrator.level]
        if narrator.kind != "ai" or not every or self._turns_since(_is_offer) < every - 1:
            return ""
        slots = self._slots(None, speakers)
        offers = {offer.lead: offer for offer in self._grammar.choices}
        able = [
            lead
            for lead, offer in offers.items()
            if all(fill(way, slots) is not None for way in (lead, *offer.ways))
        ]
        self._rng.shuffle(able)
        for pattern in able:
            if lead := self._memory.choose(self._rng, (pattern,), slots):
                ways = (fill(way, slots) for way in offers[pattern].ways)
                marked = (f"{mark}) {way}" for mark, way in zip("ABC", ways, strict=False))
                return "\n".join((lead, *marked))
        return ""

    def _speech(self, part: Part, *, echoes: bool) -> str:
        rng, grammar = self._rng, self._grammar
        voice = _voice_of(part, grammar)
        slots = self._slots(part, self._parts)
        said = self._reply(voice, slots, echoes=echoes)
        if more := self._sometimes(0.4, voice.follow_ups, slots):
            said += grammar.action_mark + more
        if gesture := self._sometimes(0.5, grammar.gestures, slots):
            first = rng.random() < 0.7 or not gesture.endswith((".", "。"))
            said = f"*{gesture}* {said}" if first else f"{said} *{gesture}*"
        return said

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
    return message.author.kind == "narrator"


def _is_offer(message: Message) -> bool:
    return "\nA) " in message.text


def _voice_of(part: Part, grammar: Grammar) -> Voice:
    """By the card's own words about how someone talks; else by the name, always the same."""
    one = part.character
    for about in (one.speech, f"{one.line} {one.description}"):
        lower = about.lower()
        marks = [sum(hint in lower for hint in voice.hints) for voice in grammar.voices]
        if max(marks) and marks.count(max(marks)) == 1:
            return grammar.voices[marks.index(max(marks))]
    return grammar.voices[zlib.crc32(f"{one.id}{one.name}".encode()) % len(grammar.voices)]
