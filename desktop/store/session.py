"""What may be said to the database inside a transaction, with its errors told as trouble."""

import errno
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import aiosqlite

from desktop.protocol.problems import ProblemCode, Trouble, problem
from desktop.store.driver import Errors, MisuseErrors, Row

__all__ = ["Row", "Session", "disk_trouble", "machine_trouble"]

_NEARLY_FULL = 1_000_000
"""Bytes left on a disk on which a failed write counts as a full one."""

_MACHINE_TROUBLE = frozenset(
    {
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""What the disk or another program does to us; any other error of the driver is our own bug."""
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Session:
    """The right to talk to the database, for as long as the block lasts that gave it out."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    async def run(self, sql: str, *values: Any) -> None:
        await self.all(sql, *values)

    async def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """One statement for each row, in a single hop to the database's thread."""
        with machine_trouble(self._path):
            await (await self._connection.executemany(sql, rows)).close()

    async def script(self, sql: str) -> None:
        """Several statements. The driver commits whatever was open before it starts."""
        with machine_trouble(self._path):
            await (await self._connection.executescript(sql)).close()

    async def roll_back(self) -> None:
        """End the open transaction without a trace; nothing happens if there is none."""
        with suppress(*Errors, ValueError):
            await self._connection.rollback()

    async def one(self, sql: str, *values: Any) -> Row | None:
        return next(iter(await self.all(sql, *values)), None)

    async def all(self, sql: str, *values: Any) -> list[Row]:
        with machine_trouble(self._path):
            return list(await self._connection.execute_fetchall(sql, values))


@contextmanager
def machine_trouble(path: Path) -> Iterator[None]:
    """Turn what the disk, a lock or the file does to us into ``Trouble``; bugs pass as they are."""
    try:
        yield
    except Errors as error:
        if isinstance(error, MisuseErrors) and "closed" in str(error):
            raise Trouble(problem("storage_failed", detail="closed")) from error
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code not in _MACHINE_TROUBLE:
            raise
        if is_damage(error):
            raise Trouble(problem("damaged", detail=error.sqlite_errorname)) from error
        full = code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path))
        told = problem("storage_full" if full else "storage_failed", detail=error.sqlite_errorname)
        raise Trouble(told) from error
    except OSError as error:
        raise disk_trouble(error) from error
    except ValueError as error:
        # The driver's words for a connection that is no more.
        if str(error) not in {"Connection closed", "no active connection"}:
            raise
        raise Trouble(problem("storage_failed", detail="closed")) from error


def disk_trouble(error: OSError, field: str = "") -> Trouble:
    """What a file beside the database could not be read or written for."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    code: ProblemCode = "storage_full" if full else "storage_failed"
    return Trouble(problem(code, field=field, detail=error.strerror or ""))


def is_damage(error: BaseException) -> bool:
    """Whether the driver says that the file is not what it was."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _DAMAGE


def _is_full(path: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < _NEARLY_FULL
    return False
