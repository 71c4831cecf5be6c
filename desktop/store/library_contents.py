"""What stands in a library file, by kind: bytes to contents and back, foreign fields kept."""

import json
from typing import Any, NamedTuple, TypeVar

import msgspec

from desktop.protocol.base import Frozen
from desktop.protocol.library import (
    CharacterContents,
    Contents,
    EntryProblem,
    LibraryKind,
    LoreContents,
    PersonaContents,
    StageContents,
    TextContents,
)
from desktop.protocol.lore import Lorebook
from desktop.protocol.models import Character, Stage
from desktop.store import library_legacy as legacy
from desktop.store.library_fitting import fitting, merged
from desktop.store.library_text import (
    MAX_TEXT,
    Undecodable,
    Written,
    decoded,
    persona_of,
    persona_text,
    picture_in,
    put_together,
    taken_apart,
    with_picture,
)

S = TypeVar("S", bound=Frozen)

NAME_FIELD = "library_name"
"""The true name in a JSON file whose own name could not hold it."""
NOBODY = "new"
"""The id of a character who sits at no table yet."""

CONTENTS_OF: dict[LibraryKind, type[Contents]] = {
    "world": TextContents,
    "situation": TextContents,
    "npc": TextContents,
    "my_character": PersonaContents,
    "character_template": CharacterContents,
    "preset": StageContents,
    "lorebook": LoreContents,
}


class Opened(NamedTuple):
    """``name`` is empty where the file's own name tells it."""

    name: str
    contents: Contents
    unread: tuple[str, ...]


class Unusable(ValueError):
    """The file cannot be read as its kind."""

    def __init__(self, why: EntryProblem) -> None:
        super().__init__(why)
        self.why: EntryProblem = why


def opened(kind: LibraryKind, ending: str, raw: bytes, stem: str) -> Opened:
    """Raises ``Unusable``. ``stem`` names whoever has no name inside."""
    text = _text(raw)
    if ending == ".md":
        written = taken_apart(text)
        if len(written.text) > MAX_TEXT:
            raise Unusable("too_large")
        if kind == "my_character":
            me = msgspec.structs.replace(persona_of(written.text), picture=picture_in(written))
            return Opened(written.name, PersonaContents(persona=me), ())
        return Opened(written.name, TextContents(text=written.text), ())
    found = _object(text)
    unread: list[str] = []
    contents = _from_json(kind, found, stem, unread)
    name = found.get(NAME_FIELD)
    return Opened(name if isinstance(name, str) else "", contents, tuple(unread))


def closed(
    kind: LibraryKind, ending: str, contents: Contents, name: str, old: bytes | None
) -> bytes:
    """The bytes of a file. ``name`` is empty where the file's own name tells it.

    What stood in ``old`` and is no field of ours is kept.
    """
    if ending == ".md":
        others = taken_apart(_text(old)).others if old is not None else ()
        if isinstance(contents, PersonaContents):
            others = with_picture(others, contents.persona.picture)
        return put_together(Written(name, _body(contents), others))
    before = _object(_text(old)) if old is not None else {}
    fields = _to_json(contents, kind, before)
    fields.pop(NAME_FIELD, None)
    if name:
        fields = {NAME_FIELD: name, **fields}
    return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()


def _body(contents: Contents) -> str:
    match contents:
        case TextContents(text=text):
            return text
        case PersonaContents(persona=persona):
            return persona_text(persona)
        case _:
            raise TypeError(type(contents).__name__)


def _text(raw: bytes) -> str:
    try:
        return decoded(raw)
    except Undecodable as error:
        raise Unusable("undecodable") from error


def _object(text: str) -> dict[str, Any]:
    try:
        # msgspec refuses what only Python's reader takes: NaN, and depth that ends in a crash.
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unusable("malformed") from error
    if not isinstance(found, dict):
        raise Unusable("malformed")
    return found


def _from_json(kind: LibraryKind, found: dict[str, Any], stem: str, unread: list[str]) -> Contents:
    match kind:
        case "preset":
            raw = legacy.stage_from(found) if legacy.is_preset(found) else found.get("stage")
            return StageContents(stage=_sure(raw, Stage, unread))
        case "character_template":
            card = legacy.character_from(found)
            person = {**card, "id": NOBODY, "name": str(card.get("name") or "").strip() or stem}
            return CharacterContents(character=_sure(person, Character, unread))
        case "lorebook":
            book = {"id": NOBODY, "name": stem, **found}
            return LoreContents(book=_sure(book, Lorebook, unread))
        case "my_character":
            return PersonaContents(persona=legacy.persona_from(found))
        case _:
            raise Unusable("malformed")


def _sure(raw: object, struct: type[S], unread: list[str]) -> S:
    found = fitting(raw, struct, unread)
    if found is None:
        raise Unusable("malformed")
    return found


def _to_json(contents: Contents, kind: LibraryKind, before: dict[str, Any]) -> dict[str, Any]:
    match contents:
        case StageContents(stage=stage):
            others = {key: value for key, value in before.items() if key != "stage"}
            if legacy.is_preset(before):
                others = _without(others, legacy.PRESET_FIELDS)
            return {**others, "stage": merged(before.get("stage"), stage)}
        case CharacterContents(character=character):
            kept = _without(before, legacy.CHARACTER_FIELDS - {"role", "tags"})
            fields = merged(kept, character)
            del fields["id"], fields["enabled"]
            return fields
        case LoreContents(book=book):
            return merged(before, book)
        case PersonaContents(persona=persona) if kind == "my_character":
            return merged(_without(before, legacy.CHARACTER_FIELDS - {"role", "tags"}), persona)
        case _:
            raise TypeError(type(contents).__name__)


def _without(fields: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in names}
