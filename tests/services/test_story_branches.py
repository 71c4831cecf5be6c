"""Alternatives, branches and slots: the ways a story may go, and moving between them."""

import pytest

from desktop.protocol.events import (
    PathChanged,
)
from desktop.protocol.methods import (
    BranchNameParams,
    BranchParams,
    DeleteParams,
    ForkParams,
    MessageParams,
    PageParams,
    RoomParams,
    SlotNameParams,
    SlotParams,
    SlotSaveParams,
    SwitchParams,
)
from desktop.protocol.problems import Trouble
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.story_acts import ONE, THREE, TWO, again, at, redo, refused, shown, undo


async def test_deleting_what_is_below_leaves_no_trace_on_the_path_and_a_slot_to_it(
    lay: Lay,
) -> None:
    table = await lay(ONE, TWO, THREE)
    room = await table.room()
    table.stacks.forget(room.id)
    await table.say(room, "불")
    await table.say(room, "물")
    before = await table.view(room)
    await table.messages.delete(DeleteParams(message_id=before.messages[2].id, and_below=True))
    assert await shown(table, room) == ["불", "첫째."]
    await table.say(room, "바람")
    path = (await table.view(room)).messages
    assert [(one.text, one.alternatives) for one in path] == [
        ("불", 1), ("첫째.", 1), ("바람", 1), ("셋째.", 1),
    ]  # fmt: skip
    (slot,) = (await table.slots.list(RoomParams(room_id=room.id))).slots
    assert (slot.before, slot.name, slot.last_line) == ("delete_below", "", "둘째.")
    await table.slots.go(SlotParams(slot_id=slot.id))
    assert await shown(table, room) == ["불", "첫째.", "야옹.", "물", "둘째."]
    assert [await undo(table, room) for _ in range(3)] == ["go", "delete_below", None]
    assert await shown(table, room) == ["불", "첫째.", "야옹.", "물", "둘째."]


async def test_every_answer_to_a_line_is_one_of_its_alternatives(lay: Lay) -> None:
    table = await lay(ONE, TWO, THREE)
    room = await table.room()
    await table.say(room, "불")
    for _ in range(2):
        await again(table, room)
    assert await shown(table, room) == ["불", "셋째."]
    newest = await at(table, room, 1)
    assert (newest.alternative, newest.alternatives) == (3, 3)
    path = await table.branching.switch(SwitchParams(message_id=newest.id, to=1))
    assert [one.text for one in path.messages] == await shown(table, room)
    assert [(one.text, one.alternative, one.alternatives) for one in path.messages] == [
        ("불", 1, 1), ("첫째.", 1, 3), ("야옹.", 1, 1),
    ]  # fmt: skip
    assert table.page.of(PathChanged)[-1].messages == path.messages
    with pytest.raises(Trouble) as caught:
        await table.branching.switch(SwitchParams(message_id=newest.id, to=4))
    assert refused(caught) == ("invalid_request", "to")
    assert [await undo(table, room) for _ in range(3)] == ["switch", "again", "again"]
    assert await shown(table, room) == ["불", "첫째.", "야옹."]
    assert [await redo(table, room) for _ in range(2)] == ["again", "again"]
    assert await shown(table, room) == ["불", "셋째."]


async def test_switching_back_returns_to_the_end_that_was_used_last(lay: Lay) -> None:
    table = await lay(ONE, TWO, THREE)
    room = await table.room()
    await table.say(room, "불")
    await again(table, room)
    await table.say(room, "더")
    second = await at(table, room, 1)
    await table.branching.switch(SwitchParams(message_id=second.id, to=1))
    assert await shown(table, room) == ["불", "첫째.", "야옹."]
    first = await at(table, room, 1)
    await table.branching.switch(SwitchParams(message_id=first.id, to=2))
    assert await shown(table, room) == ["불", "둘째.", "더", "셋째."]


async def test_an_earlier_line_is_answered_anew_with_a_direction(lay: Lay) -> None:
    table = await lay(ONE, TWO, THREE)
    room = await table.room()
    await table.say(room, "불")
    await table.say(room, "물")
    cat = await at(table, room, 2)
    await again(table, room, cat.id, "더 차갑게")
    assert await shown(table, room) == ["불", "셋째."]
    assert "더 차갑게" in table.provider.requests[-1].prompt
    assert "물" not in table.provider.requests[-1].prompt
    stored = await table.view(room)
    assert "더 차갑게" not in "".join(one.text for one in stored.messages)
    with pytest.raises(Trouble) as caught:
        await again(table, room, cat.id)
    assert refused(caught) == ("invalid_request", "message_id")


