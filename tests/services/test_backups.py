"""Backups: made whole, proven by restoring, told when damaged, kept by the calendar."""

import asyncio
import errno
import shutil
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.main.backups import before_migration
from desktop.paths import persons_folders
from desktop.protocol.backups import BackupParams
from desktop.protocol.base import UtcMs
from desktop.protocol.method import Nothing
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Settings
from desktop.services.backup_rotation import Made, calendar, kept
from desktop.services.backups import BackupKeeper
from desktop.store import backup_file
from desktop.store.backup_file import Damaged, Item
from desktop.store.database import Database
from desktop.store.driver import is_plain
from tests.services.carrying import Carrier, carrier, told
from tests.services.test_transfer import seed_file

KEY = bytes(range(32))


class Days:
    """A clock that is put to a day by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def now_ms(self) -> UtcMs:
        return UtcMs(int(self.now.timestamp() * 1000))

    def monotonic_ms(self) -> int:
        return 0


class Kept:
    """A table with a keeper of its backups."""

    def __init__(self, table: Carrier, folder: Path) -> None:
        self.table = table
        self.folder = folder
        self.clock = Days()
        self.settings = Settings()
        self.answering = False
        self.keeper = BackupKeeper(
            source=table.database.path,
            folder=folder,
            key=None,
            library=table.place,
            settings=lambda: self.settings,
            transfer=lambda: table.transfer,
            answering=lambda: self.answering,
            clock=self.clock,
            report_bug=lambda error, _: table._bug(error, ""),
        )

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9]*.db"))


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Kept]:
    table = await carrier(tmp_path / "data")
    await table.take_in(seed_file(tmp_path))
    made = Kept(table, tmp_path / "backups")
    yield made
    await made.keeper.close()
    await table.transfer.close()
    await table.database.close()


async def test_a_backup_is_made_and_comes_back_as_new_rooms(at: Kept) -> None:
    before = told(await at.table.parts())
    listed = await at.keeper.make(Nothing())
    [made] = listed.backups
    assert (made.rooms, made.messages, made.readable) == (1, 6, True)
    assert listed.size == made.size == at.files()[0].stat().st_size
    assert listed.problem is None
    assert {each.name for each in at.folder.iterdir()} == {made.id}
    tested = await at.keeper.test(BackupParams(backup_id=made.id))
    assert (tested.holds, tested.messages) == (True, 6)
    started = await at.keeper.restore(BackupParams(backup_id=made.id))
    assert started.job
    ended = await at.table.transfer.wait(started.job.id)
    assert ended.state == "done", ended
    after = told(await at.table.parts())
    assert len(after) == 2
    assert after[0] == after[1] == before[0]
    assert {each.name for each in at.folder.iterdir()} == {made.id}


async def test_a_damaged_backup_is_found_out(at: Kept) -> None:
    [made] = (await at.keeper.make(Nothing())).backups
    path = at.files()[0]
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE message SET text = text || '!' WHERE position = 2")
    connection.close()
    assert not (await at.keeper.test(BackupParams(backup_id=made.id))).holds
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert not (await at.keeper.test(BackupParams(backup_id=made.id))).holds
    path.write_bytes(b"nothing of ours")
    assert not (await at.keeper.test(BackupParams(backup_id=made.id))).holds
    assert [each.readable for each in (await at.keeper.list(Nothing())).backups] == [False]


async def test_todays_is_made_once_and_never_during_an_answer(at: Kept) -> None:
    at.answering = True
    assert not await at.keeper.daily()
    at.answering = False
    at.settings = Settings(backups=False)
    assert not await at.keeper.daily()
    at.settings = Settings()
    assert await at.keeper.daily()
    assert not await at.keeper.daily()
    at.clock.now += timedelta(days=1)
    assert await at.keeper.daily()
    assert len(at.files()) == 2


async def test_an_id_is_no_way_to_another_file(at: Kept) -> None:
    await at.keeper.make(Nothing())
    shutil.copy(at.files()[0], at.folder.parent / "1.db")
    with pytest.raises(Trouble) as refused:
        await at.keeper.test(BackupParams(backup_id="../1.db"))
    assert refused.value.problem.code == "not_found"


async def test_a_full_disk_is_told_and_leaves_nothing(
    at: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup_file, "keep_file", full)
    with pytest.raises(Trouble) as refused:
        await at.keeper.make(Nothing())
    assert refused.value.problem.code == "storage_full"
    listed = await at.keeper.list(Nothing())
    assert listed.problem is not None
    assert listed.problem.code == "storage_full"
    assert list(at.folder.iterdir()) == []
    assert (await at.table.rows())["message"] == 6
    monkeypatch.undo()
    assert (await at.keeper.make(Nothing())).problem is None


async def test_too_little_room_is_known_before_anything_is_written(
    at: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(Trouble) as refused:
        await at.keeper.make(Nothing())
    assert refused.value.problem.code == "storage_full"
    assert list(at.folder.iterdir()) == []


async def test_writing_goes_on_while_a_copy_is_made(at: Kept, tmp_path: Path) -> None:
    making = asyncio.create_task(at.keeper.make(Nothing()))
    await at.table.take_in(seed_file(tmp_path))
    [made] = (await making).backups
    assert made.messages in (6, 12)
    assert (await at.keeper.test(BackupParams(backup_id=made.id))).holds


async def test_a_backup_of_a_locked_profile_is_locked_too(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "a.db", key=KEY)
    target = tmp_path / "copy.db"
    try:
        items = (Item("world", "안개 항구", "SECRET-WORDS"),)
        made = await asyncio.to_thread(
            lambda: backup_file.make(
                tmp_path / "a.db", KEY, target, items, made_at=UtcMs(1), reason="daily"
            )
        )
    finally:
        await database.close()
    assert not is_plain(target)
    assert b"SECRET-WORDS" not in target.read_bytes()
    assert backup_file.prove(target, KEY) == made
    assert backup_file.library_of(target, KEY) == items
    for wrong in (None, bytes(32)):
        with pytest.raises(Damaged):
            backup_file.read_note(target, wrong)


def _days(count: int) -> list[Made]:
    first = datetime(2025, 6, 1, 12, tzinfo=UTC)
    return [
        Made(f"{day:04}", UtcMs(int((first + timedelta(days=day)).timestamp() * 1000)))
        for day in range(count)
    ]


def test_seven_days_four_weeks_and_twelve_months_are_kept() -> None:
    made = _days(500)
    stay = kept(made, 7, UTC)
    by_id = {each.id: each.made_at for each in made}
    days = sorted(calendar(by_id[each], zone=UTC) for each in stay)
    newest = [calendar(each.made_at, zone=UTC) for each in made[-7:]]
    assert set(newest) <= set(days)
    assert len({day[:7] for day in days}) == 12
    assert len(days) <= 7 + 4 + 12
    months = [day for day in days if day not in newest]
    assert days[0] == "2025-11-30", months
    assert "2026-08-31" in days, "the last one of a month stays"
    # Thinned day by day it comes to the same.
    left: list[Made] = []
    for each in made:
        left.append(each)
        stay_now = kept(left, 7, UTC)
        left = [one for one in left if one.id in stay_now]
    assert {each.id for each in left} == stay


def test_the_newest_always_stay() -> None:
    at = UtcMs(1_700_000_000_000)
    many = [Made(str(number), UtcMs(at + number)) for number in range(9)]
    assert kept(many, 1, UTC) == {"8", "7", "6"}
    assert kept([], 7, UTC) == set()


async def test_one_is_made_before_a_migration(tmp_path: Path) -> None:
    paths = persons_folders(str(tmp_path))
    await (await Database.open(paths.database)).close()
    assert before_migration(paths, None) is None
    with sqlite3.connect(paths.database) as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    made = before_migration(paths, None)
    assert made is not None
    assert backup_file.prove(made, None).reason == "migration"
    made.write_bytes(b"")
    paths.database.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    assert before_migration(paths, None) is None
