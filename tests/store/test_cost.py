"""A long room costs what a short one does: counted in steps of the database, not in time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from desktop.store import messages, rooms, turns
from desktop.store.database import Database
from desktop.store.session import Session
from tests.store.rows import NOW, a_message, fork, room_with

SHORT, LONG = 200, 30_000


class Steps:
    """Virtual machine steps, in tens."""

    count = 0


@asynccontextmanager
async def counted(database: Database) -> AsyncIterator[Steps]:
    steps = Steps()

    def step() -> None:
        steps.count += 1

    await database._connection.set_progress_handler(step, 10)
    try:
        yield steps
    finally:
        await database._connection.set_progress_handler(None, 0)  # type: ignore[arg-type]


async def cost_of_everything(database: Database, how_many: int) -> dict[str, int]:
    room = await room_with(database, how_many)
    costs = {}
    async with database.transaction() as session:
        branch = await fork(session, room, room.branch_id, how_many - 10, before=how_many - 10)
        works: dict[str, Callable[[], Awaitable[object]]] = {
            "last 50": lambda: messages.newest(session, room.branch_id, 50),
            "page in the middle": lambda: messages.newest(
                session, room.branch_id, 50, before=how_many // 2
            ),
            "last 50 of a branch": lambda: messages.newest(session, branch, 50),
            "append": lambda: messages.append(session, room.branch_id, [a_message("a")], NOW),
            "append to a branch": lambda: messages.append(session, branch, [a_message("a")], NOW),
            "find a room": lambda: rooms.find(session, room.id),
            "last turn": lambda: turns.newest_ended(session, room.id),
        }
        for name, work in works.items():
            async with counted(database) as steps:
                await work()
            costs[name] = steps.count
    return costs


async def test_a_long_room_costs_what_a_short_one_does(database: Database) -> None:
    short = await cost_of_everything(database, SHORT)
    long = await cost_of_everything(database, LONG)
    assert short["last 50"] > 20, "the counter counts"
    for name, cost in long.items():
        # Each of up to five statements may fall a step of the counter earlier or later.
        assert cost <= short[name] + 5, (name, short[name], cost)


async def test_the_counter_would_notice_a_scan(database: Database) -> None:
    room = await room_with(database, LONG)
    async with database.reading() as session, counted(database) as steps:
        await session.all("SELECT count(text) FROM message WHERE branch_id = ?", room.branch_id)
    assert steps.count > LONG / 10


@pytest.mark.parametrize(
    "work",
    [
        lambda session: messages.newest(session, "b", 50, before=9, for_ai=True),
        lambda session: messages.find(session, "m"),
        lambda session: turns.newest_ended(session, "r"),
        turns.running,
        lambda session: turns.read_journal(session, "t"),
        lambda session: rooms.find(session, "r"),
        rooms.listed,
    ],
)
async def test_no_read_scans_or_sorts_a_table(
    database: Database,
    work: Callable[[Session], Awaitable[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    original = Session.all

    async def all_told(self: Session, sql: str, *values: object) -> object:
        asked.append((sql, values))
        return await original(self, sql, *values)

    await room_with(database, 3)
    monkeypatch.setattr(Session, "all", all_told)
    async with database.reading() as session:
        await work(session)
        monkeypatch.undo()
        assert asked
        for sql, values in asked:
            for row in await session.all(f"EXPLAIN QUERY PLAN {sql}", *values):
                detail = row["detail"]
                assert "TEMP B-TREE" not in detail, (sql, detail)
                assert not detail.startswith("SCAN") or "USING INDEX" in detail, (sql, detail)
