"""What a person may do to the story: each act, what the page is told, and how it is undone."""

import pytest
from msgspec.structs import replace

from desktop.protocol.events import (
    HistoryChanged,
    MessageAdded,
    MessageChanged,
    MessageGrew,
    MessageRemoved,
    PathChanged,
    RoomChanged,
)
from desktop.protocol.methods import (
    AgainParams,
    BranchNameParams,
    BranchParams,
    ContinueParams,
    DeleteParams,
    EditParams,
    ForkParams,
    HideParams,
    MessageParams,
    PageParams,
    RoomParams,
    RoomRenameParams,
    SlotNameParams,
    SlotParams,
    SlotSaveParams,
    StageParams,
    SwitchParams,
)
from desktop.protocol.models import Message, Room
from desktop.protocol.problems import Trouble
from desktop.protocol.story import UndoState
from tests.doubles.scripted_provider import hanging, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table

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


async def test_an_edit_keeps_the_earlier_text_and_the_ai_sees_the_new_one(lay: Lay) -> None:
    table = await lay(ONE, TWO)
    room = await table.room()
    await table.say(room, "불")
    answer = await at(table, room, 1)
    told = await table.messages.edit(EditParams(message_id=answer.id, text="고친 말\r\n"))
    assert (told.text, told.edited_at is not None) == ("고친 말\n", True)
    assert table.page.of(MessageChanged)[-1].message == told
    versions = await table.messages.versions(MessageParams(message_id=answer.id))
    assert [one.text for one in versions.earlier] == ["첫째."]
    await table.say(room, "다음")
    assert "고친 말" in table.provider.requests[-1].prompt
    assert "첫째" not in table.provider.requests[-1].prompt


async def test_an_edit_to_nothing_or_to_the_same_is_no_edit(lay: Lay) -> None:
    table = await lay(ONE)
    room = await table.room()
    await table.say(room, "불")
    line = await at(table, room, 0)
    told = len(table.page.events)
    with pytest.raises(Trouble) as caught:
        await table.messages.edit(EditParams(message_id=line.id, text=" \n"))
    assert refused(caught) == ("invalid_request", "text")
    assert await table.messages.edit(EditParams(message_id=line.id, text="불")) == line
    assert len(table.page.events) == told


async def test_a_hidden_message_is_shown_to_me_and_not_to_the_ai(lay: Lay) -> None:
    table = await lay(ONE, TWO, THREE)
    room = await table.room()
    await table.say(room, "불")
    answer = await at(table, room, 1)
    hidden = await table.messages.hide(HideParams(message_id=answer.id, hidden=True))
    assert hidden == replace(answer, hidden=True)
    assert await shown(table, room) == ["불", "첫째.", "야옹."]
    await table.say(room, "다음")
    assert "첫째" not in table.provider.requests[-1].prompt
    await table.messages.hide(HideParams(message_id=answer.id, hidden=False))
    await table.say(room, "그다음")
    assert "첫째" in table.provider.requests[-1].prompt


async def test_one_deleted_message_goes_alone_and_comes_back_to_its_place(lay: Lay) -> None:
    table = await lay(ONE)
    room = await table.room()
    await table.say(room, "불")
    answer = await at(table, room, 1)
    after = await table.messages.delete(DeleteParams(message_id=answer.id))
    assert after.message_count == 2
    assert table.page.of(MessageRemoved)[-1].message_id == answer.id
    assert await shown(table, room) == ["불", "야옹."]
    assert await undo(table, room) == "delete"
    assert table.page.of(MessageAdded)[-1].message == answer
    assert await shown(table, room) == ["불", "첫째.", "야옹."]
    assert await redo(table, room) == "delete"
    assert await shown(table, room) == ["불", "야옹."]


async def test_a_line_whose_answer_was_deleted_is_answered_in_its_branch(lay: Lay) -> None:
    table = await lay(TWO, THREE)
    room = await table.room()
    await table.say(room, "불")
    await table.messages.delete(DeleteParams(message_id=(await at(table, room, 1)).id))
    await again(table, room)
    assert await shown(table, room) == ["불", "셋째."]


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


