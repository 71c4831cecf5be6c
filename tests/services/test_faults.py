"""The disk fails at every write of what a person does: told, nothing half, the next works."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from desktop.protocol.events import TurnEnded
from desktop.protocol.methods import DeleteParams, EditParams, RoomCreateParams, RoomParams
from desktop.protocol.models import Room
from desktop.protocol.problems import Problem, Trouble
from desktop.store.database import Database
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table

FAULTS = (
    (sqlite3.SQLITE_FULL, "SQLITE_FULL", "storage_full"),
    (sqlite3.SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE", "storage_failed"),
    (sqlite3.SQLITE_BUSY, "SQLITE_BUSY", "storage_failed"),
    (sqlite3.SQLITE_READONLY, "SQLITE_READONLY", "storage_failed"),
    (sqlite3.SQLITE_CANTOPEN, "SQLITE_CANTOPEN", "storage_failed"),
)
"""A full disk; a broken one; a file somebody else holds; no right to write; no right to open."""
WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE", "COMMIT")


class Faulty:
    """Stands before the driver and fails at the write of a number, once."""

    def __init__(self, database: Database) -> None:
        self.connection = database._connection
        self.fetchall = self.connection.execute_fetchall
        self.executemany = self.connection.executemany
        self.writes = 0
        self.fails_at = 0
        self.fault = FAULTS[0]
        self.connection.execute_fetchall = self._all  # type: ignore[assignment, method-assign]
        self.connection.executemany = self._many  # type: ignore[assignment, method-assign]

    def arm(self, number: int) -> None:
        """Fail at that write from now on; 0 never fails."""
        self.writes, self.fails_at = 0, number
        self.fault = FAULTS[number % len(FAULTS)]

    def _count(self, sql: str) -> None:
        if sql.lstrip().upper().startswith(WRITES):
            self.writes += 1
            if self.writes == self.fails_at:
                error = sqlite3.OperationalError("made to fail")
                error.sqlite_errorcode, error.sqlite_errorname, _ = self.fault
                raise error

    async def _all(self, sql: str, parameters: Iterable[Any] | None = None) -> Any:
        self._count(sql)
        return await self.fetchall(sql, parameters)

    async def _many(self, sql: str, parameters: Any) -> Any:
        self._count(sql)
        return await self.executemany(sql, parameters)


async def dump(table: Table) -> list[tuple[Any, ...]]:
    """Every row there is, but for the index of words, which follows by itself."""
    async with table.database.reading() as session:
        named = await session.all(
            """SELECT name FROM sqlite_master WHERE type = 'table'
               AND name NOT LIKE 'message_search%' AND name NOT LIKE 'sqlite_%' ORDER BY name"""
        )
        return [
            (one["name"], *row)
            for one in named
            for row in await session.all(f"SELECT * FROM {one['name']}")
        ]


async def trouble_of(done: Awaitable[object]) -> Problem | None:
    try:
        await done
    except Trouble as trouble:
        return trouble.problem
    return None


async def create(table: Table, _room: Room) -> None:
    await table.rooms.create(RoomCreateParams(title="새 방"))


async def edit(table: Table, room: Room) -> None:
    first = (await table.view(room)).messages[0]
    await table.messages.edit(EditParams(message_id=first.id, text=f"{first.text} 고침"))


async def delete(table: Table, room: Room) -> None:
    newest = (await table.view(room)).messages[-1]
    await table.messages.delete(DeleteParams(message_id=newest.id))


async def clear(table: Table, room: Room) -> None:
    await table.shelf.clear(RoomParams(room_id=room.id))


async def trash(table: Table, room: Room) -> None:
    await table.rooms.trash(RoomParams(room_id=room.id))


ACTS: dict[str, Callable[[Table, Room], Awaitable[None]]] = {
    "create": create,
    "edit": edit,
    "delete": delete,
    "clear": clear,
    "trash": trash,
}


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_is_done_wholly_or_not_at_all_whatever_write_fails(
    lay: Lay, name: str
) -> None:
    table = await lay(*[texts("[하루]: 켰어.")] * 3)
    room = await table.room(STAGE)
    await table.say(room)
    await table.say(room)
    faulty, act = Faulty(table.database), ACTS[name]
    number = 0
    while True:
        number += 1
        faulty.arm(number)
        before = await dump(table)
        told = await trouble_of(act(table, room))
        _, name_of_it, code = faulty.fault
        faulty.arm(0)
        if told is None:
            break
        assert (told.code, told.detail) == (code, name_of_it)
        assert await dump(table) == before, f"write {number} failed and left something"
    assert number > 3, "every write was made to fail before all of them went through"
    assert await dump(table) != before
    assert table.bugs == []


async def test_a_turn_survives_any_write_that_fails_and_the_next_one_works(lay: Lay) -> None:
    table = await lay(*[texts("[하루]: 켰어.\\n[나비]: 야옹.")] * 80)
    room = await table.room(STAGE)
    faulty = Faulty(table.database)
    await table.say(room)
    usual = faulty.writes
    assert usual > 6
    failed = 0
    for number in range(1, usual + 1):
        faulty.arm(number)
        known = {one.turn.id for one in table.page.of(TurnEnded)}
        told = await trouble_of(table.say(room, f"{number}번째"))
        ended = [one.turn for one in table.page.of(TurnEnded) if one.turn.id not in known]
        problems = [told] if told else [one.problem for one in ended if one.problem]
        failed += len(problems)
        assert {one.code for one in problems} <= {"storage_full", "storage_failed"}, number
        faulty.arm(0)
        assert (await table.say(room, f"{number}번째 다시")).outcome == "complete"
    assert failed > 3
    view = await table.view(room)
    assert view.running is None
    places = [one.position for one in view.messages]
    assert places == list(range(places[0], places[0] + len(places)))
    async with table.database.reading() as session:
        check = await session.one("PRAGMA integrity_check")
        assert check is not None
        assert check[0] == "ok"
        assert await session.all("PRAGMA foreign_key_check") == []
        assert await session.all("SELECT * FROM journal") == []
    assert table.bugs == []
