"""The two SQL drivers behind one set of names: the standard one, and SQLCipher for locked files.

SQLCipher's exceptions are not those of ``sqlite3``, so whoever catches one catches ``Errors``.
A plain file stays with the standard driver: without a key both are equally fast, and it is what
the person's own tools open the file with.
"""

import sqlite3
from pathlib import Path
from typing import Any, cast

import aiosqlite
import sqlcipher3.dbapi2 as sqlcipher

Connection = sqlite3.Connection
Row = sqlite3.Row
"""One row, read by column name. SQLCipher's is another class with the same manners."""

Errors: tuple[type[sqlite3.Error], ...] = (sqlite3.Error, sqlcipher.Error)
MisuseErrors: tuple[type[sqlite3.Error], ...] = (
    sqlite3.ProgrammingError,
    sqlcipher.ProgrammingError,
)
IntegrityErrors: tuple[type[sqlite3.Error], ...] = (
    sqlite3.IntegrityError,
    sqlcipher.IntegrityError,
)

KEY_BYTES = 32
_MAGIC = b"SQLite format 3\0"
_CHUNK = 64
"""Rows fetched at once; the driver's own default."""


def is_plain(path: Path) -> bool:
    """Whether the file can be read without a key. An empty or missing one cannot be read at all.

    Raises ``OSError``.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except FileNotFoundError:
        return False


def connect(path: Path, key: bytes | None, *, timeout_s: float = 5.0) -> sqlite3.Connection:
    """A connection in autocommit mode that any thread may use, one at a time.

    A wrong key shows at the first read only, as ``file is not a database``.
    """
    driver = sqlite3 if key is None else sqlcipher
    connection = cast(
        "sqlite3.Connection",
        driver.connect(str(path), timeout=timeout_s, isolation_level=None, check_same_thread=False),
    )
    try:
        if key is not None:
            _unlock(connection, key)
        connection.row_factory = cast("Any", driver.Row)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_without_key(path: Path) -> sqlite3.Connection:
    """A plain file through SQLCipher, which alone can copy it into an encrypted one."""
    return cast("sqlite3.Connection", sqlcipher.connect(str(path), isolation_level=None))


def attach_clause(key: bytes | None) -> str:
    """Attaches the file and under the name that are bound to it; without a key a plain one."""
    given = key_clause(key) if key else "''"
    return f"ATTACH DATABASE ? AS ? KEY {given}"


async def connect_async(path: Path, key: bytes | None, *, timeout_s: float) -> aiosqlite.Connection:
    """The same on a thread of its own."""
    return await aiosqlite.Connection(lambda: connect(path, key, timeout_s=timeout_s), _CHUNK)


def key_clause(key: bytes) -> str:
    """A raw key as SQL: nothing is derived from it, which would take 0.2 s at every opening."""
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return f"\"x'{key.hex()}'\""


def _unlock(connection: sqlite3.Connection, key: bytes) -> None:
    connection.execute(f"PRAGMA key = {key_clause(key)}")
    # It would write about a wrong key to stderr.
    connection.execute("PRAGMA cipher_log_level = NONE")
    # What is sorted or rolled back must not come to lie in a temporary file.
    connection.execute("PRAGMA temp_store = MEMORY")
