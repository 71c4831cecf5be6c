"""Sums of usage: what was used before they were kept is counted too, once, and shared out."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop.protocol.models import Author
from desktop.store import messages, usage
from desktop.store.database import Database
from desktop.store.migration import FOLDER
from tests.services.table import Table
from tests.store.rows import NOW, a_message

STEP = (FOLDER / "0005_usage.sql").read_text(encoding="utf-8")


async def test_turns_of_before_are_counted_as_if_they_had_been_told_when_they_ended(
    tmp_path: Path,
) -> None:
    database = await Database.open(tmp_path / "old.db")
    table = Table(database, [])
    room, other = await table.room(), await table.room()
    async with database.transaction() as session:
        for at, where in enumerate((room, room, other, room)):
            await session.run(
                """INSERT INTO turn (id, room_id, branch_id, provider, model, outcome, started_at,
                     input, output, cost_usd, context_window, usage_source)
                   VALUES (?, ?, ?, 'claude', 'sonnet', 'complete', ?, 101, 31, 0.5, 9000, ?)""",
                *(f"t{at}", where.id, where.branch_id, NOW, "estimated" if at else "reported"),
            )
        for turn_id, where in (("t0", room), ("t1", room), ("t2", other)):
            mine = a_message("물음은 세지 않아요", kind="user", turn_id=turn_id)
            first, second = (a_message(text, turn_id=turn_id) for text in ("여섯 글자다", "둘"))
            other_one = Author(kind="character", id="b", name="둘째")
            said = [mine, first, replace(second, author=other_one)]
            await messages.append(session, where.branch_id, said, NOW)
    async with database.reading() as session:
        await session.script(STEP[STEP.index("-- Turns of before.") :])
    async with database.reading() as session:
        sums = await usage.of_room(session, room.id, "")
        everywhere = await usage.of_all(session, "")
    await database.close()
    assert (sums.all.turns, sums.all.estimated, sums.all.priced) == (3, 2, 3)
    assert (sums.all.input, sums.all.output, sums.all.cost_usd) == (303, 93, 1.5)
    assert (everywhere.all.turns, everywhere.all.input) == (4, 404)
    shares = {one.author: one.all for one in sums.speakers}
    assert {name: share.turns for name, share in shares.items()} == {"haru": 2, "b": 2, "": 1}
    assert sum(share.input for share in shares.values()) == 303
    assert shares["haru"].input == 2 * (101 * 6 // 7)
    assert shares[""].input == 101
    assert sum(share.cost_usd or 0 for share in shares.values()) == pytest.approx(1.5)
