"""Stages and tokens without a word of the story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.formats.parts import MessagePart, RoomPart, TurnPart
from desktop.protocol.models import Usage
from tests.services.carrying import Carrier, carrier
from tests.services.grown_trees import forest


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Carrier]:
    made = await carrier(tmp_path / "data")
    yield made
    await made.transfer.close()
    await made.database.close()


@pytest.mark.parametrize("format_id", ["persona_json", "persona_ndjson", "persona_zip"])
async def test_without_messages_no_word_of_a_story_leaves(
    table: Carrier, tmp_path: Path, format_id: str
) -> None:
    await forest(table.database, 11, how_many=2, steps=60)
    before = await table.parts()
    spent = [one.usage for one in before if isinstance(one, TurnPart) and one.usage != Usage()]
    # Stages of these trees are made of the same few texts, so a mark tells the lines from them.
    async with table.database.transaction() as session:
        await session.run("UPDATE message SET text = text || '#said'")
        await session.run("UPDATE message_text SET text = text || '#said'")
        await session.run("UPDATE turn SET raw = raw || '#said'")
        await session.run("UPDATE summary SET text = text || '#said'")
    assert spent

    await table.take_out(tmp_path / "stage", format=format_id, messages=False)
    other = await carrier(tmp_path / "other")
    job = await other.take_in(tmp_path / "stage")
    assert job.state == "done", (job, other.bugs)
    after = await other.parts()

    if format_id != "persona_zip":
        raw = (tmp_path / "stage").read_text("utf-8")
        assert "#said" not in raw
    assert not [one for one in after if isinstance(one, MessagePart)]
    stages = [one.stage for one in before if isinstance(one, RoomPart)]
    assert [one.stage for one in after if isinstance(one, RoomPart)] == stages
    told_of = [one.usage for one in after if isinstance(one, TurnPart) and one.usage != Usage()]
    assert sorted(map(repr, told_of)) == sorted(map(repr, spent))
    await other.transfer.close()
    await other.database.close()

    await table.take_out(tmp_path / "bare", format=format_id, messages=False, usage=False)
    third = await carrier(tmp_path / "third")
    await third.take_in(tmp_path / "bare")
    assert (await third.rows())["turn"] == 0
    await third.transfer.close()
    await third.database.close()
