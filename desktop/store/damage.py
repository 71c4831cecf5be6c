"""A database file that is damaged: how that is found, and how another one takes its place.

The damaged file is never written to and never removed: it gets a name of its own beside. What
takes its place is decided by one rename, so a crash at any step leaves either the old file or the
new one in force, and ``settle`` finishes what was decided. Everything here waits for the disk.
"""

import os
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from desktop.protocol.base import UtcMs
from desktop.store.driver import Connection, Errors, connect
from desktop.store.lock_file import keep_file, keep_folder
from desktop.store.session import is_damage

AT_ONCE = 64_000_000
"""Bytes that are looked through before anything is opened; it takes 0.3 s at most, less than the
window needs to appear. A larger file is looked through while the person reads already."""
SALVAGE = ".salvage.part"
READY = ".rescued"
"""Ends the name of what takes the database's place as soon as it has that name."""
PART = ".rescued.part"
_BESIDE = ("-wal", "-shm", "-journal")


class Examination:
    """Looks through the structure of a whole database, once, from any thread."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._path = path
        self._key = key
        self._guard = Lock()
        self._running = Lock()
        self._connection: Connection | None = None
        self._stopped = False

    def damaged(self) -> bool:
        """Whether a page cannot be what it should be. Of an encrypted file every single byte is
        looked at. False as well where it was stopped, or where the disk gives no answer."""
        with self._running:
            if self._stopped:
                return False
            try:
                with closing(connect(self._path, self._key)) as connection:
                    return self._look_through(connection)
            except Errors as error:
                return is_damage(error)

    def stop(self) -> None:
        """Let ``damaged`` return at once, and wait for that; it may be stopped before it began."""
        with self._guard:
            self._stopped = True
            if self._connection is not None:
                self._connection.interrupt()
        with self._running:
            return

    def _look_through(self, connection: Connection) -> bool:
        # An interruption is forgotten where no statement runs yet; this one is not.
        connection.set_progress_handler(lambda: self._stopped, 100)
        with self._guard:
            self._connection = connection
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchall()
            return [row[0] for row in found] != ["ok"]
        finally:
            with self._guard:
                self._connection = None


def lost(path: Path) -> bool:
    """Whether there is no byte of a database."""
    try:
        return path.stat().st_size == 0
    except FileNotFoundError:
        return True


def put_in_place(database: Path, now: UtcMs, *, aside: bool = True) -> str:
    """Let ``part_of(database)`` be the database from now on. Raises ``OSError``.

    Returns the name the damaged one has now; empty where there was none, or where it is not to be
    kept ``aside``. Nobody may have either of them open.
    """
    part = part_of(database)
    keep_file(part)
    name = _keep_aside(database, now) if aside else ""
    part.replace(database.with_name(database.name + READY))
    keep_folder(database.parent)
    settle(database)
    return name


def part_of(database: Path) -> Path:
    """Where to write what is to take the database's place."""
    return database.with_name(database.name + PART)


def settle(database: Path) -> None:
    """Finish what was decided when a crash came between, and drop what was not."""
    ready = database.with_name(database.name + READY)
    if ready.exists():
        # What was written ahead belongs to the damaged file, which has it beside it already.
        for suffix in _BESIDE:
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        ready.replace(database)
        keep_folder(database.parent)
    for unfinished in (PART, SALVAGE):
        for suffix in ("", *_BESIDE):
            database.with_name(database.name + unfinished + suffix).unlink(missing_ok=True)


def _keep_aside(database: Path, now: UtcMs) -> str:
    if lost(database):
        return ""
    stamp = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%dT%H%M%S")
    named, count = f"{database.stem}.damaged-{stamp}.db", 1
    while database.with_name(named).exists():
        count += 1
        named = f"{database.stem}.damaged-{stamp}-{count}.db"
    aside = database.with_name(named)
    for suffix in ("-wal", ""):
        beside = database.with_name(database.name + suffix)
        if beside.exists():
            _second_name(beside, aside.with_name(named + suffix))
    return named


def _second_name(path: Path, other: Path) -> None:
    """The same file under another name; a copy where the disk knows no such thing."""
    try:
        os.link(path, other)
    except OSError:
        shutil.copy2(path, other)
        keep_file(other)
