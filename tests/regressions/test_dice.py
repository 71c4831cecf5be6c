"""What went wrong with dice here."""

import pytest

from desktop.protocol.methods import RoomParams
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay


@pytest.mark.parametrize(
    ("asked", "name"),
    [("1d20 힘", "힘"), ("힘 1d20", "힘"), ("판정: 힘 1d20", "힘"), ("큰 1d20 힘 #밤", "힘 밤 큰")],
)
async def test_what_a_roll_is_for_is_said_once_wherever_it_stands(
    lay: Lay, asked: str, name: str
) -> None:
    table = await lay(texts("[하루]: 왔나."))
    room = await table.room()
    await table.say(room, f"문을 민다. [[{asked}]]")
    (rolled,) = [one for one in table.page.path(room.id) if one.roll]
    assert rolled.text == f"{name}: 1d20 = 4 [4]"
    assert (await table.dice.verify(RoomParams(room_id=room.id))).holds
