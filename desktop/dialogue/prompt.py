"""Makes the prompt of a turn from the stage, the story so far and the newest line."""

from collections.abc import Iterator, Sequence
from typing import Literal

from desktop.dialogue.history_window import left_out, visible
from desktop.dialogue.narrator import narrator_rules
from desktop.dialogue.quoting import inline, quoted, spoken
from desktop.dialogue.texts import Texts
from desktop.dialogue.texts_en import EN
from desktop.dialogue.texts_ja import JA
from desktop.dialogue.texts_ko import KO
from desktop.protocol.base import Frozen
from desktop.protocol.models import Author, Language, Message, Stage
from desktop.protocol.spoken import Part, cast, narrator_tag, spoken_name

_TEXTS: dict[Language, Texts] = {"ko": KO, "en": EN, "ja": JA}

SegmentKind = Literal[
    "frame",
    "format",
    "narrator",
    "world",
    "situation",
    "me",
    "characters",
    "example",
    "history",
    "line",
]


class Segment(Frozen, kw_only=True):
    """One section of the prompt, and why it is there."""

    kind: SegmentKind
    place: Literal["system", "user"]
    text: str
    reason_code: str
    """For example ``always``, ``stage.world``, ``narrator.ai.active``, ``history.cut``."""


class Prompt(Frozen, kw_only=True):
    """The sections in order. ``system`` depends on the stage only."""

    segments: tuple[Segment, ...]

    @property
    def system(self) -> str:
        """What stands above the talk, the same for every turn of one stage."""
        return self._joined("system")

    @property
    def user(self) -> str:
        """The story so far and the newest line."""
        return self._joined("user")

    def _joined(self, place: str) -> str:
        return "\n\n".join(part.text for part in self.segments if part.place == place)


def compose(
    stage: Stage, history: Sequence[Message], line: str, *, as_narrator: bool = False
) -> Prompt:
    """The whole prompt.

    ``history`` may be the full talk: the stage's window is applied here. A last message of mine
    that is the line itself is not shown twice. A blank ``line`` asks to go on with the scene.
    """
    room = _Room(stage)
    told = _without_line(history, line)
    return Prompt(segments=(*room.system(), *room.user(told, line, as_narrator)))


def _without_line(history: Sequence[Message], line: str) -> Sequence[Message]:
    if history and line.strip():
        last = history[-1]
        if last.author.kind in ("user", "narrator") and last.text.strip() == line.strip():
            return history[:-1]
    return history


class _Room:
    """The names and words of one stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.texts = _TEXTS[stage.language]
        self.parts = cast(stage)
        self.narrator = narrator_tag(stage)
        self.me = spoken_name(stage.me.name) or self.texts.me
        self.narrates = stage.narrator.kind == "ai"

    def system(self) -> Iterator[Segment]:
        stage, texts = self.stage, self.texts
        yield _section("frame", texts.heading_frame, texts.frame, "always")
        yield _section("format", texts.heading_format, self._format(), "always")
        rules = narrator_rules(stage, texts, self.narrator)
        yield _section("narrator", texts.heading_narrator, rules.text, rules.reason_code)
        if world := quoted(stage.world):
            yield _section("world", texts.heading_world, world, "stage.world")
        if situation := quoted(stage.situation):
            yield _section("situation", texts.heading_situation, situation, "stage.situation")
        yield _section("me", texts.heading_me, self._about_me(), "stage.me")
        if self.parts:
            cards = "\n\n".join(map(self._card, self.parts))
            yield _section("characters", texts.heading_characters, cards, "stage.characters")
        yield _section("example", texts.heading_example, self._example(), "always")

    def user(self, history: Sequence[Message], line: str, as_narrator: bool) -> Iterator[Segment]:
        texts, window = self.texts, self.stage.window
        if shown := visible(history, window):
            cut = left_out(history, window)
            talk = [texts.history_cut] if cut else []
            talk += [spoken(self._tag(message.author), message.text) for message in shown]
            reason = "history.cut" if cut else "history.whole"
            yield _section("history", texts.heading_history, "\n".join(talk), reason, "user")
        if line.strip():
            said = spoken(self.narrator if as_narrator else self.me, line)
            ask = texts.ask_narrated if as_narrator else texts.ask.format(me=self.me)
            yield _section("line", texts.heading_line, f"{said}\n\n{ask}", "line.said", "user")
        else:
            ask = texts.go_on.format(me=self.me)
            yield _section("line", texts.heading_go_on, ask, "line.empty", "user")

    def _tag(self, author: Author) -> str:
        if author.kind == "narrator":
            return self.narrator
        if author.kind == "user":
            return spoken_name(author.name) or self.me
        by_id = (part.tag for part in self.parts if part.character.id == author.id)
        return next(by_id, spoken_name(author.name) or "?")

    def _format(self) -> str:
        names = [part.tag for part in self.parts] + ([self.narrator] if self.narrates else [])
        listed = ", ".join(f"[{name}]" for name in names) or f"[{self.narrator}]"
        lines = [self.texts.format.format(names=listed)]
        if not self.parts:
            lines.append(self.texts.nobody.format(narrator=self.narrator))
        lines += [self.texts.not_me.format(me=self.me), self.texts.quoting]
        return "\n".join(lines)

    def _about_me(self) -> str:
        about = quoted(self.stage.me.description)
        return f"[{self.me}]\n{about}" if about else f"[{self.me}]"

    def _card(self, part: Part) -> str:
        one, texts = part.character, self.texts
        lines = [f"[{part.tag}]"]
        aliases = ", ".join(filter(None, map(inline, one.aliases)))
        for label, text in (
            (texts.aliases, aliases),
            (texts.line, one.line),
            (texts.description, one.description),
            (texts.speech, one.speech),
        ):
            if text.strip():
                lines += [f"- {label}:", quoted(text)]
        return "\n".join(lines)

    def _example(self) -> str:
        texts = self.texts
        lines = [spoken(self.me, texts.example_me), "→"]
        if self.narrates or not self.parts:
            lines.append(spoken(self.narrator, texts.example_narrator))
        examples = (texts.example_first, texts.example_second)
        lines += [spoken(part.tag, said) for part, said in zip(self.parts, examples, strict=False)]
        return "\n".join(lines)


def _section(
    kind: SegmentKind,
    heading: str,
    text: str,
    reason_code: str,
    place: Literal["system", "user"] = "system",
) -> Segment:
    return Segment(kind=kind, place=place, text=f"{heading}\n{text}", reason_code=reason_code)
