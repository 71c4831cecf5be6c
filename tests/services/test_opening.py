"""What the first frame gets, on the first start and on every other one."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from desktop.protocol.methods import OpenParams, RoomParams
from desktop.protocol.models import Language
from desktop.providers.base import Finished, TextCame
from desktop.services.opening import Opening
from desktop.services.starter import Said, Starter, load_starter
from tests.doubles.scripted_provider import Hold, Step, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table, said

SHIPPED = Path(__file__).parents[2] / "persona_data" / "starter"
ANSWER = texts("[하루]: 왔나.")
STARTER = Starter(
    title="등대",
    stage=STAGE,
    opening=(
        Said(author="narrator", text="밤이다."),
        Said(author="하루", text="늦었군."),
        Said(author="나그네", text="…"),
    ),
)


def opening(table: Table, starter: Callable[[Language], Starter] = lambda _: STARTER) -> Opening:
    return Opening(
        database=table.database,
        settings=table.settings,
        providers=table.providers,
        turns=table.turns,
        starter=starter,
        opened=table.sequence,
        clock=table.clock,
        new_id=table.new_id,
        report_bug=table.report_bug,
        version="1.2.3",
        platform="linux",
    )


async def test_the_first_start_finds_a_room_set_up(lay: Lay) -> None:
    table = await lay(ANSWER)
    first = await opening(table).open(OpenParams(language="en"))
    assert first.first_start
    assert first.room is not None
    assert said(first.room.messages) == [
        ("진행자", "밤이다.", "complete"),
        ("하루", "늦었군.", "complete"),
        ("나그네", "…", "complete"),
    ]
    assert [(one.author.kind, one.author.dye) for one in first.room.messages] == [
        ("narrator", ""), ("character", "chija"), ("character", ""),
    ]  # fmt: skip
    assert first.rooms == (first.room.room,)
    assert first.room.room.message_count == 3
    assert first.settings.language == "en"
    assert (first.version, first.platform) == ("1.2.3", "linux")
    assert [one.id for one in first.providers] == [one.id for one in first.statuses] == ["scripted"]
    again = await opening(table).open(OpenParams(language="ja"))
    assert not again.first_start
    assert again.settings.language == "en"
    assert again.rooms == first.rooms
    assert (await table.say(first.room.room)).outcome == "complete"


async def test_a_reload_in_mid_answer_gets_everything_up_to_its_number(lay: Lay) -> None:
    gate = asyncio.Event()
    script: tuple[Step, ...] = (
        TextCame(text="[하루]: 왔"), Hold(gate), TextCame(text="나."), Finished(),
    )  # fmt: skip
    table = await lay(script)
    room = await table.room()
    sent = await table.send(room)
    await table.heard("왔")
    opened = await opening(table).open(OpenParams())
    assert opened.room is not None
    assert said(opened.room.messages)[-1] == ("하루", "왔", "streaming")
    assert opened.room.running is not None
    assert opened.sequence == opened.room.sequence == len(table.page.events)
    gate.set()
    await table.ended(sent.turn.id)


async def test_the_room_opened_last_is_opened_again(lay: Lay) -> None:
    table = await lay(ANSWER)
    one, two = await table.room(), await table.room()
    await table.rooms.open(RoomParams(room_id=one.id))
    opened = await opening(table).open(OpenParams())
    assert opened.room is not None
    assert opened.room.room.id == one.id
    await table.rooms.trash(RoomParams(room_id=one.id))
    opened = await opening(table).open(OpenParams())
    assert opened.room is not None
    assert opened.room.room.id == two.id
    await table.rooms.trash(RoomParams(room_id=two.id))
    opened = await opening(table).open(OpenParams())
    assert (opened.room, opened.rooms, opened.first_start) == (None, (), False)


async def test_a_damaged_library_does_not_keep_the_program_shut(lay: Lay, tmp_path: Path) -> None:
    table = await lay(ANSWER)
    (tmp_path / "lighthouse.ko.json").write_text('{"title": 3}')
    for folder in (tmp_path, tmp_path / "nowhere"):
        opened = await opening(table, lambda name, at=folder: load_starter(at, name)).open(  # type: ignore[misc]
            OpenParams()
        )
        assert (opened.first_start, opened.room) == (True, None)
    assert [type(bug) for bug in table.bugs] == [msgspec.ValidationError, FileNotFoundError]


@pytest.mark.parametrize("language", ["ko", "en", "ja"])
def test_the_shipped_starter_is_whole_in_every_language(language: Language) -> None:
    starter = load_starter(SHIPPED, language)
    assert starter.stage.language == language
    assert len(starter.stage.characters) >= 3
    names = {one.name for one in starter.stage.characters}
    assert starter.opening
    assert {one.author for one in starter.opening} <= names | {"narrator"}
    assert len({one.id for one in starter.stage.characters}) == len(names)
