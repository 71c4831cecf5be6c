"""The library's own trash: what was deleted, with where it belongs, for 30 days."""

import uuid
from pathlib import Path

import msgspec

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.library import LibraryKind, LibraryTrashed
from desktop.store import library_files as files
from desktop.store.disk import Disk

FOLDER = ".trash"
KEPT_MS = 30 * 24 * 60 * 60 * 1000
_NOTE = "note.json"
_CONTENT = "content"


class Note(Frozen, kw_only=True):
    """What stands beside a deleted file."""

    kind: LibraryKind
    folder: str
    """In which of the library's folders it lay."""
    file: str
    name: str
    deleted_at: UtcMs


class Trash:
    """``library`` is the library's folder; its trash is made when it is first needed."""

    def __init__(self, library: Path, disk: Disk = files) -> None:
        self._folder = library / FOLDER
        self._disk = disk

    def put(self, path: Path, note: Note) -> str:
        """Move a file in and return its id. Raises ``OSError``; the file stays then."""
        place, trash_id = self._place(note)
        try:
            self._disk.move(path, place / _CONTENT)
        except OSError:
            self._disk.remove_tree(place)
            raise
        return trash_id

    def keep(self, raw: bytes, note: Note) -> str:
        """Put a copy of what is about to be replaced in. Raises ``OSError``."""
        place, trash_id = self._place(note)
        self._disk.write_new(place / _CONTENT, raw)
        return trash_id

    def listed(self) -> list[tuple[str, Note]]:
        """The newest first; what is not ours is passed over."""
        if not self._disk.is_folder(self._folder):
            return []
        found = []
        for name in self._disk.names(self._folder):
            note = self.note(name)
            if note is not None:
                found.append((name, note))
        return sorted(found, key=lambda one: one[1].deleted_at, reverse=True)

    def note(self, trash_id: str) -> Note | None:
        place = self._folder / trash_id
        if not trash_id.isalnum() or not self._disk.is_folder(place):
            return None
        content = self._disk.look(place / _CONTENT)
        if content is None or not content.regular:
            return None
        try:
            return msgspec.json.decode(self._disk.read_bytes(place / _NOTE), type=Note)
        except (OSError, files.TooLarge, msgspec.DecodeError):
            return None

    def content(self, trash_id: str) -> bytes:
        """Raises ``OSError``, ``TooLarge``."""
        return self._disk.read_bytes(self._folder / trash_id / _CONTENT)

    def forget(self, trash_id: str) -> None:
        """Remove one for good. Links in it are removed themselves, never followed."""
        place = self._folder / trash_id
        if trash_id.isalnum() and self._disk.is_folder(place):
            self._disk.remove_tree(place)

    def purge(self, now: UtcMs) -> int:
        """Remove what has lain here for more than 30 days; how many there were."""
        old = [one for one, note in self.listed() if note.deleted_at + KEPT_MS <= now]
        for one in old:
            self.forget(one)
        return len(old)

    def _place(self, note: Note) -> tuple[Path, str]:
        self._disk.make_folder(self._folder)
        trash_id = uuid.uuid4().hex
        place = self._folder / trash_id
        self._disk.make_folder(place)
        try:
            self._disk.write_new(place / _NOTE, msgspec.json.encode(note))
        except OSError:
            self._disk.remove_tree(place)
            raise
        return place, trash_id


def trashed(trash_id: str, note: Note) -> LibraryTrashed:
    return LibraryTrashed(id=trash_id, kind=note.kind, name=note.name, deleted_at=note.deleted_at)
