"""A stage as the prompt needs it: who is there under which name, and who narrates."""

from typing import Literal

from desktop.dialogue.texts import Texts
from desktop.dialogue.texts_en import EN
from desktop.dialogue.texts_ja import JA
from desktop.dialogue.texts_ko import KO
from desktop.dialogue.voices import closes, members, seats
from desktop.protocol.models import NARRATOR_VOICE, Author, Language, NarratorKind, Stage
from desktop.protocol.spoken import (
    cast,
    chatting,
    conversation_of,
    narrating,
    narrator_tag,
    offering,
    spoken_name,
)

_TEXTS: dict[Language, Texts] = {"ko": KO, "en": EN, "ja": JA}

Expression = Literal["inline", "scene", "hints", "speech_only", "separate_narrator", "separate"]
"""How what is not said aloud is written."""


class Table:
    """The names and words of one stage, as a voice of it is told them.

    ``parts`` are those the voice plays, ``others`` the characters beside them. ``alone``: nobody
    is there to speak, so the narrator must, whoever was to narrate. ``apart``: somebody else plays
    a part of the table. ``elsewhere``: somebody else narrates.
    """

    def __init__(self, stage: Stage, voice: str = "") -> None:
        self.stage = stage
        self.voice = voice
        self.texts = _TEXTS[stage.language]
        self.everyone = cast(stage)
        chosen = set(members(voice) or seats(stage))
        self.apart = chosen != set(seats(stage))
        self.parts = tuple(part for part in self.everyone if part.character.id in chosen)
        self.others = tuple(part for part in self.everyone if part.character.id not in chosen)
        self.alone = not self.everyone
        self.conversation = conversation_of(stage)
        self.chatting = chatting(stage)
        self.narrator = narrator_tag(stage)
        self.me = spoken_name(stage.me.name) or self.texts.me
        kind: NarratorKind = "ai" if self.alone else narrating(stage)
        self.elsewhere = kind == "ai" and NARRATOR_VOICE not in chosen
        self.kind: NarratorKind = "none" if self.elsewhere else kind

    @property
    def offering(self) -> NarratorKind | None:
        """Who offers choices: ``ai`` the narrator, ``none`` a character, or nobody.

        Of several voices that answer one line only the last offers any.
        """
        found = offering(self.stage)
        if self.apart and (self.elsewhere or not closes(self.stage, self.voice)):
            return None
        return "ai" if found and self.alone else found

    @property
    def expression(self) -> Expression:
        """The one way of writing gestures, sounds and scenery in this room."""
        if self.chatting:
            return "speech_only" if self.conversation == "group_chat" else "hints"
        if self.stage.separation:
            return "separate_narrator" if self.kind == "ai" else "separate"
        return "scene" if self.conversation == "one_to_one_scene" else "inline"

    def names(self) -> list[str]:
        """The tags an answer may use."""
        return [part.tag for part in self.parts] + ([self.narrator] if self.kind == "ai" else [])

    def tag_of(self, author: Author) -> str:
        """The name under which somebody speaks in the story so far."""
        if author.kind in ("narrator", "dice"):
            return self.narrator
        if author.kind == "user":
            return spoken_name(author.name) or self.me
        by_id = (part.tag for part in self.everyone if part.character.id == author.id)
        return next(by_id, spoken_name(author.name) or "?")

    def tag_by_id(self, person_id: str) -> str:
        """The tag of a character or of ``me``; empty for nobody on this stage."""
        if person_id == "me":
            return self.me
        tags = {part.character.id: part.tag for part in self.everyone}
        everyone = {one.id: spoken_name(one.name) or one.id for one in self.stage.characters}
        return tags.get(person_id) or everyone.get(person_id, "")
