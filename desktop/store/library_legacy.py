"""Reads what the web version wrote: its presets, its character templates, its one profile."""

from collections.abc import Mapping
from typing import Any

from desktop.protocol.models import Persona

PRESET_FIELDS = frozenset(
    {
        "world", "situation", "user_character", "user_profile", "characters", "narrator_enabled",
        "narrator_mode", "narrator_description", "user_is_narrator", "narrator_drive",
        "narrative_separation", "ai_provider", "output_level", "pace", "choice_policy",
        "choice_count", "model", "session_retention", "conversation_mode", "history_limit",
    }
)  # fmt: skip
"""Taken over into a stage; everything else of such a file is kept as it is."""
CHARACTER_FIELDS = frozenset(
    {"role", "gender", "age", "summary", "traits", "goals", "boundaries", "tags"}
)

_DYES = (
    "jjok", "chija", "jadu", "iki", "doraji", "mulsae",
    "gam", "sol", "seokryu", "olive", "bidulgi", "pat",
)  # fmt: skip
_SEPARATE_LINES = (("성격", "traits"), ("목표", "goals"), ("지키는 선", "boundaries"))
_CONVERSATIONS = {
    "trpg_multi": "table",
    "chat_plain": "group_chat",
    "one_to_one_chat": "one_to_one_chat",
    "one_to_one_drama": "one_to_one_scene",
}
_PROVIDERS = {"claude", "gemini", "droid", "storyteller"}


def is_preset(raw: Mapping[str, Any]) -> bool:
    return "stage" not in raw and not PRESET_FIELDS.isdisjoint(raw)


def stage_from(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a stage; what does not fit is left to whoever reads it."""
    profile = raw.get("user_profile")
    name = profile.get("name", "") if isinstance(profile, Mapping) else ""
    stage: dict[str, Any] = {
        "language": "ko",
        "me": {"name": name, "description": raw.get("user_character", "")},
        "narrator": _narrator(raw),
        "characters": _characters(raw.get("characters")),
    }
    for new, old in (("world",) * 2, ("situation",) * 2, ("pace",) * 2, ("model",) * 2):
        if isinstance(raw.get(old), str):
            stage[new] = raw[old]
    if raw.get("ai_provider") in _PROVIDERS:
        stage["provider"] = raw["ai_provider"]
    for new, old in (("separation", "narrative_separation"), ("retention", "session_retention")):
        if isinstance(raw.get(old), bool):
            stage[new] = raw[old]
    if raw.get("output_level") in ("less", "normal", "more"):
        stage["output"] = raw["output_level"]
    if raw.get("pace") not in ("slow", "normal", "fast"):
        stage.pop("pace", None)
    if raw.get("conversation_mode") in _CONVERSATIONS:
        stage["conversation"] = _CONVERSATIONS[raw["conversation_mode"]]
    count = raw.get("choice_count")
    if raw.get("choice_policy") == "require":
        stage["choices"] = min(max(count, 2), 5) if isinstance(count, int) else 3
    return stage


def _narrator(raw: Mapping[str, Any]) -> dict[str, Any]:
    if raw.get("user_is_narrator") is True:
        kind = "me"
    else:
        kind = "none" if raw.get("narrator_enabled") is False else "ai"
    told: dict[str, Any] = {"kind": kind, "description": raw.get("narrator_description", "")}
    if raw.get("narrator_mode") in ("active", "moderate", "passive"):
        told["level"] = raw["narrator_mode"]
    if raw.get("narrator_drive") in ("describe", "guide", "direct"):
        told["drive"] = raw["narrator_drive"]
    return told


def _characters(raw: object) -> list[dict[str, Any]]:
    people = [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list) else []
    found = [character_from(one) for one in people if str(one.get("name") or "").strip()]
    for number, one in enumerate(found):
        one.setdefault("id", f"c{number + 1}")
        one.setdefault("dye", _DYES[number % len(_DYES)])
    return found


def character_from(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a character: gender, age and the like become lines of the description."""
    kept = {key: value for key, value in raw.items() if key not in CHARACTER_FIELDS}
    lines = [_body_line(raw), _text(raw.get("summary")), _text(raw.get("description"))]
    lines += [f"{word}: {told}" for word, key in _SEPARATE_LINES if (told := _text(raw.get(key)))]
    kept["description"] = "\n".join(line for line in lines if line)
    if isinstance(raw.get("examples"), str):
        kept["examples"] = [line for line in raw["examples"].splitlines() if line.strip()][:40]
    if isinstance(raw.get("aliases"), str):
        kept["aliases"] = [one.strip() for one in raw["aliases"].split(",") if one.strip()]
    return kept


def persona_from(raw: Mapping[str, Any]) -> Persona:
    told = character_from(raw)["description"]
    return Persona(name=_text(raw.get("name"))[:200], description=told[:200_000])


def _body_line(raw: Mapping[str, Any]) -> str:
    parts = (("성별", raw.get("gender")), ("나이", raw.get("age")))
    return ", ".join(f"{word}: {told}" for word, value in parts if (told := _text(value)))


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(told for one in value if (told := _text(one)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()
