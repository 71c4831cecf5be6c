"""The path through a tree of branches: appending, reading back, counting."""

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.protocol.models import Message
from desktop.store import branches, messages, rooms
from desktop.store.database import Database
from tests.store.rows import NOW, a_message, fork, room_with


def texts(found: tuple[Message, ...]) -> list[str]:
    return [message.text for message in found]


async def test_messages_are_stored_as_they_are_given_and_counted(database: Database) -> None:
    room = await room_with(database, 0)
    given_message = a_message("안녕 👋\n둘째 줄")
    async with database.transaction() as session:
        (stored,) = await messages.append(session, room.branch_id, [given_message], NOW)
        assert await messages.find(session, stored.id) == stored
        seen = await rooms.find(session, room.id)
    assert (stored.room_id, stored.branch_id, stored.position) == (room.id, room.branch_id, 1)
    assert (stored.id, stored.author, stored.text) == (
        given_message.id,
        given_message.author,
        given_message.text,
    )
    assert seen is not None
    assert (seen.message_count, seen.last_line) == (1, "안녕 👋 둘째 줄")


async def test_a_branch_goes_on_from_its_fork_and_its_parent_stays_whole(
    database: Database,
) -> None:
    room = await room_with(database, 5)
    async with database.transaction() as session:
        slot = await fork(session, room, room.branch_id, 3, before=3)
        (new,) = await messages.append(session, slot, [a_message("다른 길")], NOW)
        assert new.position == 4
        path = await messages.newest(session, slot, 10)
        assert texts(path) == ["1번째 말", "2번째 말", "3번째 말", "다른 길"]
        assert [message.position for message in path] == [1, 2, 3, 4]
        whole = await messages.newest(session, room.branch_id, 10)
        assert texts(whole) == [f"{number}번째 말" for number in range(1, 6)]
        seen = await rooms.find(session, room.id)
        assert seen is not None
        assert seen.message_count == 5, "another branch's growth is not the room's"
        await rooms.switch(session, room.id, slot)
        seen = await rooms.find(session, room.id)
        assert seen is not None
        assert (seen.branch_id, seen.message_count) == (slot, 4)


async def test_a_page_ends_right_before_its_position_across_branches(database: Database) -> None:
    room = await room_with(database, 5)
    async with database.transaction() as session:
        slot = await fork(session, room, room.branch_id, 3, before=3)
        await messages.append(session, slot, [a_message("a"), a_message("b")], NOW)
        assert texts(await messages.newest(session, slot, 2, before=5)) == ["3번째 말", "a"]
        assert texts(await messages.newest(session, slot, 2, before=3)) == ["1번째 말", "2번째 말"]
        assert await messages.newest(session, slot, 2, before=1) == ()
        assert texts(await messages.newest(session, slot, 9, after=3)) == ["a", "b"]


async def test_deleted_messages_are_off_the_path_and_hidden_ones_off_the_ai(
    database: Database,
) -> None:
    room = await room_with(database, 4)
    async with database.transaction() as session:
        await session.run("UPDATE message SET deleted_at = 1 WHERE position = 2")
        await session.run("UPDATE message SET hidden = 1 WHERE position = 3")
        seen = await messages.newest(session, room.branch_id, 3)
        assert [message.position for message in seen] == [1, 3, 4]
        shown = await messages.newest(session, room.branch_id, 3, for_ai=True)
        assert [message.position for message in shown] == [1, 4]


async def test_a_position_is_taken_only_once(database: Database) -> None:
    room = await room_with(database, 2)
    with pytest.raises(sqlite3.IntegrityError):
        async with database.transaction() as session:
            await session.run(
                "UPDATE message SET position = 1 WHERE branch_id = ? AND position = 2",
                room.branch_id,
            )


async def test_every_earlier_text_of_a_message_is_kept(database: Database) -> None:
    room = await room_with(database, 1)
    async with database.transaction() as session:
        (message,) = await messages.newest(session, room.branch_id, 1)
        await messages.change_text(session, message.id, "고친 말", NOW)
        await messages.change_text(session, message.id, "또 고친 말", NOW)
        changed = await messages.find(session, message.id)
        rows = await session.all("SELECT version, text FROM message_text ORDER BY version")
    assert changed is not None
    assert changed.text == "또 고친 말"
    assert [tuple(row) for row in rows] == [(1, "1번째 말"), (2, "고친 말")]


async def test_appending_to_no_branch_is_an_error(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.transaction() as session:
            await messages.append(session, "nowhere", [a_message("a")], NOW)


TREES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=8
)


@given(tree=TREES, limit=st.integers(1, 12), before=st.integers(1, 14))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_path_reads_as_its_ancestors_put_end_to_end(
    database: Database, tree: list[tuple[int, int, int]], limit: int, before: int
) -> None:
    """Each (parent, fork, length) adds a branch; a plain list is kept beside it as the truth."""
    room = await room_with(database, 3)
    async with database.transaction() as session:
        first = await messages.newest(session, room.branch_id, 3)
        truth = {room.branch_id: [message.id for message in first]}
        for parent_number, fork_at, length in tree:
            parent = list(truth)[parent_number % len(truth)]
            position = fork_at % (len(truth[parent]) + 1)
            branch = await fork(session, room, parent, position, before=position)
            said = [a_message("x") for _ in range(length)]
            stored = await messages.append(session, branch, said, NOW)
            truth[branch] = truth[parent][:position] + [message.id for message in stored]
        for branch, ids in truth.items():
            page = await messages.newest(session, branch, limit, before=before)
            assert [one.id for one in page] == ids[: before - 1][-limit:]
            assert [one.position for one in page] == list(range(1, len(ids) + 1))[: before - 1][
                -limit:
            ]
            found = await branches.find(session, branch)
            assert found is not None
            assert found.message_count == found.tip_position == len(ids)
