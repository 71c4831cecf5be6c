"""Files made to do harm, or broken by chance: each is refused with a reason, nothing is changed."""

import io
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest

from desktop.formats.format import HEAD
from desktop.formats.parts import Unreadable
from desktop.formats.zip_safety import is_safe, open_zip
from desktop.protocol.base import UtcMs
from desktop.protocol.transfer import FileFault
from desktop.services.outside import fresh_id
from desktop.services.transfer_formats import format_of
from desktop.services.transfer_plan import Plan
from tests.services.carrying import Carrier, carrier
from tests.services.grown_trees import forest
from tests.services.malformed_files import malformed, mutations, written, zipped
from tests.services.test_transfer import NOTHING
from tests.services.test_transfer_web_version import shapes

OURS = ("persona_json", "persona_ndjson", "persona_zip")
GENERATED = 10_000


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Carrier]:
    made = await carrier(tmp_path / "data")
    yield made
    await made.transfer.close()
    await made.database.close()


async def _good(folder: Path) -> dict[str, bytes]:
    here = await carrier(folder)
    await forest(here.database, 6, how_many=2, steps=25)
    parts = await here.parts()
    await here.database.close()
    return {name: written(name, parts) for name in OURS}


async def test_every_malformed_file_is_refused_and_changes_nothing(
    table: Carrier, tmp_path: Path
) -> None:
    corpus = list(malformed(await _good(tmp_path / "other")))
    assert len(corpus) >= 200
    faults: Counter[str] = Counter()
    file = tmp_path / "hostile.zip"
    for name, raw in corpus:
        file.write_bytes(raw)
        job = await table.take_in(file)
        assert not table.bugs, (name, table.bugs)
        assert job.state == "failed", (name, job.receipt)
        assert job.problem is not None
        assert job.problem.code == "bad_file", name
        faults[str(job.fault)] += 1
    assert await table.rows() == NOTHING
    assert set(faults) <= set(get_args(FileFault))
    # Not one word for everything: the reasons are told apart.
    for fault in ("cut_off", "malformed", "too_deep", "bomb", "bad_path", "link", "encrypted",
                  "wrong_hash", "duplicate_id", "newer_version", "undecodable", "empty",
                  "too_many"):  # fmt: skip
        assert faults[fault], (fault, faults)


def _read(raw: bytes) -> str:
    """What becomes of a file, without a database: its fault, or how many messages it has."""
    form = format_of(raw[:HEAD], "file.zip")
    if form is None or form.reader is None:
        return "not_known"
    parts = form.reader(io.BytesIO(raw))
    plan = Plan(file_title="file", now=UtcMs(1_767_225_600_000), new_id=fresh_id)
    try:
        for batch in plan.batches(parts):
            for table, rows in batch.rows.items():
                for row in rows:
                    assert all(value is None or isinstance(value, str | int | float)
                               for value in row), (table, row)  # fmt: skip
                    for value in row:
                        if isinstance(value, str):
                            value.encode()
                        elif isinstance(value, int):
                            assert -(1 << 63) <= value < 1 << 63
    except Unreadable as error:
        return error.code
    finally:
        parts.close()  # type: ignore[attr-defined]
    return "read"


async def test_ten_thousand_mutated_files_never_crash(tmp_path: Path) -> None:
    good = await _good(tmp_path)
    seeds = [*good.values(), *(text.encode() for text in shapes().values())]
    seen = Counter(_read(raw) for raw in mutations(seeds, GENERATED, seed=20_261_122))
    assert sum(seen.values()) == GENERATED
    assert seen["read"] > GENERATED // 50
    assert seen["malformed"] > GENERATED // 50
    assert seen["cut_off"] > GENERATED // 50


async def test_mutated_files_are_stored_wholly_or_not_at_all(
    table: Carrier, tmp_path: Path
) -> None:
    good = await _good(tmp_path / "other")
    seeds = [*good.values(), *(text.encode() for text in shapes().values())]
    file = tmp_path / "file.zip"
    chance = random.Random(4)
    before = await table.rows()
    stored = 0
    for raw in mutations(seeds, 150, seed=chance.randrange(1 << 30)):
        file.write_bytes(raw)
        job = await table.take_in(file)
        assert not table.bugs, table.bugs
        after = await table.rows()
        if job.state == "done":
            assert job.receipt
            assert after["room"] - before["room"] == job.receipt.kept.rooms
            assert after["message"] - before["message"] == job.receipt.kept.messages
            stored += 1
        else:
            assert after == before
        before = after
    assert 5 < stored < 145


def test_too_many_members_are_seen_before_they_are_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = zipped({f"{number}.json": b"" for number in range(51)})
    monkeypatch.setattr("desktop.formats.zip_safety.MOST_MEMBERS", 50)
    listed: list[object] = []
    monkeypatch.setattr("desktop.formats.zip_safety.zipfile.ZipFile", listed.append)
    with pytest.raises(Unreadable, match="too_many"):
        open_zip(io.BytesIO(raw))
    assert listed == []


@pytest.mark.parametrize("name", ["방/이야기.json", "a b.json", "console.json", "ⅷ.md", "a/b/"])
def test_honest_names_are_let_in(name: str) -> None:
    assert is_safe(name)


def test_a_story_that_packs_well_is_no_bomb() -> None:
    raw = zipped({"story.json": b"ha" * 2_000_000})
    assert open_zip(io.BytesIO(raw)).namelist() == ["story.json"]
