"""What only our characters have, under ``extensions.persona_chat`` of a card."""

from typing import Any

import msgspec

from desktop.formats.parts import CardPart
from desktop.formats.remarks import LINE, NAME, PROSE, Remarks
from desktop.formats.strange_json import Object, fields, items, objects, text, texts
from desktop.protocol.models import Dye, Relation, Secret

KEY = "persona_chat"
_MANY = 40


def ours_in(extensions: Object, remarks: Remarks) -> dict[str, Any]:
    """The fields of a character that stand there, as far as they fit."""
    said = fields(extensions.get(KEY))
    told: dict[str, Any] = {}
    if aliases := texts(said.get("aliases")):
        told["aliases"] = tuple(one[:NAME] for one in aliases[:_MANY])
    if speech := _speech(said.get("speech")):
        told["speech"] = remarks.cut(speech, PROSE, KEY)
    if secrets := tuple(one for raw in items(said.get("secrets")) if (one := _secret(raw))):
        told["secrets"] = secrets[:_MANY]
    if relations := tuple(map(_relation, objects(said.get("relations")))):
        told["relations"] = relations[:_MANY]
    if _fits(said.get("dye"), Dye):
        told["dye"] = said["dye"]
    return told


def ours_out(card: CardPart, extensions: Object) -> Object:
    """``{"persona_chat": …}`` with what the character has; empty where it has nothing of it."""
    one = card.character
    told: Object = dict(fields(extensions.get(KEY)))
    for key in ("aliases", "speech", "secrets", "relations", "dye"):
        told.pop(key, None)
    if aliases := [alias for alias in one.aliases if alias != card.nickname]:
        told["aliases"] = aliases
    if one.speech:
        told["speech"] = one.speech
    if one.secrets:
        told["secrets"] = [_secret_out(secret) for secret in one.secrets]
    if one.relations:
        told["relations"] = [msgspec.to_builtins(relation) for relation in one.relations]
    if one.dye != "jjok":
        told["dye"] = one.dye
    return {KEY: told} if told else {}


def _speech(said: Any) -> str:
    """A text, or who is spoken to how: ``{"who": {"level": …, "call": …}}``."""
    if not isinstance(said, dict):
        return text(said)
    lines = []
    for who, manner in said.items():
        told = [text(one) for one in fields(manner).values() if text(one)]
        told = told or [text(manner)]
        lines.append(f"{who}: {', '.join(told)}")
    return "\n".join(lines)


def _secret(said: Any) -> Secret | None:
    if isinstance(said, dict):
        known = tuple(one for one in texts(said.get("known_by")) if _is_id(one))
        content = text(said.get("text"))
        return Secret(text=content[:PROSE], known_by=known[:65]) if content else None
    return Secret(text=text(said)[:PROSE]) if text(said) else None


def _secret_out(secret: Secret) -> Any:
    if not secret.known_by:
        return secret.text
    return {"text": secret.text, "known_by": list(secret.known_by)}


def _relation(said: Object) -> Relation:
    to = text(said.get("to"))
    return Relation(to=to if _is_id(to) else "", text=text(said.get("text"))[:LINE])


def _is_id(value: str) -> bool:
    return (
        value.isascii()
        and 0 < len(value) <= 64
        and value.replace("-", "").replace("_", "").isalnum()
    )


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True
