"""A stage as the prompt needs it: who is there under which name, and who narrates."""

from typing import Literal

from desktop.dialogue.texts import Texts
from desktop.dialogue.texts_en import EN
from desktop.dialogue.texts_ja import JA
from desktop.dialogue.texts_ko import KO
from desktop.protocol.models import Author, Language, NarratorKind, Stage
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
    """The names and words of one stage.

    ``alone``: nobody is there to speak, so the narrator must, whoever was to narrate.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.texts = _TEXTS[stage.language]
        self.parts = cast(stage)
        self.alone = not self.parts
        self.conversation = conversation_of(stage)
        self.chatting = chatting(stage)
        self.narrator = narrator_tag(stage)
        self.me = spoken_name(stage.me.name) or self.texts.me
        self.kind: NarratorKind = "ai" if self.alone else narrating(stage)

    @property
    def offering(self) -> NarratorKind | None:
        """Who offers choices: ``ai`` the narrator, ``none`` a character, or nobody."""
        found = offering(self.stage)
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
        by_id = (part.tag for part in self.parts if part.character.id == author.id)
        return next(by_id, spoken_name(author.name) or "?")

    def tag_by_id(self, person_id: str) -> str:
        """The tag of a character or of ``me``; empty for nobody on this stage."""
        if person_id == "me":
            return self.me
        tags = {part.character.id: part.tag for part in self.parts}
        everyone = {one.id: spoken_name(one.name) or one.id for one in self.stage.characters}
        return tags.get(person_id) or everyone.get(person_id, "")
