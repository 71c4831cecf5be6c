"""What a model is told about the narrator, by who narrates and how much."""

from typing import NamedTuple

from desktop.dialogue.quoting import quoted
from desktop.dialogue.texts import Texts
from desktop.protocol.models import Stage


class Rules(NamedTuple):
    """The rules and the code of the reason why these."""

    text: str
    reason_code: str


def narrator_rules(stage: Stage, texts: Texts, tag: str) -> Rules:
    """The narrator's rules for this room; what the person wrote about the narrator is quoted."""
    narrator = stage.narrator
    if narrator.kind == "none":
        return Rules(texts.narrator_none, "narrator.none")
    if narrator.kind == "me":
        return Rules(texts.narrator_me.format(narrator=tag), "narrator.me")
    lines = [texts.narrator_ai.format(narrator=tag), texts.narrator_levels[narrator.level]]
    if narrator.description.strip():
        lines.append(quoted(narrator.description))
    return Rules("\n".join(lines), f"narrator.ai.{narrator.level}")
