"""The files of a locked profile: rows of its encrypted database, used like a folder.

Not even a file's name or size can be seen from outside. Folders are not stored: a folder is
there as soon as something lies in it.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from desktop.store.driver import Errors, Row, connect
from desktop.store.library_files import MAX_BYTES, Seen, TooLarge, is_systems_own

TABLE = """CREATE TABLE IF NOT EXISTS sealed_file (
    path BLOB PRIMARY KEY,
    raw BLOB NOT NULL,
    modified_ns INTEGER NOT NULL
) STRICT"""
_LOOK = "SELECT rowid, path, length(raw) AS size, modified_ns FROM sealed_file"
_MODE = stat.S_IFREG | 0o600


class SealedFiles:
    """Implements ``Disk`` for everything below ``root``; all else does not exist.

    Has a connection of its own, since the library waits for its disk on threads. Raises
    ``OSError`` as a disk would.
    """

    def __init__(self, database: Path, key: bytes, root: Path) -> None:
        self._root = root
        self._guard = RLock()
        with _as_disk():
            self._connection = connect(database, key)
            self._connection.execute(TABLE)

    def close(self) -> None:
        with self._guard, _as_disk():
            self._connection.close()

    def seen_in(self, folder: Path) -> list[Seen]:
        children = (
            (path.relative_to(folder), row) for path, row in self._below(folder) if path != folder
        )
        return sorted(
            _seen(inside.name, row)
            for inside, row in children
            if len(inside.parts) == 1
            and not inside.name.startswith(".")
            and not is_systems_own(inside.name)
        )

    def look(self, path: Path) -> Seen | None:
        if row := self._row(path):
            return _seen(path.name, row)
        if self.is_folder(path):
            return Seen(path.name, stat.S_IFDIR | 0o700, False, 0, 0, 0)
        return None

    def is_folder(self, path: Path) -> bool:
        return path == self._root or bool(self._below(path, "LIMIT 1"))

    def read_bytes(self, path: Path) -> bytes:
        seen = self.look(path)
        if seen is not None and seen.size > MAX_BYTES:
            raise TooLarge(path.name)
        return self.whole(path)

    def make_folder(self, folder: Path) -> None:
        if self._row(folder):
            raise NotADirectoryError(folder.name)

    def write_new(self, path: Path, raw: bytes) -> None:
        with self._guard:
            if self.look(path) is not None:
                raise FileExistsError(path.name)
            self._put(path, raw)

    def replace(self, path: Path, raw: bytes) -> None:
        with self._guard:
            if not self._row(path):
                raise FileNotFoundError(path.name)
            self._put(path, raw)

    def names(self, folder: Path) -> list[str]:
        return sorted({path.relative_to(folder).parts[0] for path, _ in self._below(folder)})

    def move(self, path: Path, to: Path) -> None:
        with self._guard:
            raw = self.read_bytes(path)
            if path != to:
                self._put(to, raw)
                self.remove(path)

    def remove(self, path: Path) -> None:
        with self._guard:
            if self.look(path) is None:
                raise FileNotFoundError(path.name)
            self._all("DELETE FROM sealed_file WHERE path = ?", self._key(path))

    def remove_tree(self, folder: Path) -> None:
        with self._guard:
            for path, _ in self._below(folder):
                self._all("DELETE FROM sealed_file WHERE path = ?", self._key(path))

    def left_over(self, folder: Path) -> Iterator[Path]:
        """Nothing is ever half written here."""
        del folder
        return iter(())

    def everything(self) -> list[Path]:
        return [path for path, _ in self._below(self._root)]

    def whole(self, path: Path) -> bytes:
        """A file of any size. Raises ``FileNotFoundError``."""
        rows = self._all("SELECT raw FROM sealed_file WHERE path = ?", self._key(path))
        if not rows:
            raise FileNotFoundError(path.name)
        return bytes(rows[0]["raw"])

    def modified_ns(self, path: Path) -> int:
        row = self._row(path)
        return int(row["modified_ns"]) if row else 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is written in the block, or nothing of it."""
        with self._guard:
            self._all("BEGIN IMMEDIATE")
            try:
                yield
                self._all("COMMIT")
            except BaseException:
                with suppress(OSError):
                    self._all("ROLLBACK")
                raise

    def store(self, path: Path, raw: bytes, modified_ns: int) -> None:
        """Write a file, whether it was there or not."""
        self._put(path, raw, modified_ns)

    def _put(self, path: Path, raw: bytes, modified_ns: int | None = None) -> None:
        self._all(
            """INSERT INTO sealed_file (path, raw, modified_ns) VALUES (?, ?, ?)
               ON CONFLICT (path) DO UPDATE
               SET raw = excluded.raw, modified_ns = excluded.modified_ns""",
            self._key(path),
            raw,
            time.time_ns() if modified_ns is None else modified_ns,
        )

    def _row(self, path: Path) -> Row | None:
        return next(iter(self._all(f"{_LOOK} WHERE path = ?", self._key(path))), None)

    def _below(self, folder: Path, more: str = "") -> list[tuple[Path, Row]]:
        key = self._key(folder)
        if key:
            rows = self._all(f"{_LOOK} WHERE path > ? AND path < ? {more}", key + b"/", key + b"0")
        else:
            rows = self._all(f"{_LOOK} {more}")
        return [(self._root / os.fsdecode(row["path"]), row) for row in rows]

    def _key(self, path: Path) -> bytes:
        try:
            key = path.relative_to(self._root).as_posix()
        except ValueError as error:
            raise PermissionError(path.name) from error
        # Bytes: a name that is no UTF-8 is a name all the same.
        return b"" if key == "." else os.fsencode(key)

    def _all(self, sql: str, *values: object) -> list[Row]:
        with self._guard, _as_disk():
            return self._connection.execute(sql, values).fetchall()


def _seen(name: str, row: Row) -> Seen:
    return Seen(name, _MODE, False, row["size"], row["modified_ns"], row["rowid"])


@contextmanager
def _as_disk() -> Iterator[None]:
    try:
        yield
    except Errors as error:
        raise OSError(f"sealed files: {type(error).__name__}") from error
