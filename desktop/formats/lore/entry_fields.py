"""The parts of an entry that every format has, under whatever name."""

from collections.abc import Iterable
from typing import Any

import msgspec

from desktop.formats.lore.origin import OURS
from desktop.formats.remarks import KEY, LINE, Remarks
from desktop.formats.strange_json import Object, fields, plain, text, texts, whole
from desktop.protocol.lore import Entry, KeyLogic, KeyMatch, LorePosition

LOGICS: tuple[KeyLogic, ...] = ("and_any", "not_all", "not_any", "and_all")
"""In SillyTavern's numbering."""
ROLES = ("system", "user", "assistant")
_MATCHES: tuple[KeyMatch, ...] = ("word", "compound", "partial")
_PLACES: dict[int, LorePosition] = {
    0: "before_characters",
    1: "after_characters",
    2: "after_characters",
    3: "after_characters",
    4: "at_depth",
    5: "before_characters",
    6: "after_characters",
    7: "after_characters",
}
_NUMBERS: dict[LorePosition, int] = {"before_characters": 0, "after_characters": 1, "at_depth": 4}


def keys(value: Any, where: str, remarks: Remarks) -> tuple[str, ...]:
    """A list of keys, or one text with commas between them."""
    found: Iterable[str] = value.split(",") if isinstance(value, str) else texts(value)
    return tuple(
        remarks.cut(plain(key).strip(), KEY, where) for key in found if key.strip(" \t\r\n\0")
    )


def place(number: Any, otherwise: LorePosition, where: str, remarks: Remarks) -> LorePosition:
    """SillyTavern's position; those we do not have become the one nearest to them."""
    if number is None:
        return otherwise
    at = whole(number, -1, -1, 99)
    if at not in _NUMBERS.values():
        remarks.say("changed", "lore_position", where)
    return _PLACES.get(at, otherwise)


def place_number(entry: Entry) -> int:
    return _NUMBERS[entry.position]


def logic(value: Any) -> KeyLogic:
    if isinstance(value, str) and value in LOGICS:
        return value
    return LOGICS[whole(value, 0, 0, 3)]


def order(value: Any, otherwise: int = 100) -> int:
    return whole(value, otherwise, -1_000_000, 1_000_000)


def some(value: Any) -> int | None:
    """A count that may be left out: null there, ``None`` here."""
    return None if value is None or text(value) == "" else whole(value, 4)


def ours_of(extensions: Any, otherwise_match: KeyMatch) -> Object:
    """What only our entries have, from ``extensions.persona_chat``, ready for an ``Entry``."""
    said = fields(fields(extensions).get(OURS))
    match = said.get("match")
    seen = tuple(one[:LINE] for one in texts(said.get("visibility")) if one)
    return {
        "visibility": seen or ("all",),
        "match": match if match in _MATCHES else otherwise_match,
        "ignore_spaces": said.get("ignore_spaces") is True,
    }


def ours_out(entry: Entry, otherwise_match: KeyMatch) -> Object:
    """The other way round; empty where the entry has nothing that only we know."""
    said: Object = {}
    if entry.visibility != ("all",):
        said["visibility"] = list(entry.visibility)
    if entry.match != otherwise_match:
        said["match"] = entry.match
    if entry.ignore_spaces:
        said["ignore_spaces"] = True
    return said


_TYPES = {field.name: field.type for field in msgspec.structs.fields(Entry)}


def fits(name: str, value: Any) -> bool:
    """Whether this could be the value of an entry's field."""
    try:
        msgspec.convert(value, _TYPES[name])
    except msgspec.ValidationError:
        return False
    return True
