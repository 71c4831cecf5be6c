"""A stage in the words of the web version, for those who still read its files."""

from typing import Any

from desktop.protocol.models import Stage

_CONVERSATIONS = {
    "table": "trpg_multi",
    "group_chat": "chat_plain",
    "one_to_one_chat": "one_to_one_chat",
    "one_to_one_scene": "one_to_one_drama",
}


def context_of(stage: Stage) -> dict[str, Any]:
    """The documented keys; what the web version had no words for is in our own stage only."""
    narrator = stage.narrator
    return {
        "world": stage.world,
        "situation": stage.situation,
        "user_character": _about_me(stage),
        "characters": [
            {"name": one.name, "description": one.description}
            for one in stage.characters
            if one.enabled
        ],
        "narrator_enabled": narrator.kind == "ai",
        "narrator_mode": narrator.level,
        "narrator_description": narrator.description,
        "user_is_narrator": narrator.kind == "me",
        "narrative_separation": stage.separation,
        "ai_provider": stage.provider,
        "model": stage.model,
        "conversation_mode": _CONVERSATIONS[stage.conversation],
        "output_level": stage.output,
        "pace": stage.pace,
        "narrator_drive": narrator.drive,
        "choice_policy": "off" if stage.choices is None else "require",
        "choice_count": stage.choices or 3,
        "session_retention": stage.retention,
    }


def _about_me(stage: Stage) -> str:
    name = " ".join(stage.me.name.split())
    return f"이름: {name}\n{stage.me.description}" if name else stage.me.description