async def test_a_message_grows_if_its_speaker_goes_on(lay: Lay) -> None:
    table = await lay(TWO, texts("[하루]: 그리고.\n[나비]: 야옹."))
    room = await table.room()
    await table.say(room, "불")
    answer = await at(table, room, 1)
    sent = await table.turns.continue_message(ContinueParams(message_id=answer.id))
    await table.ended(sent.turn.id)
    assert await shown(table, room) == ["불", "둘째.\n그리고.", "야옹."]
    assert {one.message_id for one in table.page.of(MessageGrew)} >= {answer.id}
    versions = await table.messages.versions(MessageParams(message_id=answer.id))
    assert [one.text for one in versions.earlier] == ["둘째."]
    assert table.provider.requests[-1].prompt.count("둘째.") == 1
    assert (await table.view(room)).room.message_count == 3
    assert await undo(table, room) == "continue"
    assert await shown(table, room) == ["불", "둘째.", "야옹."]


async def test_another_speaker_goes_on_in_a_message_of_its_own(lay: Lay) -> None:
    table = await lay(TWO, texts("[나비]: 야옹."))
    room = await table.room()
    await table.say(room, "불")
    sent = await table.turns.go_on(RoomParams(room_id=room.id))
    await table.ended(sent.turn.id)
    assert await shown(table, room) == ["불", "둘째.", "야옹."]


async def test_only_the_newest_message_of_an_ai_is_continued(lay: Lay) -> None:
    table = await lay(ONE)
    room = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.turns.go_on(RoomParams(room_id=room.id))
    assert caught.value.problem.code == "nothing_to_say"
    await table.say(room, "불")
    for index in (0, 1):
        message = await at(table, room, index)
        with pytest.raises(Trouble) as caught:
            await table.turns.continue_message(ContinueParams(message_id=message.id))
        assert refused(caught) == ("invalid_request", "message_id")


async def test_a_stopped_message_that_is_continued_loses_nothing_when_it_fails(lay: Lay) -> None:
    from tests.doubles.scripted_provider import cut

    table = await lay(TWO, cut(code="network"))
    room = await table.room()
    await table.say(room, "불")
    sent = await table.turns.go_on(RoomParams(room_id=room.id))
    turn = await table.ended(sent.turn.id)
    assert turn.outcome == "failed"
    assert await shown(table, room) == ["불", "둘째."]
    assert (await at(table, room, 1)).status == "complete"


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


async def test_while_an_answer_comes_the_story_stays_as_it_is(lay: Lay) -> None:
    table = await lay(TWO, hanging("[하루]: 왔"))
    room = await table.room()
    await table.say(room, "불")
    await table.messages.hide(HideParams(message_id=(await at(table, room, 1)).id, hidden=True))
    first = (await at(table, room, 0)).id
    await table.send(room, "물")
    await table.heard("왔")
    for act in (
        table.messages.edit(EditParams(message_id=first, text="빛")),
        table.messages.delete(DeleteParams(message_id=first)),
        table.branching.fork(ForkParams(message_id=first)),
        table.story.undo(RoomParams(room_id=room.id)),
    ):
        with pytest.raises(Trouble) as caught:
            await act
        assert caught.value.problem.code == "busy"
    await table.turns.stop_in(room.id)
    assert await shown(table, room) == ["불", "둘째.", "물", "왔"]


async def test_what_is_not_there_is_not_found(lay: Lay) -> None:
    table = await lay(ONE)
    for act in (
        table.messages.edit(EditParams(message_id="x", text="a")),
        table.messages.hide(HideParams(message_id="x", hidden=True)),
        table.messages.delete(DeleteParams(message_id="x")),
        table.messages.versions(MessageParams(message_id="x")),
        table.branching.switch(SwitchParams(message_id="x", to=1)),
        table.branching.fork(ForkParams(message_id="x")),
        table.branching.back(MessageParams(message_id="x")),
        table.branching.go(BranchParams(branch_id="x")),
        table.branching.name(BranchNameParams(branch_id="x", name="a")),
        table.branching.delete(BranchParams(branch_id="x")),
        table.branching.tree(RoomParams(room_id="x")),
        table.slots.list(RoomParams(room_id="x")),
        table.slots.save(SlotSaveParams(room_id="x", name="a")),
        table.slots.go(SlotParams(slot_id="x")),
        table.slots.delete(SlotParams(slot_id="x")),
        table.story.undo(RoomParams(room_id="x")),
        table.shelf.clear(RoomParams(room_id="x")),
        table.turns.continue_message(ContinueParams(message_id="x")),
    ):
        with pytest.raises(Trouble) as caught:
            await act
        assert caught.value.problem.code == "not_found"
    assert table.page.events == []


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
