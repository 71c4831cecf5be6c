"""Names as they stand in an answer's tags: what the prompt asks for and what the parser reads back.

A tag is ``[name]:``. A name inside it can hold no bracket, colon, star or line break, so that text
from a card can never look like a tag of somebody else.
"""

import re
import unicodedata
from typing import NamedTuple

from desktop.protocol.models import Character, Conversation, Language, NarratorKind, Stage

TAG_LENGTH = 40
"""Characters of a name that stand in a tag; the parser holds back little more than this."""

NARRATOR_WORDS: dict[Language, tuple[str, ...]] = {
    "ko": ("진행자", "나레이션", "나레이터", "내레이션", "내레이터", "해설", "해설자", "지문"),
    "en": ("Narrator", "Narration", "GM", "Game Master", "DM"),
    "ja": ("ナレーター", "ナレーション", "語り", "語り手", "進行役", "地の文"),
}
"""The first of each language is the one the prompt asks for."""

_UNSPEAKABLE = re.compile(r"[\[\]［］【】「」『』〔〕*:：<>]")
_JOINERS = "\u200c\u200d"


def _kept(char: str) -> str:
    if char in _JOINERS:
        return char
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") else char


def whole_name(name: str) -> str:
    """The name without anything that could end a tag or a line; may be empty."""
    spaced = _UNSPEAKABLE.sub(" ", " ".join(name.split()))
    folded = " ".join("".join(map(_kept, spaced)).split()).strip(_JOINERS)
    return unicodedata.normalize("NFC", folded)


def spoken_name(name: str) -> str:
    """The name as it is written in a tag, at most ``TAG_LENGTH`` characters; may be empty."""
    return whole_name(name)[:TAG_LENGTH].strip().strip(_JOINERS).strip()


def name_key(name: str) -> str:
    """What two spellings of one name share: case, composition and white space do not count."""
    decomposed = unicodedata.normalize("NFD", name).casefold()
    return " ".join(unicodedata.normalize("NFD", decomposed).split())


class Part(NamedTuple):
    """One character at the table and the name that stands in its tags."""

    character: Character
    tag: str


def conversation_of(stage: Stage) -> Conversation:
    """The conversation as it can be held: with nobody to chat with it is a table."""
    return stage.conversation if any(one.enabled for one in stage.characters) else "table"


def one_to_one(stage: Stage) -> bool:
    """Whether only one character talks with me."""
    return conversation_of(stage) in ("one_to_one_chat", "one_to_one_scene")


def chatting(stage: Stage) -> bool:
    """Whether this is plain talk: no narration and no choices of the AI's."""
    return conversation_of(stage) in ("group_chat", "one_to_one_chat")


def narrating(stage: Stage) -> NarratorKind:
    """Who narrates in effect: in a chat the AI does not, whatever the stage says."""
    kind = stage.narrator.kind
    return "none" if kind == "ai" and chatting(stage) else kind


def offering(stage: Stage) -> NarratorKind | None:
    """Who ends an answer with choices: ``ai`` the narrator, ``none`` a character, or nobody.

    A narrator who directs picks the way alone, where I narrate the ways are mine to tell, and a
    chat has none.
    """
    kind = narrating(stage)
    if stage.choices is None or kind == "me" or chatting(stage):
        return None
    return None if kind == "ai" and stage.narrator.drive == "direct" else kind


def cast(stage: Stage) -> tuple[Part, ...]:
    """The enabled characters; one to one only the first of them.

    A name that leaves nothing to say is replaced by the id.
    """
    enabled = [one for one in stage.characters if one.enabled]
    seated = enabled[:1] if one_to_one(stage) else enabled
    return tuple(Part(one, spoken_name(one.name) or one.id) for one in seated)


def narrator_tag(stage: Stage) -> str:
    """The narrator's name in this room: the first word that nobody at the table has taken."""
    taken = {name_key(stage.me.name)} | {name_key(part.tag) for part in cast(stage)}
    taken |= {name_key(alias) for part in cast(stage) for alias in part.character.aliases}
    words = NARRATOR_WORDS[stage.language] + NARRATOR_WORDS["en"] + NARRATOR_WORDS["ko"]
    return next((word for word in words if name_key(word) not in taken), words[0])
