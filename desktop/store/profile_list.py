"""Which profiles there are: one small file beside them, and their folders if it is lost."""

import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Language
from desktop.protocol.settings import Theme
from desktop.store import lock_file
from desktop.store.profile_files import FileSet
from desktop.store.session import disk_trouble

FIRST = "first"
"""Lies in the data folder itself, where everything lay before there were profiles."""
DATABASE = "persona-chat.db"
KEPT_MS = 30 * 24 * 60 * 60 * 1000
_ID = re.compile(r"[0-9a-f]{12}")


class ProfileRow(Frozen, kw_only=True):
    id: str
    label: str = ""
    """What the person chose to show, also while it is locked; empty: nothing but a number."""
    created_at: UtcMs = UtcMs(0)
    deleted_at: UtcMs | None = None


class ProfileList(Frozen, kw_only=True):
    """``language`` and ``theme`` are what the page shows while nothing is open."""

    current: str = FIRST
    language: Language | None = None
    theme: Theme = "system"
    profiles: tuple[ProfileRow, ...] = (ProfileRow(id=FIRST),)


class ProfileShelf:
    """``data`` is the data folder. Raises ``Trouble`` for what the disk does."""

    def __init__(self, data: Path, others: tuple[Path, ...] = ()) -> None:
        self._data = data
        self._others = others
        self._file = data / "profiles.json"
        self.list = self._read()

    def folder(self, profile_id: str) -> Path:
        return self._data if profile_id == FIRST else self._data / "profiles" / profile_id

    def find(self, profile_id: str) -> ProfileRow | None:
        """One that is not deleted."""
        found = (row for row in self.list.profiles if row.id == profile_id)
        return next((row for row in found if row.deleted_at is None), None)

    def add(self, label: str, now: UtcMs) -> ProfileRow:
        """A new one with an empty folder."""
        row = ProfileRow(id=secrets.token_hex(6), label=label, created_at=now)
        try:
            self.folder(row.id).mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise disk_trouble(error) from error
        self.keep(replace(self.list, profiles=(*self.list.profiles, row)))
        return row

    def change(self, row: ProfileRow) -> None:
        rows = tuple(row if each.id == row.id else each for each in self.list.profiles)
        self.keep(replace(self.list, profiles=rows))

    def keep(self, changed: ProfileList) -> None:
        if changed != self.list:
            lock_file.put(self._file, msgspec.json.encode(changed))
            self.list = changed

    def forget(self, profile_id: str) -> None:
        """Remove one with all it holds, for good. The first one's folder holds the others too,
        so of it only what belongs to it goes."""
        self.keep(
            replace(
                self.list,
                profiles=tuple(each for each in self.list.profiles if each.id != profile_id),
            )
        )
        folder = self.folder(profile_id)
        if profile_id != FIRST:
            shutil.rmtree(folder, ignore_errors=True)
            return
        files = FileSet(folder, folder / DATABASE, self._others)
        for name in list(files.all()):
            (folder / name).unlink(missing_ok=True)
        files.clear_droppable()
        files.clear_empty_folders()
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", lock_file.NAME):
            (folder / name).unlink(missing_ok=True)

    def purge(self, now: UtcMs) -> None:
        """Remove what was deleted more than thirty days ago."""
        for row in self.list.profiles:
            if row.deleted_at is not None and row.deleted_at + KEPT_MS <= now:
                self.forget(row.id)

    def _read(self) -> ProfileList:
        known = ProfileList()
        with suppress(OSError, msgspec.DecodeError):
            known = msgspec.json.decode(self._file.read_bytes(), type=ProfileList)
        listed = {row.id for row in known.profiles}
        found = [
            ProfileRow(id=folder.name)
            for folder in sorted((self._data / "profiles").glob("*"))
            if folder.is_dir() and _ID.fullmatch(folder.name) and folder.name not in listed
        ]
        rows = (*(row for row in known.profiles if _is_ours(row.id)), *found)
        return replace(known, profiles=rows or (ProfileRow(id=FIRST),))


def _is_ours(profile_id: str) -> bool:
    return profile_id == FIRST or _ID.fullmatch(profile_id) is not None
