"""Rooms on their shelf: order, archive, search, copies, clearing, the trash and its end."""

import pytest
from msgspec.structs import replace

from desktop.protocol.base import UtcMs
from desktop.protocol.events import RoomChanged, RoomDeleted
from desktop.protocol.methods import (
    AgainParams,
    HideParams,
    RoomCreateParams,
    RoomDuplicateParams,
    RoomListParams,
    RoomOrderParams,
    RoomParams,
    RoomShelf,
    SessionResetParams,
    SlotParams,
    SlotSaveParams,
    StageParams,
)
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble
from desktop.services.sessions import Sessions
from desktop.store import lanes, messages, summaries
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.summaries import SummaryRow
from tests.doubles.scripted_provider import hanging, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table
from tests.store.rows import NOW, a_message

ANSWER = texts("[하루]: 왔나.")
DAY = 86_400_000


async def titled(table: Table, *titles: str) -> list[Room]:
    return [(await table.rooms.create(RoomCreateParams(title=title))).room for title in titles]


async def listed(table: Table, which: RoomShelf = "active", query: str = "") -> list[str]:
    found = await table.shelf.list(RoomListParams(which=which, query=query))
    return [room.title for room in found.rooms]


async def rows(table: Table, sql: str) -> list[tuple[object, ...]]:
    async with table.database.reading() as session:
        return [tuple(row) for row in await session.all(sql)]


async def test_titles_are_found_whatever_their_case_and_spaces(lay: Lay) -> None:
    table = await lay(ANSWER)
    await titled(table, "안개 항로", "Night TRAIN", "cafe\u0301", "100%")
    assert await listed(table, query="개항") == ["안개 항로"]
    assert await listed(table, query="night train") == ["Night TRAIN"]
    assert await listed(table, query="CAFÉ") == ["cafe\u0301"]
    assert await listed(table, query="%") == ["100%"]
    assert await listed(table, query="없음") == []


async def test_rooms_keep_the_order_they_are_put_in_and_new_ones_come_first(lay: Lay) -> None:
    table = await lay(ANSWER)
    one, two, three = await titled(table, "하나", "둘", "셋")
    told = len(table.page.of(RoomChanged))
    await table.shelf.order(RoomOrderParams(room_ids=(two.id, one.id, three.id, two.id)))
    assert await listed(table) == ["둘", "하나", "셋"]
    assert len(table.page.of(RoomChanged)) == told + 3
    await table.say(await _played(table, three))
    await titled(table, "넷")
    assert await listed(table) == ["넷", "둘", "하나", "셋"]
    with pytest.raises(Trouble):
        await table.shelf.order(RoomOrderParams(room_ids=("x",)))
    assert await listed(table) == ["넷", "둘", "하나", "셋"]


async def _played(table: Table, room: Room) -> Room:
    return await table.rooms.stage(StageParams(room_id=room.id, stage=STAGE))


async def test_an_archived_room_is_off_the_table_until_it_is_fetched(lay: Lay) -> None:
    table = await lay(ANSWER)
    one, _ = await titled(table, "하나", "둘")
    archived = await table.shelf.archive(RoomParams(room_id=one.id))
    assert archived.archived_at is not None
    assert (await listed(table), await listed(table, "archived")) == (["둘"], ["하나"])
    assert [room.title for room in await table.rooms.list()] == ["둘"]
    back = await table.shelf.unarchive(RoomParams(room_id=one.id))
    assert back == replace(one, archived_at=None)
    assert table.page.of(RoomChanged)[-1].room == back
    await table.shelf.archive(RoomParams(room_id=one.id))
    await table.rooms.trash(RoomParams(room_id=one.id))
    assert (await listed(table, "archived"), await listed(table, "trashed")) == ([], ["하나"])


