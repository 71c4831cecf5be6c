"""Undo and redo over a whole story, and what the page knows of them."""

from msgspec.structs import replace

from desktop.protocol.events import (
    HistoryChanged,
    RoomChanged,
)
from desktop.protocol.methods import (
    DeleteParams,
    EditParams,
    ForkParams,
    HideParams,
    RoomParams,
    RoomRenameParams,
    StageParams,
)
from desktop.protocol.story import UndoState
from tests.services.conftest import Lay
from tests.services.story_acts import ONE, TWO, at, redo, shown, undo
from tests.services.table import STAGE


async def test_undoing_everything_brings_the_first_view_back_and_redoing_the_last(
    lay: Lay,
) -> None:
    table = await lay(ONE)
    room = await table.room()
    table.stacks.forget(room.id)
    await table.say(room, "불")
    first = await table.view(room)
    line, answer, cat = first.messages
    await table.messages.edit(EditParams(message_id=line.id, text="빛"))
    await table.messages.hide(HideParams(message_id=cat.id, hidden=True))
    await table.messages.delete(DeleteParams(message_id=answer.id))
    await table.rooms.rename(RoomRenameParams(room_id=room.id, title="새 이름"))
    await table.rooms.stage(StageParams(room_id=room.id, stage=replace(STAGE, world="뭍")))
    await table.branching.fork(ForkParams(message_id=line.id))
    await table.shelf.clear(RoomParams(room_id=room.id))
    last = await table.view(room)
    codes = []
    while code := await undo(table, room):
        codes.append(code)
    assert codes == ["clear", "fork", "stage", "rename", "delete", "hide", "edit"]
    assert replace(await table.view(room), sequence=0) == replace(first, sequence=0)
    assert list(first.messages) == table.page.path(room.id)
    while await redo(table, room):
        pass
    assert replace(await table.view(room), sequence=0) == replace(last, sequence=0)


async def test_the_page_knows_what_can_be_undone_also_after_a_reload(lay: Lay) -> None:
    table = await lay(ONE)
    room = await table.room()
    table.stacks.forget(room.id)
    params = RoomParams(room_id=room.id)
    assert await table.story.state(params) == UndoState()
    await table.rooms.rename(RoomRenameParams(room_id=room.id, title="하나"))
    await table.rooms.rename(RoomRenameParams(room_id=room.id, title="하나"))
    assert table.page.of(HistoryChanged)[-1] == HistoryChanged(
        room_id=room.id, undo="rename", redo=None
    )
    assert await undo(table, room) == "rename"
    assert await table.story.state(params) == UndoState(undo=None, redo="rename")
    assert table.page.of(RoomChanged)[-1].room.title == room.title
    await table.say(room, "불")
    assert await table.story.state(params) == UndoState(), "a new line ends every redo"
    assert await undo(table, room) is None


async def test_something_new_ends_every_redo(lay: Lay) -> None:
    table = await lay(ONE)
    room = await table.room()
    await table.say(room, "불")
    line, answer, _ = (await table.view(room)).messages
    await table.messages.edit(EditParams(message_id=line.id, text="빛"))
    await undo(table, room)
    await table.messages.edit(EditParams(message_id=answer.id, text="다른 말"))
    assert await redo(table, room) is None
    assert await shown(table, room) == ["불", "다른 말", "야옹."]


async def test_undoing_a_branch_keeps_what_was_said_on_it_and_drops_an_empty_one(
    lay: Lay,
) -> None:
    table = await lay(ONE, TWO)
    room = await table.room()
    await table.say(room, "불")
    for said in (False, True):
        fork = ForkParams(message_id=(await at(table, room, 0)).id, name="옆길")
        await table.branching.fork(fork)
        if said:
            await table.say(room, "물")
        assert await undo(table, room) == "fork"
        assert await shown(table, room) == ["불", "첫째.", "야옹."]
        tree = await table.branching.tree(RoomParams(room_id=room.id))
        assert [one.name for one in tree.branches] == (["", "옆길"] if said else [""])
