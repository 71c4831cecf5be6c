"""What one turn asks of the disk: the same in a new room and in one of years."""

import pytest

from desktop.protocol.methods import RoomParams
from desktop.protocol.models import Room
from desktop.store import messages
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.table import Table
from tests.store.rows import NOW, a_message

SHORT, LONG = 200, 20_000


async def filled(table: Table, how_many: int) -> Room:
    room = await table.room()
    async with table.database.transaction() as session:
        for start in range(0, how_many, 10):
            lines = [
                a_message("긴 이야기의 한 줄. " * 10, kind="character" if number % 4 else "user")
                for number in range(start, start + 10)
            ]
            await messages.append(session, room.branch_id, lines, NOW)
    return room


async def cost(table: Table, how_many: int) -> dict[str, int]:
    """Statements, steps of the database in hundreds, bytes written, for one whole turn."""
    room = await filled(table, how_many)
    await table.say(room)
    connection = table.database._connection
    await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    statements: list[str] = []
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    await connection.set_trace_callback(statements.append)
    await connection.set_progress_handler(step, 100)
    await table.say(room)
    await connection.set_trace_callback(None)  # type: ignore[arg-type]
    await connection.set_progress_handler(None, 0)  # type: ignore[arg-type]
    wal = table.database.path.with_name(table.database.path.name + "-wal")
    return {"statements": len(statements), "steps": steps, "bytes": wal.stat().st_size}


async def test_a_turn_costs_the_same_in_a_room_of_any_length(lay: Lay) -> None:
    table = await lay(texts("[진행자]: 파도.\n[하루]: 왔나.\n[나비]: 야옹."))
    short, long = await cost(table, SHORT), await cost(table, LONG)
    assert long["statements"] == short["statements"] <= 38
    assert long["steps"] <= short["steps"] + 3
    # A b-tree one level deeper is a page or two more; the room itself is some six megabytes.
    assert long["bytes"] <= short["bytes"] + 16 * 4096
    assert long["bytes"] < 250_000


@pytest.mark.parametrize("how_many", [SHORT, LONG])
async def test_opening_a_room_reads_one_page_of_it(lay: Lay, how_many: int) -> None:
    table = await lay(texts("[하루]: 왔나."))
    room = await filled(table, how_many)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    await table.database._connection.set_progress_handler(step, 100)
    view = await table.rooms.open(RoomParams(room_id=room.id))
    await table.database._connection.set_progress_handler(None, 0)  # type: ignore[arg-type]
    assert len(view.messages) == 60
    assert 0 < steps < 40
