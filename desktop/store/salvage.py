"""Reads out of a damaged database what can still be read, row by row, into a new one.

A page that is broken takes the rows on it away and hides those behind it from a plain scan. So the
rows are looked for from the front, from the back and by every index, and each is fetched by itself.
What then points to a row that is gone is mended so that every story can be read again: a lost room
or branch is made anew around its messages, and lost messages leave marked, empty places.
Everything here waits for the disk.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from desktop.store import driver
from desktop.store.driver import Connection, Errors, connect

_LEFT_OUT = ("sqlite_", "message_search", "search_", "backup_")
"""Made anew by the program, or no part of a story."""
_KEPT_AS_IT_IS = ("setting", "sealed_file")
"""What is no story: it goes straight into the new profile."""


class Salvaged(NamedTuple):
    rooms: int
    messages: int


def stories(damaged: Path, target: Path, key: bytes | None) -> Salvaged:
    """Fill ``target``, an empty database of the newest schema. Never raises for what is damaged.

    Raises the driver's errors for the target.
    """
    with closing(connect(target, key)) as into:
        into.execute("PRAGMA foreign_keys = OFF")
        into.execute("BEGIN")
        _copy_all(damaged, into, key, lambda name: not name.startswith(_LEFT_OUT))
        _mend(into)
        into.execute("COMMIT")
        rooms, messages = into.execute(_TOLD).fetchone()
        return Salvaged(int(rooms), int(messages))


def belongings(damaged: Path, target: Path, key: bytes | None) -> None:
    """The settings, and of a locked profile the files. The same as for ``stories``."""
    with closing(connect(target, key)) as into:
        into.execute("BEGIN")
        _copy_all(damaged, into, key, lambda name: name in _KEPT_AS_IT_IS)
        # Other facts are about stories that are not there.
        into.execute("DELETE FROM setting WHERE name NOT LIKE 'settings.%'")
        into.execute("COMMIT")


class _Reader:
    """Reads on after an error. SQLCipher says no to everything once a page was not what it should
    be, so after each error there is a connection anew."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._path = path
        self._key = key
        self._connection: Connection | None = None

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def rows(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """As many as can be read."""
        try:
            for row in self._opened().execute(sql, values):
                yield tuple(row)
        except Errors:
            self.close()

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connection = connect(self._path, self._key)
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.text_factory = _legible
        return self._connection


def _legible(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _copy_all(
    damaged: Path, into: Connection, key: bytes | None, wanted: Callable[[str], bool]
) -> None:
    with closing(_Reader(damaged, key)) as out:
        made = out.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        for name, sql in list(made):
            if sql and wanted(name) and not sql.upper().startswith("CREATE VIRTUAL"):
                _copy(out, into, name, sql)


def _copy(out: _Reader, into: Connection, name: str, sql: str) -> None:
    if name in _KEPT_AS_IT_IS and not _columns(into, name):
        into.execute(sql)
    there = {row[1] for row in out.rows(f'PRAGMA table_info("{name}")')}
    shared = [each for each in _columns(into, name) if each in there]
    if not shared:
        return
    listed = ", ".join(f'"{each}"' for each in shared)
    # Of two rows that claim one place the first is as good as the second.
    marks = ", ".join("?" * len(shared))
    store = f'INSERT OR IGNORE INTO "{name}" ({listed}) VALUES ({marks})'
    scanned = "WITHOUT ROWID" in sql.upper()
    for row in _scanned(out, name, listed) if scanned else _by_id(out, name, listed):
        with suppress(*driver.IntegrityErrors):
            into.execute(store, row)


def _columns(into: Connection, name: str) -> list[str]:
    return [row[1] for row in into.execute(f'PRAGMA table_info("{name}")')]


def _scanned(out: _Reader, name: str, listed: str) -> Iterator[tuple[Any, ...]]:
    """From both ends up to what is broken."""
    told = sorted((row[5], row[1]) for row in out.rows(f'PRAGMA table_info("{name}")'))
    columns = [f'"{column}"' for place, column in told if place]
    for order in (", ".join(columns), ", ".join(f"{each} DESC" for each in columns)):
        yield from out.rows(f'SELECT {listed} FROM "{name}" ORDER BY {order}')


def _by_id(out: _Reader, name: str, listed: str) -> Iterator[tuple[Any, ...]]:
    """Every row that anything points to, each by itself."""
    ways = [f"NOT INDEXED ORDER BY rowid {way}" for way in ("ASC", "DESC")]
    for _, index, *_ in list(out.rows(f'PRAGMA index_list("{name}")')):
        column = next(iter(out.rows(f'PRAGMA index_info("{index}")')), (0, 0, None))[2]
        ways.append(f'INDEXED BY "{index}"')
        if column:
            ways.append(f'INDEXED BY "{index}" ORDER BY "{column}" DESC')
    ids: set[int] = set()
    for way in ways:
        # A partial index cannot be used for this; its table is scanned by the others.
        ids.update(row[0] for row in out.rows(f'SELECT rowid FROM "{name}" {way}'))
    for number in sorted(ids):
        yield from out.rows(f'SELECT {listed} FROM "{name}" NOT INDEXED WHERE rowid = ?', number)


_TOLD = """SELECT (SELECT count(*) FROM room),
  (SELECT count(*) FROM message WHERE deleted_at IS NULL)"""

_MENDED = (
    # Branches and rooms that are gone are made anew around what belonged to them.
    """INSERT OR IGNORE INTO branch (id, room_id, tip_position, kind, created_at)
       SELECT branch_id, room_id, max(position), 'main', min(created_at) FROM message
       WHERE branch_id NOT IN (SELECT id FROM branch) GROUP BY branch_id""",
    """INSERT OR IGNORE INTO room (id, title, branch_id, created_at, updated_at)
       SELECT room_id, '', id, created_at, created_at FROM branch
       WHERE room_id NOT IN (SELECT id FROM room) ORDER BY parent_id IS NOT NULL, created_at""",
    """INSERT OR IGNORE INTO branch (id, room_id, tip_position, kind, created_at)
       SELECT branch_id, id, 0, 'main', created_at FROM room
       WHERE branch_id NOT IN (SELECT id FROM branch)
         AND id NOT IN (SELECT room_id FROM branch)""",
    """UPDATE room SET branch_id = (
         SELECT id FROM branch WHERE room_id = room.id ORDER BY tip_position DESC LIMIT 1)
       WHERE branch_id NOT IN (SELECT id FROM branch)""",
    "INSERT OR IGNORE INTO stage (room_id, content) SELECT id, '{}' FROM room",
    """INSERT OR IGNORE INTO branch (id, room_id, tip_position, kind, created_at)
       SELECT parent_id, room_id, max(fork_position), 'main', min(created_at) FROM branch
       WHERE parent_id NOT IN (SELECT id FROM branch) GROUP BY parent_id""",
    """UPDATE branch SET tip_position = max(tip_position, coalesce(
         (SELECT max(position) FROM message WHERE branch_id = branch.id), 0))""",
    # A place without a message is a message that was deleted: positions have no holes.
    """WITH RECURSIVE place (branch_id, room_id, position, tip) AS (
         SELECT id, room_id, fork_position + 1, tip_position FROM branch
         WHERE tip_position > fork_position
         UNION ALL
         SELECT branch_id, room_id, position + 1, tip FROM place WHERE position < tip
         LIMIT 1000000)
       INSERT OR IGNORE INTO message (id, room_id, branch_id, position, author_kind, author_name,
         status, created_at, deleted_at, text)
       SELECT lower(hex(randomblob(16))), room_id, branch_id, position, 'note', '', 'complete', 0,
         1, '' FROM place""",
    "UPDATE message SET turn_id = NULL WHERE turn_id NOT IN (SELECT id FROM turn)",
    "UPDATE turn SET line_id = NULL WHERE line_id NOT IN (SELECT id FROM message)",
    "UPDATE turn SET outcome = 'interrupted' WHERE outcome = 'running'",
)


def _mend(into: Connection) -> None:
    for statement in _MENDED:
        into.execute(statement)
    for _ in range(9):
        astray = list(into.execute("PRAGMA foreign_key_check"))
        if not astray:
            return
        for table, rowid, *_ in astray:
            if rowid is None:
                # It has no row number and nothing of a story: usage, an AI's session, a journal.
                into.execute(f'DELETE FROM "{table}"')
            else:
                into.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))