async def test_a_copy_has_the_stage_and_if_wanted_what_the_path_shows(lay: Lay) -> None:
    table = await lay(ANSWER, texts("[나비]: 야옹."), ANSWER)
    room = await table.room()
    await table.say(room, "불")
    again = await table.turns.again(AgainParams(room_id=room.id))
    await table.ended(again.turn.id)
    first = (await table.view(room)).messages[0]
    await table.messages.hide(HideParams(message_id=first.id, hidden=True))
    bare = await table.shelf.duplicate(RoomDuplicateParams(room_id=room.id, title="빈 자리"))
    assert (bare.room.stage, bare.messages) == (room.stage, ())
    params = RoomDuplicateParams(room_id=room.id, title="사본", with_story=True)
    copy = await table.shelf.duplicate(params)
    assert [(one.text, one.hidden, one.alternatives) for one in copy.messages] == [
        ("불", True, 1), ("야옹.", False, 1),
    ]  # fmt: skip
    assert (copy.room.message_count, copy.room.last_line) == (2, "야옹.")
    table.page.messages |= {one.id: one for one in copy.messages}
    sent = await table.turns.again(AgainParams(room_id=copy.room.id))
    await table.ended(sent.turn.id)
    assert [one.text for one in (await table.view(copy.room)).messages] == ["불", "왔나."]
    assert [one.text for one in (await table.view(room)).messages] == ["불", "야옹."]


