"""Pictures and cards on their way between tables: whole, by their own names, refused singly."""

import base64
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop.formats.card.rest import rest_name
from desktop.formats.strange_json import write_json
from desktop.protocol.base import UtcMs
from desktop.protocol.library import CharacterContents, PersonaContents
from desktop.protocol.models import Character, Persona, Stage
from desktop.services.new_room import add_room
from desktop.services.outside import fresh_id
from desktop.services.pictures import Pictures
from desktop.store import kept
from tests.formats.painted import packed, painted
from tests.formats.reading import SAMPLES
from tests.services.carrying import Carrier, carrier, told
from tests.services.table import SteppingClock

LOSSLESS = ("persona_json", "persona_ndjson", "persona_zip")


class Two(NamedTuple):
    here: Carrier
    there: Carrier


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    pair = Two(await carrier(tmp_path / "a"), await carrier(tmp_path / "b"))
    yield pair
    for one in pair:
        await one.database.close()


def pictures_of(one: Carrier) -> Pictures:
    return Pictures(one.database, SteppingClock(), fresh_id)


async def keep(one: Carrier, seed: int) -> str:
    chance = random.Random(seed)
    sides = chance.randrange(1, 400), chance.randrange(1, 400)
    picture = painted(*sides, chance.choice(("RGB", "RGBA")))
    if picture.mode == "RGBA":
        picture.putalpha(chance.randrange(256))
    return await pictures_of(one).keep(packed(picture))


async def lay(one: Carrier, stage: Stage) -> str:
    async with one.database.transaction() as session:
        return (await add_room(session, "방", stage, UtcMs(1_700_000_000_000), fresh_id)).id


async def stages(one: Carrier) -> list[Any]:
    async with one.database.reading() as session:
        return [json.loads(row[0]) for row in await session.all("SELECT content FROM stage")]


async def everything_kept(one: Carrier) -> dict[str, bytes]:
    async with one.database.reading() as session:
        ids = [row[0] for row in await session.all("SELECT id FROM kept")]
        return {each.id: each.content for each in await kept.found(session, ids)}


def seated(*people: tuple[str, str], me: str = "") -> Stage:
    return Stage(
        me=Persona(name="나", picture=me),
        characters=tuple(
            Character(id=f"c{at}", name=f"N{at}", picture=picture, card=card)
            for at, (picture, card) in enumerate(people)
        ),
    )


@pytest.mark.parametrize("format_id", LOSSLESS)
@pytest.mark.parametrize("seed", range(4))
async def test_every_picture_and_card_comes_back_to_the_letter(
    two: Two, tmp_path: Path, format_id: str, seed: int
) -> None:
    names = [await keep(two.here, seed * 10 + at) for at in range(4)]
    rest = write_json({"card": {"name": "x", "first_mes": f"안녕 {seed}"}, "user": "나"})
    card = await pictures_of(two.here).keep_card(rest)
    assert card == rest_name(rest)
    await lay(two.here, seated((names[0], card), (names[1], ""), me=names[2]))
    await lay(two.here, seated((names[0], ""), ("", "")))
    before = await two.here.parts()
    file = tmp_path / "story.x"
    assert (await two.here.take_out(file, format=format_id)).state == "done"
    came = await two.there.take_in(file)
    assert came.receipt is not None
    assert came.receipt.lines == ()
    assert came.receipt.found == came.receipt.kept
    assert came.receipt.kept.pictures == len(set(names[:3]))
    assert told(await two.there.parts()) == told(before)
    used = {*names[:3], card}
    here = await everything_kept(two.here)
    assert await everything_kept(two.there) == {one: here[one] for one in used}


async def test_without_pictures_a_file_has_none_and_seals_stand_for_them(
    two: Two, tmp_path: Path
) -> None:
    name = await keep(two.here, 1)
    await lay(two.here, seated((name, "")))
    file = tmp_path / "story.json"
    await two.here.take_out(file, pictures=False)
    assert "pictures" not in json.loads(file.read_bytes())
    came = await two.there.take_in(file)
    assert came.receipt is not None
    assert came.receipt.lines == ()
    (stage,) = await stages(two.there)
    assert stage["characters"][0]["picture"] == ""
    again = await two.here.take_in(file)
    assert again.state == "done"
    assert [one["characters"][0]["picture"] for one in await stages(two.here)] == [name, name]


HOSTILE = {
    "cut": packed(painted(300, 300))[:700],
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
    "text": b"no picture at all",
    "empty": b"",
}


