"""A whole database copied under another key, and proof that nothing of it was lost."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop.store.driver import Connection, attach_clause, connect, connect_without_key

Tell = Callable[[int, int], None]
"""How much is done, and of how much."""
Contents = dict[str, tuple[int, str]]
"""Rows of every table and a hash over them."""


def copy(source: Path, source_key: bytes | None, target: Path, key: bytes | None) -> None:
    """Write ``target`` anew. No other connection may be open. Raises the driver's errors."""
    connection = connect_without_key(source) if source_key is None else connect(source, source_key)
    try:
        # Otherwise what is in the journal beside would belong to the file that comes instead.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(attach_clause(key), (str(target), "copy"))
        connection.execute("PRAGMA copy.synchronous = OFF")
        connection.execute("SELECT sqlcipher_export('copy')")
        connection.execute(f"PRAGMA copy.user_version = {int(version)}")
        connection.execute("DETACH DATABASE copy")
    finally:
        connection.close()


def contents(path: Path, key: bytes | None, tell: Tell = lambda _done, _total: None) -> Contents:
    """Read all of a database. Raises the driver's errors, also where a page is damaged."""
    connection = connect(path, key)
    try:
        return contents_of(connection, tell)
    finally:
        connection.close()


def contents_of(connection: Connection, tell: Tell = lambda _done, _total: None) -> Contents:
    """The same over a connection that is open, inside its transaction if it has one."""
    if [row[0] for row in connection.execute("PRAGMA integrity_check")] != ["ok"]:
        raise ValueError("the copy is damaged")
    found: Contents = {}
    tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    names = [name for name, sql in tables if not _virtual(sql or "")]
    for at, name in enumerate(names):
        tell(at, len(names))
        found[name] = _table(connection.execute(f'SELECT * FROM "{name}"'))
    return found


def schema(path: Path, key: bytes | None) -> list[tuple[object, ...]]:
    """The version and every statement that made something, but for the sealed files."""
    connection = connect(path, key)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        made = connection.execute(
            """SELECT type, name, sql FROM sqlite_master
               WHERE tbl_name <> 'sealed_file' ORDER BY type, name"""
        )
        return [(version,), *(tuple(row) for row in made)]
    finally:
        connection.close()


def drop_table(path: Path, name: str) -> None:
    """Of a plain copy; the file shrinks by what was in it."""
    connection = connect(path, None)
    try:
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        connection.execute("VACUUM")
    finally:
        connection.close()


def _table(rows: object) -> tuple[int, str]:
    # Each row by itself, and the sum of all: an export may give a table another order.
    count, total = 0, 0
    for row in rows:  # type: ignore[attr-defined]
        count += 1
        total += int(_hash(tuple(row)), 16)
    return count, f"{total % (1 << 256):x}"


def _hash(value: object) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(value)).hexdigest()


def _virtual(sql: str) -> bool:
    return sql.upper().startswith("CREATE VIRTUAL")
