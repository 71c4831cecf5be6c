"""The tree's rows: what a lane may trust, what everything costs, what an old file becomes."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from desktop.store import alternatives, branches, lanes, messages, migration, rooms, slots
from desktop.store.branches import Branch, Point
from desktop.store.changes import DeletedSet, StandSet, apply, apply_all
from desktop.store.database import Database
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.session import Session
from tests.store.rows import NOW, a_message, fork, new_id, room_with
from tests.store.test_cost import counted


async def said(session: Session, branch_id: str, position: int) -> str:
    (found,) = await messages.newest(session, branch_id, 1, before=position + 1)
    return found.id


async def test_a_fingerprint_changes_exactly_with_what_the_ai_was_shown(
    database: Database,
) -> None:
    room = await room_with(database, 6)
    branch = room.branch_id
    async with database.transaction() as session:
        third = await said(session, branch, 3)
        fifth = await said(session, branch, 5)

        async def name(upto: int = 4) -> str:
            return await timeline_fingerprint(session, branch, upto)

        first = await name()
        await messages.append(session, branch, [a_message("나중")], NOW)
        await messages.change_text(session, fifth, "나중에 고친 말", NOW)
        assert await name() == first, "what comes later was not shown"
        seen = {first}
        await messages.change_text(session, third, "고친 말", NOW)
        assert await name() not in seen
        seen.add(await name())
        await messages.set_hidden(session, third, hidden=True)
        assert await name() not in seen
        hidden = await name()
        await messages.change_text(session, third, "숨은 채 고친 말", NOW)
        await messages.set_deleted(session, third, NOW)
        assert await name() == hidden, "nothing of it was shown, nothing of it is"
        await messages.set_deleted(session, third, None)
        await messages.change_text(session, third, "3번째 말", NOW)
        await messages.set_hidden(session, third, hidden=False)
        assert await name() == first, "all of it was taken back"


async def test_a_fingerprint_is_of_a_path_whatever_branch_is_asked(database: Database) -> None:
    room = await room_with(database, 6)
    async with database.transaction() as session:
        slot = await fork(session, room, room.branch_id, 4, before=4)
        await messages.append(session, slot, [a_message("a"), a_message("b")], NOW)
        deep = await fork(session, room, slot, 5, before=5)
        for upto, same in ((3, True), (4, True), (5, False), (6, False)):
            names = [
                await timeline_fingerprint(session, branch, upto)
                for branch in (room.branch_id, slot)
            ]
            assert (names[0] == names[1]) == same
        at_five = [await timeline_fingerprint(session, one, 5) for one in (slot, deep)]
        assert at_five[0] == at_five[1]
        second = await said(session, deep, 2)
        await messages.set_hidden(session, second, hidden=True)
        assert await timeline_fingerprint(session, deep, 5) != at_five[0]
        with pytest.raises(LookupError):
            await timeline_fingerprint(session, "x", 1)


async def test_notes_and_failed_answers_were_never_shown(database: Database) -> None:
    room = await room_with(database, 1)
    async with database.transaction() as session:
        (note,) = await messages.append(
            session, room.branch_id, [a_message("쪽지", kind="note")], NOW
        )
        name = await timeline_fingerprint(session, room.branch_id, 2)
        await messages.change_text(session, note.id, "다른 쪽지", NOW)
        assert await timeline_fingerprint(session, room.branch_id, 2) == name


async def test_a_lane_is_kept_replaced_and_forgotten(database: Database) -> None:
    room, other = await room_with(database, 0), await room_with(database, 0)

    def lane(room_id: str, speaker: str, session_id: str) -> lanes.Lane:
        return lanes.Lane(
            room_id=room_id,
            speaker=speaker,
            provider="claude",
            session=session_id,
            branch_id="b",
            upto=3,
            fingerprint="f",
            updated_at=NOW,
        )

    async with database.transaction() as session:
        for one in (lane(room.id, "", "s1"), lane(room.id, "haru", "s2"), lane(other.id, "", "s3")):
            await lanes.keep(session, one)
        await lanes.keep(session, lane(room.id, "", "s4"))
        assert await lanes.find(session, room.id, "", "claude") == lane(room.id, "", "s4")
        await lanes.forget(session, room.id, "haru", "claude")
        assert await lanes.find(session, room.id, "haru", "claude") is None
        assert await lanes.forget_all(session, room.id) == 1
        assert await lanes.forget_all(session) == 1


async def cost_of_the_tree(database: Database, how_many: int) -> dict[str, int]:
    room = await room_with(database, how_many)
    main = room.branch_id
    middle = Point(branch_id=main, position=how_many // 2)
    async with database.transaction() as session:
        branch = await fork(session, room, main, middle.position, before=middle.position)
        await messages.append(session, branch, [a_message("다른 말")], NOW)
        old = await said(session, main, middle.position - 5)
        (page_before, *page) = await messages.newest(session, branch, 61)
        head = (await alternatives.heads(session, middle))[0]
        works: dict[str, Callable[[], Awaitable[object]]] = {
            "fork": lambda: branches.add(
                session,
                Branch(
                    id=new_id(),
                    room_id=room.id,
                    parent_id=main,
                    fork_position=middle.position,
                    tip_position=middle.position,
                    message_count=middle.position,
                    created_at=NOW,
                ),
            ),
            "count": lambda: branches.count_at(session, middle),
            "place": lambda: branches.point_at(session, branch, middle.position - 1),
            "page": lambda: alternatives.marked(session, page, page_before),
            "leaf": lambda: alternatives.newest_leaf(session, head),
            "switch": lambda: apply(session, StandSet(room_id=room.id, branch_id=branch), NOW),
            "delete": lambda: apply(session, DeletedSet(message_id=old, at=NOW), NOW),
            "undo": lambda: apply_all(
                session,
                (DeletedSet(message_id=old, at=None), StandSet(room_id=room.id, branch_id=main)),
                NOW,
            ),
            "fingerprint": lambda: timeline_fingerprint(session, branch, middle.position),
            "next": lambda: messages.first_after(session, branch, middle.position - 3),
            "slots": lambda: slots.listed(session, room.id),
            "tree": lambda: branches.in_room(session, room.id),
            "lifted": lambda: branches.hidden_above(session, branch),
        }
        costs = {}
        for name, work in works.items():
            async with counted(database) as steps:
                await work()
            costs[name] = steps.count
    return costs


async def test_the_tree_of_a_long_room_costs_what_that_of_a_short_one_does(
    database: Database,
) -> None:
    short = await cost_of_the_tree(database, 200)
    long = await cost_of_the_tree(database, 20_000)
    assert short["page"] > 5, "the counter counts"
    for name, cost in long.items():
        # Each statement may fall a step of the counter earlier or later.
        assert cost <= short[name] + 10, (name, short[name], cost)


def _first_schema(path: Path) -> None:
    """A file as the very first version left it: an answer with an alternative, and a lane."""
    file = sqlite3.connect(path)
    file.executescript((migration.FOLDER / "0001_rooms_are_trees.sql").read_text("utf-8"))
    file.executescript("""
        PRAGMA user_version = 1;
        BEGIN;
        INSERT INTO room (id, title, branch_id, message_count, last_line, created_at, updated_at)
          VALUES ('r', '등대', 'alt', 2, '둘째', 1, 5);
        INSERT INTO stage VALUES ('r', '{}');
        INSERT INTO branch (id, room_id, tip_position, message_count, kind, created_at)
          VALUES ('main', 'r', 2, 2, 'main', 1);
        INSERT INTO branch (id, room_id, parent_id, fork_position, tip_position, message_count,
                            kind, created_at)
          VALUES ('alt', 'r', 'main', 1, 2, 2, 'alternative', 3);
        INSERT INTO turn (id, room_id, branch_id, line_id, provider, outcome, started_at)
          VALUES ('t', 'r', 'alt', 'm1', 'claude', 'complete', 3);
        INSERT INTO message (id, room_id, branch_id, position, turn_id, author_kind, author_name,
                             status, created_at, text) VALUES
          ('m1', 'r', 'main', 1, 't', 'user', '나', 'complete', 1, '불'),
          ('m2', 'r', 'main', 2, NULL, 'character', '하루', 'complete', 2, '첫째'),
          ('m3', 'r', 'alt', 2, 't', 'character', '하루', 'complete', 3, '둘째');
        INSERT INTO message_text VALUES ('m2', 1, 2, '처음');
        INSERT INTO lane VALUES ('r', '', 'claude', 's', 4);
        COMMIT;
    """)
    file.close()


async def test_a_file_of_the_first_version_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "table.db"
    _first_schema(path)
    database = await Database.open(path)
    async with database.transaction() as session:
        room = await rooms.find(session, "r")
        assert room is not None
        assert (room.title, room.message_count, room.archived_at, room.sort_order) == (
            "등대",
            2,
            None,
            0,
        )
        path_now = await alternatives.marked(session, await messages.newest(session, "alt", 9))
        assert [(one.text, one.alternative, one.alternatives) for one in path_now] == [
            ("불", 1, 1),
            ("둘째", 2, 2),
        ]
        assert [one.text for one in await messages.newest(session, "main", 9)] == ["불", "첫째"]
        assert [one.text for one in await messages.earlier_texts(session, "m2")] == ["처음"]
        old = await branches.find(session, "alt")
        assert old is not None
        assert (old.used_at, old.trashed_at, old.cut_position) == (3, None, None)
        lane = await lanes.find(session, "r", "", "claude")
        assert lane is not None
        assert lane.session == "s"
        assert lane.fingerprint != await timeline_fingerprint(session, "alt", lane.upto)
        before = await timeline_fingerprint(session, "alt", 2)
        await messages.change_text(session, "m1", "빛", NOW)
        assert await timeline_fingerprint(session, "alt", 2) != before
    await database.close()