@pytest.mark.parametrize("format_id", LOSSLESS)
async def test_pictures_that_cannot_be_used_are_left_out_one_by_one(
    two: Two, tmp_path: Path, format_id: str
) -> None:
    good = packed(painted(90, 90))
    await lay(two.here, seated(*((one * 32, "") for one in "abcde")))
    parts = [*await two.here.parts()]
    file = tmp_path / "story.x"
    writer = two.here.transfer._writable  # the format's own writer, with pictures of a stranger
    from desktop.formats.parts import PicturePart
    from desktop.protocol.transfer import ExportParams

    form = writer(ExportParams(format=format_id))
    strangers = [*HOSTILE.values(), good]
    parts += [
        PicturePart(key=key * 32, data=data, media_type="image/png", name=key)
        for key, data in zip("abcde", strangers, strict=True)
    ]
    assert form.writer is not None
    with file.open("w+b") as out:
        form.writer(parts, out)
    for job in (await two.there.look(file), await two.there.take_in(file)):
        assert job.state == "done", two.there.bugs
        assert job.receipt is not None
        (line,) = job.receipt.lines
        assert (line.fate, line.code, line.count) == ("dropped", "picture_unusable", 4)
        assert (job.receipt.found.pictures, job.receipt.kept.pictures) == (5, 1)
    (stage,) = await stages(two.there)
    pointers = [one["picture"] for one in stage["characters"]]
    # A picture is called by its own pixels, whatever the file has called it.
    assert pointers == ["", "", "", "", *await everything_kept(two.there)]
    assert pointers[4] != "e" * 32


async def test_base64_that_is_none_costs_one_picture(two: Two, tmp_path: Path) -> None:
    name = await keep(two.here, 3)
    await lay(two.here, seated((name, "")))
    file = tmp_path / "story.json"
    await two.here.take_out(file)
    raw = json.loads(file.read_bytes())
    raw["pictures"].append({"key": "x", "data": "&&&", "media_type": "image/png"})
    file.write_text(json.dumps(raw))
    came = await two.there.take_in(file)
    assert came.state == "done"
    assert came.receipt is not None
    assert [line.code for line in came.receipt.lines] == ["picture_unusable"]
    assert (await stages(two.there))[0]["characters"][0]["picture"] == name


@pytest.mark.parametrize("name", ["card_v3.png", "card_v3.charx", "card_v3.json"])
async def test_a_card_becomes_a_room_with_a_face_and_its_rest(two: Two, name: str) -> None:
    came = await two.here.take_in(SAMPLES / name)
    assert came.state == "done", two.here.bugs
    (stage,) = await stages(two.here)
    (person,) = stage["characters"]
    there = await everything_kept(two.here)
    assert person["card"] in there
    assert (person["picture"] in there) == (name != "card_v3.json")
    folder = two.here.place.folder()
    (entry,) = [one for one in folder.entries() if one.kind == "character_template"]
    contents = folder.read(entry.kind, entry.file).contents
    assert isinstance(contents, CharacterContents)
    assert contents.character.picture == person["picture"] == entry.picture
    assert contents.character.card == person["card"]
    if person["picture"]:
        assert folder.beside(person["picture"]) == there[person["picture"]]


@pytest.mark.parametrize("format_id", LOSSLESS)
async def test_the_library_takes_its_pictures_along(
    two: Two, tmp_path: Path, format_id: str
) -> None:
    one, other = await keep(two.here, 5), await keep(two.here, 6)
    stored = await everything_kept(two.here)
    shelf = two.here.place.folder()
    two.here.place.ready()
    person = Character(id="new", name="도이레", picture=one)
    shelf.add("character_template", "도이레", CharacterContents(character=person))
    shelf.add("my_character", "나", PersonaContents(persona=Persona(name="서", picture=other)))
    for name in (one, other):
        shelf.put_beside(name, kept.PICTURE, stored[name])
    file = tmp_path / "story.x"
    await lay(two.here, seated((one, "")))
    await two.here.take_out(file, format=format_id, library=True)
    came = await two.there.take_in(file)
    assert came.receipt is not None
    assert came.receipt.lines == ()
    assert came.receipt.kept.pictures == 2
    folder = two.there.place.folder()
    assert {entry.picture for entry in folder.entries()} == {one, other}
    assert {folder.beside(name) for name in (one, other)} == {stored[one], stored[other]}


async def test_pictures_stand_in_files_as_files_and_in_json_as_base64(
    two: Two, tmp_path: Path
) -> None:
    import zipfile

    name = await keep(two.here, 8)
    await lay(two.here, seated((name, "")))
    content = (await everything_kept(two.here))[name]
    await two.here.take_out(tmp_path / "s.zip", format="persona_zip")
    with zipfile.ZipFile(tmp_path / "s.zip") as archive:
        (member,) = [one for one in archive.namelist() if one.startswith("pictures/")]
        assert member.endswith(".png")
        assert archive.read(member) == content
    await two.here.take_out(tmp_path / "s.json")
    (picture,) = json.loads((tmp_path / "s.json").read_bytes())["pictures"]
    assert base64.b64decode(picture["data"]) == content