async def test_a_copy_has_the_summaries_that_still_hold_at_their_places(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    async with table.database.transaction() as session:
        said = [a_message(str(number)) for number in range(12)]
        await messages.append(session, room.branch_id, said, NOW)
        for position, text in ((4, "넷까지"), (9, "아홉까지"), (12, "모두")):
            mark = await timeline_fingerprint(session, room.branch_id, position)
            row = SummaryRow(
                id=f"s{position}", room_id=room.id, branch_id=room.branch_id, position=position,
                fingerprint=mark if position != 9 else "another", created_at=NOW, text=text,
            )  # fmt: skip
            await summaries.add(session, row)
    params = RoomDuplicateParams(room_id=room.id, title="사본", with_story=True)
    copy = (await table.shelf.duplicate(params)).room
    async with table.database.reading() as session:
        found = await summaries.of_room(session, copy.id)
        marks = [await timeline_fingerprint(session, copy.branch_id, n) for n in (12, 4)]
    assert [(one.position, one.text) for one in found] == [(12, "모두"), (4, "넷까지")]
    assert [one.fingerprint for one in found] == marks
    assert {one.branch_id for one in found} == {copy.branch_id}


async def test_a_long_story_is_copied_whole_and_in_order(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    async with table.database.transaction() as session:
        said = [a_message(str(number)) for number in range(1_203)]
        await messages.append(session, room.branch_id, said, NOW)
    params = RoomDuplicateParams(room_id=room.id, title="사본", with_story=True)
    copy = (await table.shelf.duplicate(params)).room
    async with table.database.reading() as session:
        path = await messages.newest(session, copy.branch_id, 2_000)
    assert [one.text for one in path] == [str(number) for number in range(1_203)]
    assert {one.room_id for one in path} == {copy.id}


async def test_clearing_begins_anew_and_can_be_undone(lay: Lay) -> None:
    table = await lay(ANSWER, texts("[나비]: 야옹."))
    room = await table.room()
    await table.say(room, "불")
    before = await table.view(room)
    await _lane(table, room)
    path = await table.shelf.clear(RoomParams(room_id=room.id))
    assert (path.messages, path.last_turn, path.room.message_count) == ((), None, 0)
    assert table.page.path(room.id) == []
    assert await rows(table, "SELECT count(*) FROM lane") == [(0,)]
    await table.say(room, "새로")
    assert "불" not in table.provider.requests[-1].prompt
    line = (await table.view(room)).messages[0]
    assert (line.position, line.alternatives) == (1, 1)
    await table.story.undo(RoomParams(room_id=room.id))
    after = await table.view(room)
    assert after.messages == before.messages
    assert after.last_turn is not None


async def test_clearing_an_empty_room_does_nothing(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    path = await table.shelf.clear(RoomParams(room_id=room.id))
    assert path.room.branch_id == room.branch_id
    assert (await table.slots.list(RoomParams(room_id=room.id))).slots == ()


async def test_clearing_stops_the_answer_and_keeps_it(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔"))
    room = await table.room()
    await table.send(room, "불")
    await table.heard("왔")
    await table.shelf.clear(RoomParams(room_id=room.id))
    (slot,) = (await table.slots.list(RoomParams(room_id=room.id))).slots
    await table.slots.go(SlotParams(slot_id=slot.id))
    assert [one.text for one in (await table.view(room)).messages] == ["불", "왔"]


async def test_only_what_lies_in_the_trash_is_deleted_for_good(lay: Lay) -> None:
    table = await lay(ANSWER, texts("[나비]: 야옹."))
    room, other = await table.room(), await table.room()
    await table.say(room, "불")
    sent = await table.turns.again(AgainParams(room_id=room.id))
    await table.ended(sent.turn.id)
    with pytest.raises(Trouble) as caught:
        await table.shelf.delete_forever(RoomParams(room_id=room.id))
    assert caught.value.problem.code == "invalid_request"
    await table.rooms.trash(RoomParams(room_id=room.id))
    await table.shelf.delete_forever(RoomParams(room_id=room.id))
    assert table.page.of(RoomDeleted)[-1].room_id == room.id
    for table_name in ("message", "turn", "branch", "slot", "stage"):
        left = await rows(table, f"SELECT DISTINCT room_id FROM {table_name}")
        assert left in ([], [(other.id,)])
    with pytest.raises(Trouble):
        await table.view(room)


async def test_the_trash_is_emptied_of_what_is_older_than_thirty_days_only(lay: Lay) -> None:
    table = await lay(ANSWER)
    old, young, kept = await titled(table, "옛것", "새것", "남는 것")
    now = table.clock.now_ms()
    async with table.database.transaction() as session:
        for room, days in ((old, 31), (young, 29)):
            at = UtcMs(now - days * DAY)
            await session.run("UPDATE room SET trashed_at = ? WHERE id = ?", at, room.id)
    assert await table.shelf.purge() == 1
    assert (await listed(table), await listed(table, "trashed")) == (["남는 것"], ["새것"])
    assert [one.room_id for one in table.page.of(RoomDeleted)] == [old.id]
    assert kept.id


async def test_an_old_cleared_story_goes_unless_a_saved_slot_leads_to_it(lay: Lay) -> None:
    for saved in (False, True):
        table = await lay(ANSWER)
        room = await table.room()
        await table.say(room, "불")
        if saved:
            await table.slots.save(SlotSaveParams(room_id=room.id, name="여기"))
        await table.shelf.clear(RoomParams(room_id=room.id))
        await table.shelf.purge()
        assert await rows(table, "SELECT count(*) FROM message") == [(2,)], "not old yet"
        async with table.database.transaction() as session:
            await session.run("UPDATE branch SET trashed_at = 1 WHERE trashed_at IS NOT NULL")
        await table.shelf.purge()
        assert await rows(table, "SELECT count(*) FROM message") == [(2 if saved else 0,)]
        assert (await table.view(room)).messages == ()


async def _lane(table: Table, room: Room) -> None:
    lane = lanes.Lane(
        room_id=room.id,
        provider="scripted",
        session="s1",
        branch_id=room.branch_id,
        upto=2,
        fingerprint="f",
        updated_at=NOW,
    )
    async with table.database.transaction() as session:
        await lanes.keep(session, lane)
        assert await lanes.find(session, room.id, "", "scripted") == lane


async def test_sessions_are_reset_in_one_room_or_in_all(lay: Lay) -> None:
    table = await lay(ANSWER)
    one, two, three = [await table.room() for _ in range(3)]
    let_go: list[str | None] = []
    sessions = Sessions(table.database, let_go.append)
    for room in (one, two, three):
        await _lane(table, room)
    assert (await sessions.reset(SessionResetParams(room_id=one.id))).count == 1
    assert (await sessions.reset(SessionResetParams())).count == 2
    assert (await sessions.reset(SessionResetParams())).count == 0
    assert let_go == [one.id, None, None]
    with pytest.raises(Trouble):
        await sessions.reset(SessionResetParams(room_id="x"))
