"""What a card says beside the person at the table, kept to be written into their next card."""

import hashlib

from msgspec.structs import replace

from desktop.formats.card.assets import CHUNK, EMBEDDED, OWN_PICTURE, assets_of, portrait_of
from desktop.formats.card.fields import ROOT, looks_like_card, read_card
from desktop.formats.card.macros import named
from desktop.formats.card.room import told_character
from desktop.formats.parts import CardPart, Unreadable
from desktop.formats.remarks import Remarks
from desktop.formats.strange_json import Object, fields, read_object, text, write_json
from desktop.protocol.models import Character

MOST = 1_000_000
"""Bytes of a rest. Pictures that stand in the card itself go first, then it is not kept at all."""

_FIELDS = ("name", "aliases", "line", "description", "speech", "examples", "secrets", "relations")


def rest_of(card: CardPart, user: str) -> bytes | None:
    """Everything the card's file said but for its book; ``user`` is whom its texts were told to."""
    said = fields(card.extra.get(ROOT))
    for inline in (True, False):
        raw = write_json({"card": _without_files(said, inline), "user": user})
        if said and len(raw) <= MOST:
            return raw
    return None


def rest_name(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]


def is_rest(name: str, raw: bytes) -> bool:
    """Whether a stranger's file is what its name says, and a card."""
    if len(raw) > MOST or rest_name(raw) != name:
        return False
    try:
        return looks_like_card(fields(read_object(raw).get("card")))
    except Unreadable:
        return False


def card_again(raw: bytes, character: Character, situation: str) -> CardPart:
    """The card as it came, with what was changed at the table. What was not keeps its pointers
    to ``{{char}}`` and ``{{user}}``. Raises ``Unreadable``."""
    kept = read_object(raw)
    said, user = fields(kept.get("card")), text(kept.get("user"))
    base = read_card(said, Remarks())
    char = base.nickname or base.character.name
    told = told_character(base, user)
    same = {
        field: getattr(base.character, field)
        for field in _FIELDS
        if getattr(told, field) == getattr(character, field)
    }
    unchanged = situation in ("", named(base.scenario, char, user))
    return replace(
        base,
        character=replace(character, **same),
        scenario=base.scenario if unchanged else situation,
    )


def _without_files(said: Object, inline: bool) -> Object:
    """Links into the card's own file lead nowhere outside of it; its portrait is kept by itself."""
    own = portrait_of(said)
    listed = []
    for asset in assets_of(said):
        uri = text(asset.get("uri"))
        if uri == own:
            listed.append({**asset, "uri": OWN_PICTURE})
        elif not uri.startswith((EMBEDDED, CHUNK)) and (inline or uri[:5].lower() != "data:"):
            listed.append(asset)
    data = said.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("assets"), list):
        return said
    return {**said, "data": {**data, "assets": listed}}
