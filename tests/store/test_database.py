"""Opening, transactions, migrations, and what a disk or a lock does to them."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.protocol.problems import Trouble
from desktop.store import migration, settings
from desktop.store.database import Database
from tests.store.rows import room_with


async def pragma(database: Database, name: str) -> object:
    async with database.reading() as session:
        row = await session.one(f"PRAGMA {name}")
    assert row is not None
    return row[0]


async def test_a_new_file_is_durable_strict_and_private(database: Database) -> None:
    assert await pragma(database, "journal_mode") == "wal"
    assert await pragma(database, "synchronous") == 2
    assert await pragma(database, "foreign_keys") == 1
    assert await pragma(database, "user_version") == len(migration.steps(migration.FOLDER))
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
    wal = database.path.with_name(database.path.name + "-wal")
    assert stat.S_IMODE(wal.stat().st_mode) == 0o600
    async with database.reading() as session:
        loose = await session.all(
            """SELECT name FROM pragma_table_list
               WHERE schema = 'main' AND type = 'table' AND strict = 0
                 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'message_search_%'"""
        )
    assert loose == []


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def fails() -> None:
        async with database.transaction() as session:
            await settings.write(session, "a", "b")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    async with database.transaction() as session:
        assert await settings.read(session, "a") is None


async def test_a_cancelled_transaction_leaves_nothing_and_lets_the_next_one_in(
    database: Database,
) -> None:
    written = asyncio.Event()

    async def never_ends() -> None:
        async with database.transaction() as session:
            await settings.write(session, "a", "b")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ends())
    await written.wait()
    task.cancel()
    await asyncio.wait({task})
    async with database.transaction() as session:
        assert await settings.read(session, "a") is None
        await settings.write(session, "a", "c")
    async with database.reading() as session:
        assert await settings.read(session, "a") == "c"


async def test_readers_never_see_a_half_done_transaction(database: Database) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with database.transaction() as session:
            await settings.write(session, "a", "half")
            inside.set()
            await go_on.wait()
            await settings.write(session, "a", "whole")

    async def read() -> str | None:
        async with database.reading() as session:
            return await settings.read(session, "a")

    writing = asyncio.create_task(write())
    await inside.wait()
    reading = asyncio.create_task(read())
    await asyncio.sleep(0.02)
    assert not reading.done()
    go_on.set()
    await writing
    assert await reading == "whole"


async def test_a_full_file_is_told_as_storage_full_and_loses_nothing(database: Database) -> None:
    async with database.transaction() as session:
        await settings.write(session, "kept", "yes")
        pages = await session.one("PRAGMA page_count")
        assert pages is not None
        await session.run(f"PRAGMA max_page_count = {pages[0] + 2}")
    with pytest.raises(Trouble) as caught:
        async with database.transaction() as session:
            await settings.write(session, "big", "x" * 100_000)
    assert caught.value.problem.code == "storage_full"
    async with database.transaction() as session:
        assert await settings.read(session, "kept") == "yes"
        assert await settings.read(session, "big") is None
        await session.run("PRAGMA max_page_count = 1000000")
        await settings.write(session, "big", "fits")


async def test_a_read_only_file_is_told_as_storage_failed(database: Database) -> None:
    async with database.reading() as session:
        await session.run("PRAGMA query_only = ON")
    with pytest.raises(Trouble) as caught:
        async with database.transaction() as session:
            await settings.write(session, "a", "b")
    assert caught.value.problem.code == "storage_failed"
    assert caught.value.problem.detail == "SQLITE_READONLY"


async def test_a_file_locked_by_another_program_is_told_as_storage_failed(
    database: Database,
) -> None:
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Trouble) as caught:
        async with database.transaction() as session:
            await settings.write(session, "a", "b")
    other.close()
    assert caught.value.problem.code == "storage_failed"
    assert caught.value.problem.detail.startswith("SQLITE_BUSY")
    async with database.transaction() as session:
        await settings.write(session, "a", "b")


async def test_a_file_that_is_no_database_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "diary.txt"
    path.write_bytes("오늘은 맑음. ".encode() * 500)
    before = path.read_bytes()
    with pytest.raises(Trouble) as caught:
        await Database.open(path)
    assert caught.value.problem.code == "damaged"
    assert path.read_bytes() == before


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble) as caught:
        await Database.open(tmp_path / "file" / "table.db")
    assert caught.value.problem.code == "storage_failed"


async def test_after_closing_every_use_is_told(database: Database) -> None:
    await database.close()
    await database.close()
    with pytest.raises(Trouble) as caught:
        async with database.transaction() as session:
            await settings.write(session, "a", "b")
    assert caught.value.problem.detail == "closed"


async def test_our_own_mistakes_are_no_trouble_of_the_machine(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        async with database.transaction() as session:
            await session.run("INSERT INTO stage (room_id, content) VALUES ('nowhere', '{}')")


async def test_data_of_a_newer_version_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "table.db"
    database = await Database.open(path)
    await database.close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 9999")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(Trouble) as caught:
        await Database.open(path)
    assert caught.value.problem.code == "newer_data"
    assert path.read_bytes() == before


@pytest.fixture
def two_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations which a test may add to."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for file in migration.FOLDER.glob("*.sql"):
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(migration, "FOLDER", folder)
    return folder


def add_step(folder: Path, sql: str) -> int:
    number = len(migration.steps(folder)) + 1
    (folder / f"{number:04}_next.sql").write_text(sql)
    return number


async def test_a_migration_that_fails_half_way_changes_nothing_and_can_be_repeated(
    tmp_path: Path, two_steps: Path
) -> None:
    path = tmp_path / "table.db"
    database = await Database.open(path)
    room = await room_with(database, 3)
    await database.close()
    number = add_step(
        two_steps,
        """CREATE TABLE extra (a TEXT) STRICT;
           UPDATE room SET title = 'x';
           INSERT INTO nowhere VALUES (1);""",
    )
    with pytest.raises(sqlite3.OperationalError):
        await Database.open(path)
    with sqlite3.connect(path) as seen:
        assert seen.execute("PRAGMA user_version").fetchone()[0] == number - 1
        assert seen.execute("SELECT title FROM room").fetchone()[0] == room.title
        assert not seen.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchall()
    seen.close()
    (two_steps / f"{number:04}_next.sql").write_text("CREATE TABLE extra (a TEXT) STRICT;")
    database = await Database.open(path)
    assert await pragma(database, "user_version") == number
    await database.close()


async def test_old_data_is_copied_before_it_is_migrated(tmp_path: Path, two_steps: Path) -> None:
    path = tmp_path / "table.db"
    database = await Database.open(path)
    await room_with(database, 3)
    await database.close()
    assert not list(tmp_path.glob("*.bak"))
    number = add_step(two_steps, "DELETE FROM message;")
    await (await Database.open(path)).close()
    copy = tmp_path / f"table.db.schema-{number - 1}.bak"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as seen:
        assert seen.execute("SELECT count(*) FROM message").fetchone()[0] == 3
    seen.close()


def test_a_gap_between_the_migrations_is_an_error(two_steps: Path) -> None:
    number = add_step(two_steps, "SELECT 1;")
    (two_steps / f"{number:04}_next.sql").rename(two_steps / f"{number + 1:04}_next.sql")
    with pytest.raises(ValueError, match="numbered"):
        migration.steps(two_steps)


_LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from desktop.protocol.problems import Trouble
from desktop.store import settings
from desktop.store.database import Database

async def main():
    database = await Database.open(Path(sys.argv[1]))
    async with database.transaction() as session:
        await settings.write(session, "kept", "yes")
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
    try:
        for number in range(1000):
            async with database.transaction() as session:
                await settings.write(session, f"big{number}", "x" * 20_000)
    except Trouble as trouble:
        print(trouble.problem.code, trouble.problem.detail)
    async with database.reading() as session:
        print(await settings.read(session, "kept"))
    await database.close()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a matter of POSIX")
def test_a_write_that_the_system_refuses_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "table.db"
    ran = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ran.returncode == 0, ran.stderr
    told, kept = ran.stdout.splitlines()
    assert told.split()[0] in ("storage_failed", "storage_full")
    assert kept == "yes"
    with sqlite3.connect(path) as seen:
        assert seen.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        big = seen.execute("SELECT count(*) FROM setting WHERE name LIKE 'big%'").fetchone()[0]
    seen.close()
    assert 0 < big < 1000
