"""Faces in the library: files beside the entries, read back, replaced by hand, never trusted."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from desktop.protocol.base import UtcMs
from desktop.protocol.library import (
    ApplyParams,
    CharacterContents,
    EntryParams,
    KeepParams,
    PersonaContents,
    StageContents,
)
from desktop.protocol.methods import StageParams
from desktop.protocol.models import Character, Persona, Room, Stage
from desktop.services.library import Library
from desktop.services.library_kept import LibraryKept
from desktop.services.library_place import LibraryPlace
from desktop.services.new_room import add_room
from desktop.services.outside import fresh_id
from desktop.services.pictures import Pictures
from desktop.services.settings import SettingsService
from desktop.store import rooms
from desktop.store.database import Database
from tests.formats.painted import packed, painted
from tests.services.table import SteppingClock


class House(NamedTuple):
    database: Database
    library: Library
    pictures: Pictures
    root: Path

    async def room(self, stage: Stage) -> str:
        async with self.database.transaction() as session:
            return (await add_room(session, "r", stage, UtcMs(1), fresh_id)).id

    async def stage(self, room_id: str) -> Stage:
        async with self.database.reading() as session:
            found = await rooms.find(session, room_id)
        assert found is not None
        return found.stage


async def build(folder: Path, root: Path) -> House:
    folder.mkdir(exist_ok=True)
    database = await Database.open(folder / "t.db")
    clock = SteppingClock()
    place = LibraryPlace(SettingsService(database, lambda _: None), root, None)
    beside = LibraryKept(database, place, folder / "shipped", clock)

    async def restage(params: StageParams) -> Room:
        async with database.transaction() as session:
            await rooms.restage(session, params.room_id, params.stage)
            found = await rooms.find(session, params.room_id)
        assert found is not None
        return found

    library = Library(
        database, place, folder / "shipped", restage, lambda _: None, clock, fresh_id, kept=beside
    )
    pictures = Pictures(database, clock, fresh_id, None, beside.pictures)
    return House(database, library, pictures, root)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await build(tmp_path / "a", tmp_path / "library")
    yield made
    await made.library.close()
    await made.database.close()


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[House]:
    """Another computer with the same library."""
    made = await build(tmp_path / "b", tmp_path / "library")
    yield made
    await made.library.close()
    await made.database.close()


async def seated(house: House) -> tuple[str, Stage]:
    face = await house.pictures.keep(packed(painted(90, 90)))
    mine = await house.pictures.keep(packed(painted(60, 60)))
    card = await house.pictures.keep_card(b'{"card": {"name": "x", "first_mes": "y"}, "user": ""}')
    one = Character(id="a", name="도이레", picture=face, card=card)
    stage = Stage(me=Persona(name="서유온", picture=mine), characters=(one,))
    return await house.room(stage), stage


async def test_who_is_kept_has_their_face_as_a_plain_file(house: House, other: House) -> None:
    room, stage = await seated(house)
    (one,) = stage.characters
    for part, name in (("character", "이레"), ("me", "나"), ("stage", "온 무대")):
        await house.library.keep(
            KeepParams(
                room_id=room,
                part=part,  # type: ignore[arg-type]
                name=name,
                character_id="a" if part == "character" else "",
            )
        )
    files = {path.relative_to(house.root).as_posix() for path in house.root.rglob("*.*")}
    assert files == {
        "characters/templates/이레.json", "my_characters/나.md", "presets/온 무대.json",
        f"pictures/{one.picture}.png", f"pictures/{stage.me.picture}.png",
        f"cards/{one.card}.json",
    }  # fmt: skip
    face = (house.root / "pictures" / f"{one.picture}.png").read_bytes()
    assert face == await house.pictures.full(one.picture)

    listed = (await other.library.list()).entries
    assert {entry.picture for entry in listed} == {one.picture, stage.me.picture, ""}
    empty = await other.room(Stage())
    for entry in listed:
        await other.library.apply(ApplyParams(room_id=empty, kind=entry.kind, file=entry.file))
    after = await other.stage(empty)
    assert after.me == stage.me
    assert {(each.picture, each.card) for each in after.characters} == {(one.picture, one.card)}
    assert await other.pictures.full(one.picture) == face
    assert await other.pictures.card(one.card) == await house.pictures.card(one.card)


async def test_a_face_that_was_replaced_by_hand_is_the_one_that_sits_down(
    house: House, other: House
) -> None:
    room, stage = await seated(house)
    await house.library.keep(
        KeepParams(room_id=room, part="character", name="이레", character_id="a")
    )
    file = house.root / "pictures" / f"{stage.characters[0].picture}.png"
    file.write_bytes(packed(painted(200, 120)))
    table = await other.room(Stage())
    wanted = ApplyParams(room_id=table, kind="character_template", file="이레.json")
    await other.library.apply(wanted)
    (one,) = (await other.stage(table)).characters
    assert one.picture != stage.characters[0].picture
    assert await other.pictures.full(one.picture) is not None


@pytest.mark.parametrize("raw", [b"", b"<svg/>", packed(painted(90, 90))[:200]])
async def test_a_face_that_is_none_leaves_the_seal(house: House, other: House, raw: bytes) -> None:
    room, stage = await seated(house)
    await house.library.keep(
        KeepParams(room_id=room, part="character", name="이레", character_id="a")
    )
    (house.root / "pictures" / f"{stage.characters[0].picture}.png").write_bytes(raw)
    table = await other.room(Stage())
    await other.library.apply(
        ApplyParams(room_id=table, kind="character_template", file="이레.json")
    )
    (one,) = (await other.stage(table)).characters
    assert one.name == "도이레"
    assert await other.pictures.full(one.picture) is None


async def test_a_changed_entry_keeps_what_it_points_to(house: House) -> None:
    room, stage = await seated(house)
    await house.library.keep(KeepParams(room_id=room, part="me", name="나"))
    read = await house.library.read(EntryParams(kind="my_character", file="나.md"))
    assert isinstance(read.contents, PersonaContents)
    assert read.contents.persona == stage.me
    await house.library.keep(KeepParams(room_id=room, part="stage", name="무대"))
    preset = await house.library.read(EntryParams(kind="preset", file="무대.json"))
    assert isinstance(preset.contents, StageContents)
    assert preset.contents.stage == stage
    character = CharacterContents(character=stage.characters[0])
    assert await house.library.taken(character) == character
