"""One backup: a copy of the database at one moment with the library in it, and proof that it holds.

The copy goes page by page through the driver, so that of an encrypted database only an encrypted
copy is ever written, under the same key. Everything here waits for the disk: use it from a thread.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import NamedTuple

import msgspec

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.problems import Trouble, problem
from desktop.store import copying
from desktop.store.driver import Connection, Errors, connect, is_plain
from desktop.store.lock_file import keep_file, keep_folder
from desktop.store.session import machine_trouble

PART = ".part"
_TABLES = ("backup_note", "backup_library")
_BESIDE = ("", "-wal", "-shm", "-journal")
_UNFIT: tuple[type[Exception], ...] = (*Errors, ValueError)
_UNREAD: tuple[type[Exception], ...] = (*Errors, msgspec.DecodeError)
RULES = "house_rules"
"""The kind of the one item that is no entry: the person's own house rules."""
_SPARE = 16_000_000
"""Bytes that must stay free on the disk: a backup is never what fills it."""


class Item(NamedTuple):
    """An entry of the library."""

    kind: str
    name: str
    content: str


class Note(Frozen, kw_only=True):
    """What a backup says of itself, written from the original and not from the copy."""

    made_at: UtcMs
    reason: str
    rooms: int
    messages: int
    library: int
    digest: str
    """Over the rows of every table and over the library."""


class Damaged(Exception):
    """The file is not what its note says, or cannot be opened with this key."""


def make(
    source: Path,
    key: bytes | None,
    target: Path,
    library: Iterable[Item],
    *,
    made_at: UtcMs,
    reason: str,
) -> Note:
    """Copy, note, restore for a trial, and only then give the file its name.

    Raises ``Trouble`` for what the disk does, and ``Damaged`` where the copy does not hold;
    nothing is left behind then. Others may write to the source meanwhile.
    """
    part = target.with_name(target.name + PART)
    with backup_trouble(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _need_room(source, target.parent)
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            items = tuple(library)
            note = _copy(source, key, part, items, made_at, reason)
            keep_file(part)
            prove(part, key)
            part.replace(target)
            keep_folder(target.parent)
        except BaseException:
            drop(part)
            raise
    return note


def read_note(path: Path, key: bytes | None) -> Note:
    """Raises ``Damaged``."""
    with _opened(path, key) as connection:
        return _note(connection)


def library_of(path: Path, key: bytes | None) -> tuple[Item, ...]:
    """Raises ``Damaged``."""
    with _opened(path, key) as connection:
        rows = connection.execute("SELECT kind, name, content FROM backup_library ORDER BY rowid")
        return tuple(Item(*row) for row in rows)


def restore(path: Path, key: bytes | None, target: Path) -> None:
    """Write the database that was backed up. Raises ``OSError`` and ``Damaged``."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    shutil.copyfile(path, target)
    with _opened(target, key) as connection:
        for table in _TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")


def prove(path: Path, key: bytes | None) -> Note:
    """Really restore it beside itself and compare every row.

    Raises ``OSError`` and ``Damaged``.
    """
    note, items = read_note(path, key), library_of(path, key)
    trial = path.with_name(f".trial-{secrets.token_hex(6)}.db")
    try:
        restore(path, key, trial)
        try:
            found = copying.contents(trial, key)
        except _UNFIT as error:
            raise Damaged(path.name) from error
        if _digest(found, items) != note.digest or _counts(found) != (note.rooms, note.messages):
            raise Damaged(path.name)
    finally:
        drop(trial)
    return note


def drop(path: Path) -> None:
    """Remove a database with what lies beside it; nothing happens if it is not there."""
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _copy(
    source: Path,
    key: bytes | None,
    part: Path,
    items: tuple[Item, ...],
    made_at: UtcMs,
    reason: str,
) -> Note:
    reading, writing = connect(source, key), connect(part, key)
    try:
        # From here on the reader sees one moment, whatever is written meanwhile.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reading.backup(writing)
        found = copying.contents_of(reading)
        reading.execute("COMMIT")
        rooms, messages = _counts(found)
        note = Note(
            made_at=made_at,
            reason=reason,
            rooms=rooms,
            messages=messages,
            library=len(items),
            digest=_digest(found, items),
        )
        writing.execute("PRAGMA journal_mode = DELETE")
        writing.execute("CREATE TABLE backup_note (told BLOB NOT NULL) STRICT")
        writing.execute("CREATE TABLE backup_library (kind TEXT, name TEXT, content TEXT) STRICT")
        writing.execute("BEGIN")
        writing.executemany("INSERT INTO backup_library VALUES (?, ?, ?)", items)
        writing.execute("INSERT INTO backup_note VALUES (?)", (msgspec.json.encode(note),))
        writing.execute("COMMIT")
        return note
    finally:
        reading.close()
        writing.close()


def _note(connection: Connection) -> Note:
    row = connection.execute("SELECT told FROM backup_note").fetchone()
    if row is None:
        raise Damaged("no note")
    return msgspec.json.decode(row[0], type=Note)


def _digest(found: copying.Contents, items: Iterable[Item]) -> str:
    rows = sorted((name, *told) for name, told in found.items() if name not in _TABLES)
    told = msgspec.msgpack.encode([rows, [list(each) for each in items]])
    return hashlib.sha256(told).hexdigest()


def _counts(found: copying.Contents) -> tuple[int, int]:
    nothing = (0, "")
    return found.get("room", nothing)[0], found.get("message", nothing)[0]


def _need_room(source: Path, folder: Path) -> None:
    beside = source.with_name(f"{source.name}-wal")
    size = sum(each.stat().st_size for each in (source, beside) if each.exists())
    # The copy, and its trial beside it.
    if shutil.disk_usage(folder).free < 2 * size + _SPARE:
        raise Trouble(problem("storage_full", field="backups"))


@contextmanager
def _opened(path: Path, key: bytes | None) -> Iterator[Connection]:
    try:
        if not path.is_file() or is_plain(path) is not (key is None):
            raise Damaged(path.name)
        connection = connect(path, key)
        try:
            yield connection
        finally:
            connection.close()
    except _UNREAD as error:
        raise Damaged(path.name) from error


@contextmanager
def backup_trouble(path: Path) -> Iterator[None]:
    """What the disk does, told as ``Trouble``."""
    try:
        with machine_trouble(path):
            try:
                yield
            except OSError as error:
                if error.errno in (ENOSPC, EDQUOT):
                    raise Trouble(problem("storage_full", field="backups")) from error
                raise
    except Trouble as trouble:
        told = trouble.problem
        raise Trouble(problem(told.code, field="backups", detail=told.detail)) from trouble
