"""Pictures of people: brought in, cut, kept once, told, and swept away when nobody has them."""

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.protocol.base import UtcMs
from desktop.protocol.method import Nothing
from desktop.protocol.models import Character, Persona, Stage
from desktop.protocol.pictures import (
    PictureCropParams,
    PictureDropParams,
    PictureReadParams,
    PictureSource,
    PictureTokenParams,
)
from desktop.protocol.problems import Trouble
from desktop.services.new_room import add_room
from desktop.services.outside import fresh_id
from desktop.services.pictures import MOST_SOURCES, Pictures
from desktop.store import kept, rooms
from desktop.store.database import Database
from tests.formats.painted import packed, painted
from tests.services.table import SteppingClock


class Bench:
    """Pictures over a database of its own and a person who picks what they are told to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.picks = ""
        self.library: dict[str, bytes] = {}

        async def choose() -> str:
            return self.picks

        async def look(ids: tuple[str, ...]) -> dict[str, bytes]:
            return {one: self.library[one] for one in ids if one in self.library}

        self.pictures = Pictures(database, SteppingClock(), fresh_id, choose, look)

    async def rows(self) -> int:
        async with self.database.reading() as session:
            row = await session.one("SELECT count(*) FROM kept")
        return int(row[0]) if row else 0

    async def drop(self, data: bytes) -> PictureSource:
        told = base64.b64encode(data).decode()
        return await self.pictures.drop(PictureDropParams(data=told, last=True))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    database = await Database.open(tmp_path / "t.db")
    yield Bench(database)
    await database.close()


async def test_what_is_chosen_is_shown_cut_and_read_again(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "face.txt"
    file.write_bytes(packed(painted(300, 400), "JPEG"))
    bench.picks = str(file)
    source = await bench.pictures.choose(Nothing())
    assert (source.width, source.height) == (300, 400)
    assert source.preview.startswith("data:image/jpeg;base64,")
    cut = await bench.pictures.crop(PictureCropParams(token=source.token, x=10, y=20, side=200))
    assert re.fullmatch(r"[0-9a-f]{32}", cut.id)
    (small,) = (await bench.pictures.read(PictureReadParams(ids=(cut.id, "", "f" * 32)))).pictures
    assert small == cut
    (full,) = (await bench.pictures.read(PictureReadParams(ids=(cut.id,), size="full"))).pictures
    assert full.source.startswith("data:image/png;base64,")
    assert full.id == cut.id
    again = await bench.pictures.crop(PictureCropParams(token=source.token, x=10, y=20, side=200))
    assert again == cut
    assert await bench.rows() == 1


async def test_a_closed_dialog_brings_nothing(bench: Bench) -> None:
    assert (await bench.pictures.choose(Nothing())).token == ""


async def test_pieces_are_put_together(bench: Bench) -> None:
    data = packed(painted(200, 200))
    told = [base64.b64encode(data[at : at + 300]).decode() for at in range(0, len(data), 300)]
    source = PictureSource(token="")
    for number, piece in enumerate(told, 1):
        source = await bench.pictures.drop(
            PictureDropParams(token=source.token, data=piece, last=number == len(told))
        )
    assert len(told) > 1
    assert (source.width, source.height) == (200, 200)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"text", "not_known"), (b"<svg/>", "not_allowed"),
     (packed(painted(400, 400))[:900], "cut_off")],
)  # fmt: skip
async def test_a_refusal_names_its_cause_and_holds_nothing(
    bench: Bench, data: bytes, code: str
) -> None:
    with pytest.raises(Trouble) as caught:
        await bench.drop(data)
    assert (caught.value.problem.code, caught.value.problem.detail) == ("bad_file", code)
    assert bench.pictures._held == {}


async def test_more_bytes_than_a_picture_has_are_refused_while_they_come(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.pictures.MOST_PICTURE_BYTES", 1_500)
    piece = base64.b64encode(b"x" * 900).decode()
    first = await bench.pictures.drop(PictureDropParams(data=piece))
    with pytest.raises(Trouble) as caught:
        await bench.pictures.drop(PictureDropParams(token=first.token, data=piece))
    assert caught.value.problem.detail == "too_large"
    with pytest.raises(Trouble):
        await bench.pictures.drop(PictureDropParams(token=first.token, data=piece, last=True))


async def test_a_few_pictures_wait_at_most_and_each_until_it_is_let_go(bench: Bench) -> None:
    tokens = [(await bench.drop(packed(painted(9, 9)))).token for _ in range(MOST_SOURCES + 2)]
    for token in (tokens[0], tokens[1]):
        with pytest.raises(Trouble):
            await bench.pictures.crop(PictureCropParams(token=token, x=0, y=0, side=9))
    await bench.pictures.let_go(PictureTokenParams(token=tokens[-1]))
    with pytest.raises(Trouble) as caught:
        await bench.pictures.crop(PictureCropParams(token=tokens[-1], x=0, y=0, side=9))
    assert caught.value.problem.code == "not_found"


async def test_what_only_the_library_has_is_told_and_nothing_else_of_it(bench: Bench) -> None:
    one, other = "a" * 32, "b" * 32
    bench.library = {one: packed(painted(60, 60)), other: b"no picture"}
    (read,) = (await bench.pictures.read(PictureReadParams(ids=(one, other)))).pictures
    assert read.id == one
    assert await bench.rows() == 0


async def test_a_start_sweeps_away_what_no_room_points_to(bench: Bench) -> None:
    names = [await bench.pictures.keep(packed(painted(20 + at, 20 + at))) for at in range(4)]
    card = await bench.pictures.keep_card(b'{"card": {}, "user": ""}')
    stage = Stage(
        world=f'"picture":"{names[3]}"',
        me=Persona(picture=names[0]),
        characters=(Character(id="a", name="A", picture=names[1], card=card),),
    )
    async with bench.database.transaction() as session:
        room = await add_room(session, "r", stage, UtcMs(1), fresh_id)
        await rooms.set_trashed(session, room.id, UtcMs(2))
    assert await bench.pictures.sweep() == 2
    async with bench.database.reading() as session:
        left = {one.id for one in await kept.found(session, [*names, card])}
    assert left == {names[0], names[1], card}
    assert await bench.pictures.full(names[0])
    assert await bench.pictures.full(card) is None
    assert await bench.pictures.card(card)