async def test_a_branch_from_here_goes_on_beside_the_story(lay: Lay) -> None:
    table = await lay(ONE, TWO)
    room = await table.room()
    await table.say(room, "불")
    whole = await table.view(room)
    path = await table.branching.fork(ForkParams(message_id=whole.messages[1].id, name=" 다른 길 "))
    assert [one.text for one in path.messages] == ["불", "첫째."]
    await table.say(room, "옆길")
    fork_id = (await table.view(room)).room.branch_id
    tree = await table.branching.tree(RoomParams(room_id=room.id))
    assert tree.now == fork_id
    assert [(one.name, one.message_count, one.last_line) for one in tree.branches] == [
        ("", 3, "야옹."), ("다른 길", 4, "둘째."),
    ]  # fmt: skip
    await table.branching.go(BranchParams(branch_id=whole.room.branch_id))
    assert await shown(table, room) == ["불", "첫째.", "야옹."]
    page = await table.timeline.page(PageParams(room_id=room.id, before=99, branch_id=fork_id))
    assert [one.text for one in page.messages] == ["불", "첫째.", "옆길", "둘째."]


async def test_going_back_leaves_a_slot_where_the_story_stood(lay: Lay) -> None:
    table = await lay(ONE)
    room = await table.room()
    await table.say(room, "불")
    await table.branching.back(MessageParams(message_id=(await at(table, room, 0)).id))
    assert await shown(table, room) == ["불"]
    (slot,) = (await table.slots.list(RoomParams(room_id=room.id))).slots
    assert (slot.before, slot.position) == ("back", 3)
    assert await undo(table, room) == "back"
    assert await shown(table, room) == ["불", "첫째.", "야옹."]


async def test_a_branch_is_named_and_thrown_away_but_never_the_one_i_stand_on(lay: Lay) -> None:
    table = await lay(ONE, TWO)
    room = await table.room()
    await table.say(room, "불")
    old = (await table.view(room)).room.branch_id
    await again(table, room)
    new = (await table.view(room)).room.branch_id
    tree = await table.branching.name(BranchNameParams(branch_id=new, name="둘째 답"))
    assert [one.name for one in tree.branches] == ["", "둘째 답"]
    for kept in (old, new):
        with pytest.raises(Trouble) as caught:
            await table.branching.delete(BranchParams(branch_id=kept))
        assert refused(caught) == ("invalid_request", "branch_id")
    await table.branching.go(BranchParams(branch_id=old))
    tree = await table.branching.delete(BranchParams(branch_id=new))
    assert [one.id for one in tree.branches] == [old]
    assert (await at(table, room, 1)).alternatives == 1
    assert await undo(table, room) == "branch_delete"
    assert (await at(table, room, 1)).alternatives == 2


async def test_a_slot_stays_where_it_was_put(lay: Lay) -> None:
    table = await lay(ONE, TWO)
    room = await table.room()
    await table.say(room, "불")
    (slot,) = (await table.slots.save(SlotSaveParams(room_id=room.id, name=" 갈림길 "))).slots
    assert (slot.name, slot.before, slot.position, slot.last_line) == ("갈림길", None, 3, "야옹.")
    await table.say(room, "물")
    await table.slots.go(SlotParams(slot_id=slot.id))
    assert await shown(table, room) == ["불", "첫째.", "야옹."]
    await table.slots.name(SlotNameParams(slot_id=slot.id, name="새 이름"))
    gone = await table.slots.delete(SlotParams(slot_id=slot.id))
    assert gone.slots == ()
    with pytest.raises(Trouble):
        await table.slots.go(SlotParams(slot_id=slot.id))
    assert [await undo(table, room) for _ in range(4)] == [
        "slot_delete", "slot_name", "go", "slot_save",
    ]  # fmt: skip
    assert (await table.slots.list(RoomParams(room_id=room.id))).slots == ()
    assert await redo(table, room) == "slot_save"
    (back,) = (await table.slots.list(RoomParams(room_id=room.id))).slots
    assert back == slot


async def test_of_two_ways_below_an_alternative_the_one_used_last_is_shown(lay: Lay) -> None:
    table = await lay(ONE, TWO, THREE, texts("[하루]: 넷째."))
    room = await table.room()
    await table.say(room, "불")
    await table.say(room, "물")
    await again(table, room)
    assert await shown(table, room) == ["불", "첫째.", "야옹.", "물", "셋째."]
    await table.branching.switch(SwitchParams(message_id=(await at(table, room, 4)).id, to=1))
    await again(table, room, (await at(table, room, 1)).id)
    assert await shown(table, room) == ["불", "넷째."]
    await table.branching.switch(SwitchParams(message_id=(await at(table, room, 1)).id, to=1))
    assert await shown(table, room) == ["불", "첫째.", "야옹.", "물", "둘째."]
