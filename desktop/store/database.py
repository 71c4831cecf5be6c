"""Opens the database file and gives out transactions on its one connection."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Self

import aiosqlite

from desktop.protocol.problems import Trouble
from desktop.store import migration
from desktop.store.driver import connect_async
from desktop.store.session import Session, machine_trouble
from desktop.store.snapshot import Snapshot, snapshot


class Database:
    """A database file and the one connection to it. Make it with ``Database.open``."""

    def __init__(
        self, connection: aiosqlite.Connection, path: Path, key: bytes | None = None
    ) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()
        self._key = key
        self.path = path

    @classmethod
    async def open(
        cls, path: Path, *, key: bytes | None = None, busy_timeout_ms: int = 5_000
    ) -> Self:
        """Open or create the file, readable by its owner only, and bring its schema up to date.

        With a ``key`` of 32 bytes every page of it is encrypted, and of what lies beside it too.

        Raises ``Trouble``: ``newer_data`` if a newer version wrote it (the file stays as it is),
        ``damaged`` if it is no database any more, ``storage_full`` or ``storage_failed`` if the
        disk or a lock is at fault.
        """
        with machine_trouble(path):
            _create_private(path)
            connection = await connect_async(path, key, timeout_s=busy_timeout_ms / 1000)
        database = cls(connection, path, key)
        try:
            session = Session(connection, path)
            version = await migration.refuse_newer(session)
            await _prepare(session)
            await migration.migrate(session, path, version)
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """All or nothing; one at a time. Never open another inside: it would wait for itself."""
        async with self._lock:
            session = Session(self._connection, self.path)
            try:
                await session.run("BEGIN IMMEDIATE")
                yield session
                await session.run("COMMIT")
            except BaseException:
                # Does nothing where a commit that was cancelled in mid-air went through after all.
                await session.roll_back()
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Reads that see no half-done transaction."""
        async with self._lock:
            yield Session(self._connection, self.path)

    @asynccontextmanager
    async def intake(self) -> AsyncIterator[Session]:
        """A transaction whose references may point to rows that a later one brings.

        It is not waited for until the disk has it: what must survive a power cut is told by an
        ordinary transaction behind it, which takes along all that was written before.
        """
        async with self._lock:
            session = Session(self._connection, self.path)
            # They do nothing inside a transaction, so they stand around this one.
            for pragma in _OF_INTAKE:
                await session.run(f"PRAGMA {pragma}")
            try:
                await session.run("BEGIN IMMEDIATE")
                yield session
                await session.run("COMMIT")
            except BaseException:
                await session.roll_back()
                raise
            finally:
                for pragma in ("foreign_keys = ON", "synchronous = FULL"):
                    await session.run(f"PRAGMA {pragma}")

    async def intake_ended(self) -> None:
        """Let go of the memory that ``intake`` has taken for its pages."""
        async with self.reading() as session:
            for pragma in ("cache_size = -2000", "wal_autocheckpoint = 1000"):
                await session.run(f"PRAGMA {pragma}")

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """One moment of the file, to be read in a thread while the table goes on."""
        return snapshot(self.path, self._key)

    async def close(self) -> None:
        """Wait for the running transaction and close; may be called twice."""
        async with self._lock:
            with suppress(Trouble), machine_trouble(self.path):
                await self._connection.close()


_OF_INTAKE = (
    "foreign_keys = OFF",
    "synchronous = NORMAL",
    # Ids of elsewhere touch pages all over their index: 2 MB of them are too few.
    "cache_size = -32768",
    # Pages that several batches write go to their place once.
    "wal_autocheckpoint = 4000",
)


def _create_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


async def _prepare(session: Session) -> None:
    # Full: a message that was told to be stored survives a power cut. It costs 0.3 ms a commit.
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "journal_size_limit = 16777216",
    ):
        await session.run(f"PRAGMA {pragma}")
