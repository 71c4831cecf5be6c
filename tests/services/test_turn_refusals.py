"""Which lines are taken and which are refused, and that a refused one is not stored."""

import asyncio

import pytest

from desktop.protocol.methods import AgainParams, RoomParams, StageParams
from desktop.protocol.problems import Trouble
from tests.doubles.scripted_provider import hanging, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE
from tests.services.turn_lines import THREE, same_everywhere


async def test_a_second_line_while_an_answer_runs_is_busy_and_not_stored(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔"))
    room = await table.room()
    results = await asyncio.gather(
        table.send(room, "하나"), table.send(room, "둘"), return_exceptions=True
    )
    assert isinstance(results[1], Trouble)
    assert results[1].problem.code == "busy"
    await table.heard("왔")
    with pytest.raises(Trouble) as caught:
        await table.send(room, "셋")
    assert caught.value.problem.code == "busy"
    assert [one.text for one in (await table.view(room)).messages] == ["하나", "왔"]


@pytest.mark.parametrize("text", [" \n\t ", "\0"])
async def test_a_blank_line_is_nothing_to_say(lay: Lay, text: str) -> None:
    table = await lay(THREE)
    room = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.send(room, text)
    assert caught.value.problem.code == "nothing_to_say"


async def test_odd_characters_are_stored_as_far_as_utf8_goes(lay: Lay) -> None:
    table = await lay(texts("[하루]: \ud83d", "\ude00 왔\ud800나"))
    room = await table.room()
    await table.say(room, "줄\r\n바꿈\0 \ud83d\ude00")
    assert [row[1] for row in await same_everywhere(table, room)] == [
        "줄\n바꿈 😀",
        "😀 왔\ufffd나",
    ]


async def test_unknown_rooms_providers_and_rooms_in_the_trash_are_refused(lay: Lay) -> None:
    from msgspec.structs import replace

    table = await lay(THREE)
    room = await table.room(replace(STAGE, provider="elsewhere"))
    with pytest.raises(Trouble) as caught:
        await table.send(room)
    assert (caught.value.problem.code, caught.value.problem.provider) == ("not_found", "elsewhere")
    assert (await table.view(room)).messages == ()
    await table.rooms.stage(StageParams(room_id=room.id, stage=STAGE))
    await table.rooms.trash(RoomParams(room_id=room.id))
    with pytest.raises(Trouble) as caught:
        await table.send(room)
    assert caught.value.problem.code == "invalid_request"
    with pytest.raises(Trouble) as caught:
        await table.send(replace(room, id="nowhere"))
    assert caught.value.problem.code == "not_found"


async def test_again_with_nothing_asked_yet_is_nothing_to_say(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.turns.again(AgainParams(room_id=room.id))
    assert caught.value.problem.code == "nothing_to_say"
    assert (await table.say(room)).outcome == "complete"
