"""Every parameter the page can send has an end: strings, lists, numbers; and none names a place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect as looked

from desktop.bridge.dispatch import MAX_PARAMS_BYTES, decode
from desktop.protocol.methods import METHODS, SettingsParams
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Reading, Settings
from desktop.services.settings import SettingsService
from desktop.store.database import Database

ROWS = (looked.ListType, looked.VarTupleType, looked.SetType, looked.FrozenSetType)
CLOSED = (looked.BoolType, looked.NoneType, looked.LiteralType, looked.EnumType)
CARRIED = {
    "Entry.extensions{}",
    "Lorebook.extensions{}",
}
"""What an imported book said in fields of another program: any JSON, as large as a call may be."""

PLACE_WORDS = {"path", "paths", "folder", "directory", "filename", "place", "uri", "target"}
BESIDE_THE_PAGE = {"Settings.provider_paths", "Settings.library_path"}
"""In the settings as they are told to the page; what it sends back there is not looked at."""


def inside(kind: Any, where: str, seen: frozenset[type] = frozenset()) -> Iterator[tuple[str, Any]]:
    """Every type a parameter is made of, with the name of the field that has it."""
    yield where, kind
    if isinstance(kind, looked.StructType) and kind.cls not in seen:
        for field in kind.fields:
            name = f"{kind.cls.__name__}.{field.encode_name}"
            yield from inside(field.type, name, seen | {kind.cls})
    elif isinstance(kind, ROWS):
        yield from inside(kind.item_type, f"{where}[]", seen)
    elif isinstance(kind, looked.TupleType):
        for each in kind.item_types:
            yield from inside(each, f"{where}[]", seen)
    elif isinstance(kind, looked.DictType):
        yield from inside(kind.key_type, f"{where}:", seen)
        yield from inside(kind.value_type, f"{where}{{}}", seen)
    elif isinstance(kind, looked.UnionType):
        for each in kind.types:
            yield from inside(each, where, seen)


def bounded(kind: Any) -> bool:
    """Whether a single type has an end. A type that is not known here has none."""
    if isinstance(kind, looked.StructType):
        return bool(kind.cls.__struct_config__.forbid_unknown_fields)
    if isinstance(kind, (looked.StrType, looked.DictType, *ROWS)):
        return kind.max_length is not None
    if isinstance(kind, looked.IntType | looked.FloatType):
        return (kind.ge, kind.gt) != (None, None) and (kind.le, kind.lt) != (None, None)
    return isinstance(kind, (*CLOSED, looked.TupleType, looked.UnionType))


def parameters() -> list[tuple[str, Any]]:
    return [
        found
        for name, method in METHODS.items()
        for found in inside(looked.type_info(method.params), name)
    ]


def test_no_parameter_is_without_an_end() -> None:
    found = parameters()
    assert len(found) > 300
    assert {where for where, kind in found if not bounded(kind)} == CARRIED


@pytest.mark.parametrize(
    "kind",
    [str, int, float, bytes, tuple[bool, ...], dict[str, bool], Any, msgspec.defstruct("Open", [])],
)
def test_the_check_sees_what_has_no_end(kind: Any) -> None:
    assert not all(bounded(each) for _, each in inside(looked.type_info(kind), "it"))


@pytest.mark.parametrize("name", METHODS)
def test_every_method_can_be_asked_and_refuses_a_field_it_does_not_know(name: str) -> None:
    with pytest.raises(Trouble) as caught:
        decode({"no_such_field": 1}, METHODS[name].params)
    assert caught.value.problem.code == "invalid_request"
    with pytest.raises(Trouble):
        decode({"no_such_field": "x" * MAX_PARAMS_BYTES}, METHODS[name].params)


def test_what_a_person_chose_comes_as_a_token_and_never_as_a_place() -> None:
    told = {where for where, kind in parameters() if isinstance(kind, looked.StrType)}
    fields = {where.rstrip(":{}[]") for where in told if where[0].isupper()}
    named = {one for one in fields if PLACE_WORDS & set(one.split(".", 1)[1].lower().split("_"))}
    assert named == BESIDE_THE_PAGE
    assert "TokenParams.token" in fields


async def test_a_place_that_the_page_puts_into_the_settings_is_not_taken(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "table.db")
    service = SettingsService(database, lambda event: None)
    await service.load()
    sly = Settings(
        provider_paths={"claude": "/bin/sh"}, library_path="/etc", reading=Reading(size=120)
    )
    kept = await service.change(SettingsParams(settings=sly))
    await database.close()
    assert (kept.provider_paths, kept.library_path, kept.reading.size) == ({}, "", 120)
