"""What went wrong with rooms in the original: a new one knew things of the one before."""

from msgspec.structs import replace

from desktop.protocol.methods import RoomCreateParams, RoomParams, StageParams
from desktop.protocol.models import Room
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table


async def made(table: Table, title: str) -> Room:
    return (await table.rooms.create(RoomCreateParams(title=title))).room


async def test_a_room_made_beside_another_has_nothing_of_its_stage(lay: Lay) -> None:
    table = await lay(texts("[하루]: 왔나."))
    first = await table.room(replace(STAGE, world="안개 바다"))
    second = await made(table, "두 번째")
    assert second.stage.world == ""
    assert second.stage.characters == ()
    changed = replace(second.stage, situation="새 밤")
    await table.rooms.stage(StageParams(room_id=second.id, stage=changed))
    assert (await table.rooms.open(RoomParams(room_id=first.id))).room.stage.world == "안개 바다"
    assert (await table.rooms.open(RoomParams(room_id=second.id))).room.stage == changed


async def test_a_room_of_the_same_name_remembers_nothing_of_one_thrown_away(lay: Lay) -> None:
    table = await lay(texts("[하루]: 왔나."))
    first = await table.room(STAGE)
    await table.say(first, "기억해 줘")
    await table.rooms.trash(RoomParams(room_id=first.id))
    again = await table.room(STAGE)
    await table.say(again, "처음 뵙겠습니다")
    asked = table.provider.requests[-1]
    assert "기억해 줘" not in asked.prompt + asked.system
