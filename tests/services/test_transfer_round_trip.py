"""Any tree of rooms, through each of our formats and into another database, is the same tree."""

from pathlib import Path

import pytest

from desktop.dialogue.dice import verify
from desktop.formats.parts import (
    AnyPart,
    BranchPart,
    MessagePart,
    RollPart,
    SlotPart,
    SummaryPart,
    TurnPart,
)
from desktop.services.transfer_export import Wanted
from desktop.store import rolls, search
from tests.services.carrying import carrier, there_and_back, told
from tests.services.grown_trees import forest


def _texts(parts: list[AnyPart]) -> list[str]:
    return [one.text for one in parts if isinstance(one, MessagePart)]


LOSSLESS = ("persona_json", "persona_ndjson", "persona_zip")


@pytest.mark.parametrize("format_id", LOSSLESS)
@pytest.mark.parametrize("seed", range(12))
async def test_every_field_of_any_tree_comes_back(
    tmp_path: Path, format_id: str, seed: int
) -> None:
    here, there = await carrier(tmp_path / "a"), await carrier(tmp_path / "b")
    try:
        await forest(here.database, seed, how_many=1 + seed % 3, steps=8 + 9 * seed)
        before = await here.parts()
        file = tmp_path / "story.x"
        out = await here.take_out(file, format=format_id)
        assert out.state == "done"
        came = await there.take_in(file)
        assert came.state == "done", (came.problem, here.bugs, there.bugs)
        assert told(await there.parts()) == told(before)
        assert (await there.rows())["roll"] == (await here.rows())["roll"]
        assert came.receipt is not None
        assert came.receipt.found == came.receipt.kept
        assert came.receipt.lines == ()
        assert there.woken == 1
    finally:
        await here.database.close()
        await there.database.close()


@pytest.mark.parametrize("format_id", LOSSLESS)
async def test_a_format_alone_loses_nothing(tmp_path: Path, format_id: str) -> None:
    here = await carrier(tmp_path)
    await forest(here.database, 99, how_many=3, steps=60)
    parts = await here.parts()
    kinds = {type(one) for one in parts}
    assert {BranchPart, TurnPart, MessagePart, RollPart, SlotPart, SummaryPart} <= kinds
    assert told(there_and_back(format_id, parts)) == told(parts)
    await here.database.close()


async def test_the_dice_still_prove_themselves_after_a_move(tmp_path: Path) -> None:
    here, there = await carrier(tmp_path / "a"), await carrier(tmp_path / "b")
    await forest(here.database, 5, how_many=1, steps=120)
    file = tmp_path / "story.json"
    await here.take_out(file)
    await there.take_in(file)
    async with there.database.reading() as session:
        room = await session.one("SELECT id FROM room")
        assert room is not None
        chain = await rolls.chain(session, room["id"])
    assert len(chain) > 3
    assert verify([sealed for _, sealed in chain]) is None
    await here.database.close()
    await there.database.close()


async def test_what_came_in_is_found_by_the_search(tmp_path: Path) -> None:
    here, there = await carrier(tmp_path / "a"), await carrier(tmp_path / "b")
    await forest(here.database, 3, how_many=1, steps=60)
    file = tmp_path / "story.json"
    await here.take_out(file)
    await there.take_in(file)
    async with there.database.transaction() as session:
        while await search.catch_up(session):
            pass
        found = await search.find(session, "등대로")
    assert found.hits
    await here.database.close()
    await there.database.close()


async def test_the_path_alone_is_the_path_that_is_shown(tmp_path: Path) -> None:
    here, there = await carrier(tmp_path / "a"), await carrier(tmp_path / "b")
    for seed in range(6):
        await forest(here.database, seed, how_many=1, steps=70)
    file = tmp_path / "story.ndjson"
    await here.take_out(file, format="persona_ndjson", branches="path")
    await there.take_in(file)
    path = await here.parts(Wanted(whole_tree=False))
    came = await there.parts()
    assert _texts(came) == _texts(path)
    assert sum(isinstance(one, BranchPart) for one in came) == 6
    async with here.database.reading() as session:
        rooms = await session.all("SELECT message_count FROM room ORDER BY updated_at, rowid")
    async with there.database.reading() as session:
        again = await session.all("SELECT message_count FROM room ORDER BY updated_at, rowid")
    assert [row[0] for row in again] == [row[0] for row in rooms]
    await here.database.close()
    await there.database.close()
