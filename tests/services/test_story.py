"""What a person may do to a message: each act, what the page is told, and how it is undone."""

import pytest
from msgspec.structs import replace

from desktop.protocol.auto import VoiceParams
from desktop.protocol.events import (
    MessageAdded,
    MessageChanged,
    MessageGrew,
    MessageRemoved,
)
from desktop.protocol.methods import (
    BranchNameParams,
    BranchParams,
    ContinueParams,
    DeleteParams,
    EditParams,
    ForkParams,
    HideParams,
    MessageParams,
    RoomParams,
    SlotParams,
    SlotSaveParams,
    SwitchParams,
)
from desktop.protocol.problems import Trouble
from tests.doubles.scripted_provider import hanging, texts
from tests.services.conftest import Lay
from tests.services.story_acts import ONE, THREE, TWO, again, at, redo, refused, shown, undo


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
    sent = await table.turns.go_on(VoiceParams(room_id=room.id))
    await table.ended(sent.turn.id)
    assert await shown(table, room) == ["불", "둘째.", "야옹."]


async def test_only_the_newest_message_of_an_ai_is_continued(lay: Lay) -> None:
    table = await lay(ONE)
    room = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.turns.go_on(VoiceParams(room_id=room.id))
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
    sent = await table.turns.go_on(VoiceParams(room_id=room.id))
    turn = await table.ended(sent.turn.id)
    assert turn.outcome == "failed"
    assert await shown(table, room) == ["불", "둘째."]
    assert (await at(table, room, 1)).status == "complete"


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
