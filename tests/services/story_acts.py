"""Short ways to act on a story and to look at it, for the tests of stories."""

import pytest

from desktop.protocol.methods import (
    AgainParams,
    RoomParams,
)
from desktop.protocol.models import Message, Room
from desktop.protocol.problems import Trouble
from tests.doubles.scripted_provider import texts
from tests.services.table import Table

ONE = texts("[하루]: 첫째.\n[나비]: 야옹.")


TWO = texts("[하루]: 둘째.")


THREE = texts("[하루]: 셋째.")


async def shown(table: Table, room: Room) -> list[str]:
    """The texts of the path; what events told is what is stored."""
    view = await table.view(room)
    assert list(view.messages) == table.page.path(room.id)
    return [one.text for one in view.messages]


async def at(table: Table, room: Room, index: int) -> Message:
    return (await table.view(room)).messages[index]


async def again(
    table: Table, room: Room, message_id: str | None = None, direction: str = ""
) -> None:
    params = AgainParams(room_id=room.id, message_id=message_id, direction=direction)
    await table.ended((await table.turns.again(params)).turn.id)


async def undo(table: Table, room: Room) -> str | None:
    return (await table.story.undo(RoomParams(room_id=room.id))).code


async def redo(table: Table, room: Room) -> str | None:
    return (await table.story.redo(RoomParams(room_id=room.id))).code


def refused(caught: pytest.ExceptionInfo[Trouble]) -> tuple[str, str]:
    return caught.value.problem.code, caught.value.problem.field
