"""The library folder: entries listed, read, saved, renamed, deleted and fetched back."""

import errno
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from desktop.protocol.base import UtcMs
from desktop.protocol.library import (
    Contents,
    EntryRead,
    LibraryEntry,
    LibraryKind,
    LibraryOrigin,
    LibraryTrashed,
    SaveOutcome,
)
from desktop.protocol.problems import Trouble, problem
from desktop.store import library_files as files
from desktop.store.disk import Disk
from desktop.store.library_contents import CONTENTS_OF, Unusable, closed, opened
from desktop.store.library_index import BESIDE, KINDS, PLACES, Index, kind_beside, place_of
from desktop.store.library_names import free, key_of
from desktop.store.library_trash import Note, Trash, trashed

_NEARLY_FULL = 1_000_000


class Kept(NamedTuple):
    entry: LibraryEntry
    outcome: SaveOutcome


class LibraryFolder:
    """A folder of entries. Everything here waits for the disk: call it from a thread, one at a
    time. Raises ``Trouble``: ``not_found``, ``invalid_request`` (an entry that cannot be read says
    why in ``detail``), ``storage_full`` and ``storage_failed``.
    """

    def __init__(self, root: Path, origin: LibraryOrigin = "mine", disk: Disk = files) -> None:
        self.root = root
        self.disk = disk
        self._index = Index(root, origin, disk)
        self._trash = Trash(root, disk)

    def make(self) -> None:
        """Make the folder where it is missing, and clear away what a crash left half written."""
        with _disk_trouble(self.root):
            self.disk.make_folder(self.root)
            for place in {place_of(kind, "") for kind in KINDS}:
                folder = self._index.folder(place)
                for path in self.disk.left_over(folder) if folder else ():
                    with suppress(OSError):
                        self.disk.remove(path)

    def exists(self) -> bool:
        with _disk_trouble(self.root):
            return self.disk.is_folder(self.root)

    def look(self) -> object:
        """Something that is equal to what the last look gave unless a file was changed."""
        with _disk_trouble(self.root):
            return self._index.seen()

    def entries(self) -> list[LibraryEntry]:
        with _disk_trouble(self.root):
            return self._index.entries()

    def read(self, kind: LibraryKind, file: str) -> EntryRead:
        with _disk_trouble(self.root):
            entry = self._found(kind, file)
            found, raw = self._opened(entry)
            entry = self._found(kind, file)
            if entry.stamp != files.stamp_of(raw):
                found, _ = self._opened(entry)
            return EntryRead(entry=entry, contents=found[0], unread=found[1])

    def save(
        self, kind: LibraryKind, name: str, contents: Contents, file: str, stamp: str, now: UtcMs
    ) -> Kept:
        """Replace ``file`` if it still has this ``stamp``; otherwise a new entry is made."""
        if not isinstance(contents, CONTENTS_OF[kind]):
            raise Trouble(problem("invalid_request", field="contents"))
        with _disk_trouble(self.root):
            before = self._index.find(kind, file) if file else None
            if before is None:
                return Kept(self.add(kind, name, contents), "saved")
            path = self._index.path(before)
            seen = self.disk.look(path)
            raw = self.disk.read_bytes(path) if seen is not None and seen.regular else None
            if raw is None or not stamp or files.stamp_of(raw) != stamp:
                return Kept(self.add(kind, before.name, contents), "kept_beside")
            self._replace(before, contents, raw, now)
            return Kept(self._found(kind, file), "saved")

    def add(
        self, kind: LibraryKind, name: str, contents: Contents, old: bytes | None = None
    ) -> LibraryEntry:
        """A new entry, numbered if its name is taken. ``old``: whose foreign fields it keeps."""
        with _disk_trouble(self.root):
            place = PLACES[kind]
            folder = self._made(kind)
            while True:
                taken = self._taken(folder)
                called, file = free(name, place.ending, taken)
                raw = self._bytes(kind, place.ending, contents, called, file, old)
                with suppress(FileExistsError):
                    self.disk.write_new(folder / file, raw)
                    return self._found(kind, file)

    def rename(self, kind: LibraryKind, file: str, name: str, now: UtcMs) -> LibraryEntry:
        with _disk_trouble(self.root):
            entry = self._found(kind, file)
            place, path = PLACES[kind], self._index.path(entry)
            (contents, _), raw = self._opened(entry)
            if place_of(kind, file) != place:
                # The web version's one profile becomes an entry like the others.
                renamed = self.add(kind, name, contents)
                self._trash.put(path, self._note(entry, now))
                return renamed
            taken = self._taken(path.parent) - {key_of(file)}
            called, fresh = free(name, place.ending, taken)
            written = self._bytes(kind, place.ending, contents, called, fresh, raw)
            if key_of(fresh) != key_of(file):
                self.disk.write_new(path.parent / fresh, written)
                self.disk.remove(path)
            else:
                self.disk.replace(path, written)
                self.disk.move(path, path.parent / fresh)
            return self._found(kind, fresh)

    def delete(self, kind: LibraryKind, file: str, now: UtcMs) -> LibraryTrashed:
        """Move it into the trash: anything that is listed, readable or not, but for a folder."""
        with _disk_trouble(self.root):
            entry = self._found(kind, file)
            if entry.problem in ("folder", "bad_name", "link"):
                raise Trouble(problem("invalid_request", field="file", detail=entry.problem))
            note = self._note(entry, now)
            return trashed(self._trash.put(self._index.path(entry), note), note)

    def restore(self, trash_id: str) -> LibraryEntry:
        """Back to where it was, beside whatever has taken its name since."""
        with _disk_trouble(self.root):
            note = self._trash.note(trash_id)
            if note is None:
                raise Trouble(problem("not_found", field="id"))
            raw = self._trash.content(trash_id)
            file = self._put_back(note, raw)
            self._trash.forget(trash_id)
            return self._found(note.kind, file)

    def _put_back(self, note: Note, raw: bytes) -> str:
        folder = self._made(note.kind)
        taken = self._taken(folder)
        ending = Path(note.file).suffix
        fits = ending == PLACES[note.kind].ending and not set(note.file) & set("/\\\0")
        if fits and key_of(note.file) not in taken and not note.file.startswith("."):
            self.disk.write_new(folder / note.file, raw)
            return note.file
        try:
            contents = opened(note.kind, ending, raw, Path(note.file).stem).contents
        except Unusable:
            _, file = free(note.name, PLACES[note.kind].ending, taken)
            self.disk.write_new(folder / file, raw)
            return file
        kept = raw if ending == PLACES[note.kind].ending else None
        return self.add(note.kind, note.name, contents, kept).file

    def trash(self) -> list[LibraryTrashed]:
        with _disk_trouble(self.root):
            return [trashed(one, note) for one, note in self._trash.listed()]

    def purge(self, now: UtcMs) -> int:
        with _disk_trouble(self.root):
            return self._trash.purge(now)

    def raw(self, kind: LibraryKind, file: str) -> bytes:
        """An entry's bytes, for a copy that keeps its foreign fields."""
        with _disk_trouble(self.root):
            return self._opened(self._found(kind, file))[1]

    def beside(self, pointer: str) -> bytes | None:
        """What entries point to by this hash, as its file stands; ``None`` if it has none."""
        with _disk_trouble(self.root):
            for place in BESIDE.values():
                folder = self._index.folder(place)
                path = folder / f"{pointer}{place.ending}" if folder else None
                seen = self.disk.look(path) if path else None
                if path and seen is not None and seen.regular and seen.size <= files.MAX_BYTES:
                    return self.disk.read_bytes(path)
            return None

    def all_beside(self, pointers: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
        """Pointer, media type and content of what there is of these."""
        for pointer in pointers:
            raw = self.beside(pointer)
            if raw is not None:
                yield pointer, kind_beside(raw), raw

    def put_beside(self, pointer: str, media_type: str, raw: bytes) -> None:
        """Keep what an entry points to; a file that has this name stays as it is."""
        with _disk_trouble(self.root):
            place = BESIDE[media_type]
            folder = self.root / place.folder
            self.disk.make_folder(folder)
            with suppress(FileExistsError):
                if self.disk.look(folder / f"{pointer}{place.ending}") is None:
                    self.disk.write_new(folder / f"{pointer}{place.ending}", raw)

    def _replace(self, entry: LibraryEntry, contents: Contents, raw: bytes, now: UtcMs) -> None:
        ending = place_of(entry.kind, entry.file).ending
        try:
            lossy = bool(opened(entry.kind, ending, raw, entry.name).unread)
        except Unusable:
            lossy = True
        if lossy:
            self._trash.keep(raw, self._note(entry, now))
        written = self._bytes(
            entry.kind, ending, contents, entry.name, entry.file, None if lossy else raw
        )
        self.disk.replace(self._index.path(entry), written)

    def _bytes(
        self,
        kind: LibraryKind,
        ending: str,
        contents: Contents,
        name: str,
        file: str,
        old: bytes | None,
    ) -> bytes:
        inside = name if name != file.removesuffix(ending) else ""
        raw = closed(kind, ending, contents, inside, old)
        if len(raw) > files.MAX_BYTES:
            raise Trouble(problem("invalid_request", field="contents", detail="too_large"))
        return raw

    def _opened(self, entry: LibraryEntry) -> tuple[tuple[Contents, tuple[str, ...]], bytes]:
        ending = place_of(entry.kind, entry.file).ending
        if entry.problem is not None:
            raise Trouble(problem("invalid_request", field="file", detail=entry.problem))
        raw = self.disk.read_bytes(self._index.path(entry))
        found = opened(entry.kind, ending, raw, entry.name)
        return (found.contents, found.unread), raw

    def _found(self, kind: LibraryKind, file: str) -> LibraryEntry:
        entry = self._index.find(kind, file)
        if entry is None:
            raise Trouble(problem("not_found", field="file"))
        return entry

    def _made(self, kind: LibraryKind) -> Path:
        path = self.root
        for part in PLACES[kind].folder.split("/"):
            path /= part
            self.disk.make_folder(path)
        return path

    def _taken(self, folder: Path) -> set[str]:
        # Hidden files and links hold their names too.
        return {key_of(name) for name in self.disk.names(folder)}

    def _note(self, entry: LibraryEntry, now: UtcMs) -> Note:
        folder = place_of(entry.kind, entry.file).folder
        return Note(
            kind=entry.kind, folder=folder, file=entry.file, name=entry.name, deleted_at=now
        )


@contextmanager
def _disk_trouble(root: Path) -> Iterator[None]:
    """Turn what the disk does to us into ``Trouble``."""
    try:
        yield
    except Unusable as error:
        raise Trouble(problem("invalid_request", field="file", detail=error.why)) from error
    except files.TooLarge as error:
        raise Trouble(problem("invalid_request", field="file", detail="too_large")) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        with suppress(OSError):
            full = full or shutil.disk_usage(root).free < _NEARLY_FULL
        told = problem("storage_full" if full else "storage_failed", detail=error.strerror or "")
        raise Trouble(told) from error
