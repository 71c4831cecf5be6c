"""Exports and imports as jobs: previews, stops, merges, undo, and nothing left where one fails."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.protocol.events import RoomChanged, TransferEnded
from desktop.protocol.problems import Trouble
from desktop.protocol.transfer import (
    DropParams,
    ExportParams,
    ImportParams,
    ReceiptParams,
    TransferJobParams,
)
from desktop.services.transfer_in import sweep
from desktop.services.transfer_job import Job, Stopped
from desktop.store import branches, intake, messages, rooms
from desktop.store.intake import Rows
from desktop.store.session import Session
from tests.services.carrying import Carrier, carrier, told
from tests.services.grown_trees import forest
from tests.services.test_transfer_web_version import shapes

NOTHING = dict.fromkeys(
    ("room", "stage", "branch", "turn", "message", "message_text", "roll", "slot"), 0
)


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Carrier]:
    made = await carrier(tmp_path / "data")
    yield made
    await made.transfer.close()
    await made.database.close()


def seed_file(folder: Path, shape: str = "full") -> Path:
    file = folder / "backup.json"
    file.write_text(shapes()[shape], encoding="utf-8")
    return file


async def test_a_preview_counts_and_stores_nothing(table: Carrier, tmp_path: Path) -> None:
    job = await table.look(seed_file(tmp_path))
    assert job.state == "done"
    assert job.receipt is not None
    assert job.receipt.dry_run
    assert (job.receipt.found.rooms, job.receipt.kept.messages, job.receipt.kept.turns) == (1, 6, 2)
    assert [(line.code, line.count) for line in job.receipt.lines] == [("speakers_split", 1)]
    assert await table.rows() == NOTHING
    assert (await table.transfer.receipts(None)).receipts == ()  # type: ignore[arg-type]


async def test_new_never_touches_a_room_that_is_there(table: Carrier, tmp_path: Path) -> None:
    file = seed_file(tmp_path)
    first = await table.take_in(file)
    before = told(await table.parts())
    second = await table.take_in(file)
    assert first.receipt
    assert second.receipt
    assert first.receipt.rooms[0].id != second.receipt.rooms[0].id
    after = told(await table.parts())
    assert len(after) == 2
    assert before[0] in after
    assert (await table.rows())["message"] == 12


async def test_an_import_is_undone_with_one_click(table: Carrier, tmp_path: Path) -> None:
    await forest(table.database, 4, how_many=1, steps=30)
    before = told(await table.parts())
    job = await table.take_in(seed_file(tmp_path))
    assert job.receipt
    undone = await table.transfer.undo(ReceiptParams(receipt_id=job.receipt.id))
    assert undone.undone_at is not None
    assert told(await table.parts()) == before
    gone = [one for one in table.events if isinstance(one, RoomChanged) and one.room.trashed_at]
    assert [one.room.title for one in gone] == ["내 방"]
    again = await table.transfer.undo(ReceiptParams(receipt_id=job.receipt.id))
    assert again == undone
    with pytest.raises(Trouble, match="not_found"):
        await table.transfer.undo(ReceiptParams(receipt_id="nothing"))


async def _merged_room(table: Carrier, tmp_path: Path) -> str:
    job = await table.take_in(seed_file(tmp_path))
    assert job.receipt
    return job.receipt.rooms[0].id


async def test_a_merge_skips_what_is_there_and_can_be_undone(
    table: Carrier, tmp_path: Path
) -> None:
    room_id = await _merged_room(table, tmp_path)
    before = told(await table.parts())
    longer = json.loads(shapes()["full"])
    longer["rooms"][0]["messages"] += [
        {"role": "user", "content": "그럼 내일.", "timestamp": "2025-12-02 00:00:00"},
        {"role": "assistant", "content": "[하루]: 그래.", "timestamp": "2025-12-02 00:00:05"},
    ]
    file = tmp_path / "longer.json"
    file.write_text(json.dumps(longer), encoding="utf-8")
    job = await table.take_in(file, mode="merge", room_id=room_id)
    assert job.state == "done", (job, table.bugs)
    assert job.receipt
    assert job.receipt.kept.messages == 2
    assert ("duplicate_skipped", 6) in [(one.code, one.count) for one in job.receipt.lines]
    async with table.database.reading() as session:
        room = await rooms.find(session, room_id)
        assert room
        said = await messages.newest(session, room.branch_id, 20)
    assert [one.text for one in said][-3:] == ["폭풍이 와.", "그럼 내일.", "그래."]
    assert (room.message_count, [one.position for one in said]) == (8, list(range(1, 9)))
    await table.transfer.undo(ReceiptParams(receipt_id=job.receipt.id))
    assert told(await table.parts()) == before


async def test_a_merge_of_nothing_new_leaves_no_trace(table: Carrier, tmp_path: Path) -> None:
    room_id = await _merged_room(table, tmp_path)
    before = await table.rows()
    job = await table.take_in(seed_file(tmp_path), mode="merge", room_id=room_id)
    assert job.state == "done"
    assert {**await table.rows(), "turn": 0} == {**before, "turn": 0}


async def test_duplicates_are_added_where_they_are_wanted(table: Carrier, tmp_path: Path) -> None:
    room_id = await _merged_room(table, tmp_path)
    file = seed_file(tmp_path)
    await table.take_in(file, mode="merge", room_id=room_id, duplicates="add")
    async with table.database.reading() as session:
        room = await rooms.find(session, room_id)
    assert room
    assert room.message_count == 12


async def test_a_merged_tree_keeps_its_branches(table: Carrier, tmp_path: Path) -> None:
    other = await carrier(tmp_path / "other")
    await forest(other.database, 8, how_many=1, steps=60)
    (tree,) = told(await other.parts())
    file = tmp_path / "tree.json"
    await other.take_out(file)
    await other.database.close()
    room_id = await _merged_room(table, tmp_path)
    job = await table.take_in(file, mode="merge", room_id=room_id)
    assert job.state == "done", (job, table.bugs)
    (merged,) = told(await table.parts())
    wanted = [fields["text"] for kind, fields in tree if kind == "MessagePart"]
    there = [fields["text"] for kind, fields in merged if kind == "MessagePart"]
    assert sorted(wanted) == sorted(there)[: len(wanted)] or set(wanted) <= set(there)
    async with table.database.reading() as session:
        for row in await session.all("SELECT id, tip_position, message_count FROM branch"):
            point = branches.Point(branch_id=row["id"], position=row["tip_position"])
            assert await branches.count_at(session, point) == row["message_count"]


async def test_several_rooms_cannot_be_merged_into_one(table: Carrier, tmp_path: Path) -> None:
    room_id = await _merged_room(table, tmp_path)
    before = await table.rows()
    two = json.loads(shapes()["full"])
    two["rooms"] *= 2
    file = tmp_path / "two.json"
    file.write_text(json.dumps(two), encoding="utf-8")
    job = await table.take_in(file, mode="merge", room_id=room_id)
    assert (job.state, job.fault) == ("failed", "too_many")
    assert await table.rows() == before


async def test_a_file_that_fails_at_its_end_leaves_nothing(
    table: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several batches are stored before the end is found to be missing.
    monkeypatch.setattr("desktop.services.transfer_plan._BATCH", 2)
    lines = shapes()["ndjson"].split("\n")
    other = await carrier(tmp_path / "other")
    await forest(other.database, 8, how_many=2, steps=60)
    file = tmp_path / "cut.ndjson"
    await other.take_out(file, format="persona_ndjson")
    await other.database.close()
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.rindex(b'{"type":"end"')])
    job = await table.take_in(file)
    assert (job.state, job.fault) == ("failed", "cut_off"), lines
    assert await table.rows() == NOTHING
    assert not [one for one in table.events if isinstance(one, RoomChanged)]


async def test_an_import_that_is_stopped_leaves_nothing(
    table: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.transfer_plan._BATCH", 2)
    stored = []
    put = intake.put

    async def stopping(session: Session, rows: Rows, tips: list[tuple[int, int, str]]) -> None:
        await put(session, rows, tips)
        stored.append(1)
        if len(stored) == 2:
            (job,) = (await table.transfer.jobs(None)).jobs  # type: ignore[arg-type]
            await table.transfer.stop(TransferJobParams(job_id=job.id))

    monkeypatch.setattr(intake, "put", stopping)
    job = await table.take_in(seed_file(tmp_path))
    assert job.state == "stopped"
    assert len(stored) == 2
    assert await table.rows() == NOTHING


async def test_nothing_shows_before_all_of_it_is_there_and_a_crash_is_swept(
    table: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    async def nothing(_: object) -> None:
        return None

    monkeypatch.setattr("desktop.services.transfer_in.Importing._show", killed)
    monkeypatch.setattr("desktop.services.transfer_in.Importing._take_back", nothing)
    incoming = await table.transfer.take_up(seed_file(tmp_path))
    importing = await table.transfer._importing(
        ImportParams(token=incoming.token), _idle_job(table)
    )
    with pytest.raises(KeyboardInterrupt):
        await importing.bring_in()
    assert (await table.rows())["message"] == 6
    async with table.database.reading() as session:
        for shelf in ("active", "archived", "trashed"):
            assert await rooms.on_shelf(session, shelf) == ()
    await sweep(table.database)
    assert await table.rows() == NOTHING


def _idle_job(table: Carrier) -> Job:
    from desktop.protocol.transfer import TransferJob
    from tests.services.table import SteppingClock

    told_job = TransferJob(id="j", kind="import", file="f", format="x")
    job = Job(told_job, table.events.append, SteppingClock())
    job._ticking.cancel()
    return job


async def test_an_export_that_is_stopped_leaves_the_old_file(
    table: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await forest(table.database, 4, how_many=3, steps=60)
    target = tmp_path / "out" / "story.json"
    target.parent.mkdir()
    target.write_text("what was there")
    looked = []

    def stopping(self: Job) -> None:
        looked.append(1)
        if len(looked) == 2:
            raise Stopped

    monkeypatch.setattr(Job, "check", stopping)
    job = await table.take_out(target)
    assert job.state == "stopped"
    assert [one.name for one in target.parent.iterdir()] == ["story.json"]
    assert target.read_text() == "what was there"


async def test_an_export_into_a_folder_that_is_gone_says_so(table: Carrier, tmp_path: Path) -> None:
    job = await table.take_out(tmp_path / "no" / "story.json")
    assert job.state == "failed"
    assert job.problem
    assert job.problem.code == "storage_failed"


async def test_only_what_was_said_between_two_times_goes_out(
    table: Carrier, tmp_path: Path
) -> None:
    await table.take_in(seed_file(tmp_path))
    out = tmp_path / "part.json"
    await table.take_out(out, since=1764547250000, until=1764547280000)
    (room,) = json.loads(out.read_bytes())["rooms"]
    assert [one["content"] for one in room["messages"]] == ["왜?"]
    assert room["messages"][0]["position"] == 1


async def test_context_and_usage_stay_at_home_when_they_are_not_wanted(
    table: Carrier, tmp_path: Path
) -> None:
    await table.take_in(seed_file(tmp_path))
    out = tmp_path / "bare.json"
    await table.take_out(out, context=False, usage=False)
    raw = out.read_text(encoding="utf-8")
    assert "항구" not in raw
    assert "input_tokens" not in raw


async def test_a_dropped_file_comes_in_pieces(table: Carrier) -> None:
    raw = shapes()["full"].encode()
    token = ""
    for start in range(0, len(raw), 100):
        piece = base64.b64encode(raw[start : start + 100]).decode()
        told_file = await table.transfer.drop(
            DropParams(token=token, name="../../backup.json", data=piece,
                       last=start + 100 >= len(raw))
        )  # fmt: skip
        token = told_file.token
    assert (told_file.name, told_file.size, told_file.format) == (
        "backup.json", len(raw), "web_json"
    )  # fmt: skip
    started = await table.transfer.bring_in(ImportParams(token=token))
    assert started.job
    job = await table.transfer.wait(started.job.id)
    assert job.state == "done"
    assert [one.job.state for one in table.events if isinstance(one, TransferEnded)] == ["done"]
    await table.transfer.close()
    assert not (table.folder / "incoming").exists()


async def test_a_file_that_was_changed_since_it_was_looked_at_is_refused(
    table: Carrier, tmp_path: Path
) -> None:
    file = seed_file(tmp_path)
    incoming = await table.transfer.take_up(file)
    file.write_text(shapes()["full"].replace("등대", "항구로") + " ")
    started = await table.transfer.bring_in(ImportParams(token=incoming.token))
    assert started.job
    job = await table.transfer.wait(started.job.id)
    assert (job.state, job.fault) == ("failed", "changed")


async def test_the_library_goes_along_and_replaces_nothing(table: Carrier, tmp_path: Path) -> None:
    other = await carrier(tmp_path / "other")
    await forest(other.database, 1, how_many=1, steps=5)
    other.place.ready()
    worlds = other.folder / "library" / "worlds"
    worlds.mkdir(parents=True)
    (worlds / "항구.md").write_text("안개가 짙다.\n", encoding="utf-8")
    (worlds / "숲.md").write_text("조용하다.\n", encoding="utf-8")
    file = tmp_path / "all.zip"
    job = await other.take_out(file, format="persona_zip", library=True)
    assert job.state == "done", (job, other.bugs)
    await other.database.close()
    table.place.ready()
    mine = table.folder / "library" / "worlds"
    mine.mkdir(parents=True)
    (mine / "항구.md").write_text("맑다.\n", encoding="utf-8")
    (mine / "숲.md").write_text("조용하다.\n", encoding="utf-8")
    came = await table.take_in(file)
    assert came.state == "done", (came, table.bugs)
    assert came.receipt
    assert (came.receipt.found.library, came.receipt.kept.library) == (2, 1)
    assert (mine / "항구.md").read_text(encoding="utf-8") == "맑다.\n"
    entries = {(one.kind, one.name) for one in table.place.folder().entries()}
    assert len(entries) == 3
    await table.transfer.undo(ReceiptParams(receipt_id=came.receipt.id))
    assert len(table.place.folder().entries()) == 2


async def test_a_room_that_is_answering_is_not_merged_into(table: Carrier, tmp_path: Path) -> None:
    room_id = await _merged_room(table, tmp_path)
    table.busy.add(room_id)
    incoming = await table.transfer.take_up(seed_file(tmp_path))
    with pytest.raises(Trouble, match="busy"):
        await table.transfer.bring_in(
            ImportParams(token=incoming.token, mode="merge", room_id=room_id)
        )


async def test_a_format_that_is_not_written_is_refused(table: Carrier, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="invalid_request"):
        await table.transfer.export_to(tmp_path / "x", ExportParams(format="web_json"))
