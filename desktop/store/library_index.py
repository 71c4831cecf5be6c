"""What there is in a library folder, each file read once and again only when it has changed."""

from pathlib import Path
from typing import NamedTuple, get_args

from desktop.protocol.base import UtcMs
from desktop.protocol.library import (
    CharacterContents,
    Contents,
    EntryProblem,
    LibraryEntry,
    LibraryKind,
    LibraryOrigin,
    PersonaContents,
)
from desktop.store import library_files as files
from desktop.store.disk import Disk
from desktop.store.library_contents import Unusable, opened
from desktop.store.library_names import belongs

KINDS: tuple[LibraryKind, ...] = get_args(LibraryKind)
PROFILE = "my_profile.json"
"""The web version's single profile, shown among my characters."""


class Place(NamedTuple):
    """Where the files of a kind lie."""

    folder: str
    ending: str


PLACES: dict[LibraryKind, Place] = {
    "world": Place("worlds", ".md"),
    "situation": Place("situations", ".md"),
    "my_character": Place("my_characters", ".md"),
    "npc": Place("npcs", ".md"),
    "character_template": Place("characters/templates", ".json"),
    "preset": Place("presets", ".json"),
    "lorebook": Place("lorebooks", ".json"),
}
BESIDE: dict[str, Place] = {
    "image/png": Place("pictures", ".png"),
    "application/json": Place("cards", ".json"),
}
"""What entries point to by a hash lies by itself, once for all of them: such files never change,
so that no synchronising meets two versions of one."""


def kind_beside(raw: bytes) -> str:
    """The media type of what lies there."""
    return "image/png" if raw.startswith(b"\x89PNG") else "application/json"


def place_of(kind: LibraryKind, file: str) -> Place:
    if kind == "my_character" and file == PROFILE:
        return Place("characters", ".json")
    return PLACES[kind]


class Index:
    """``root`` is the library's folder. Looks at the disk; call it from a thread."""

    def __init__(self, root: Path, origin: LibraryOrigin, disk: Disk = files) -> None:
        self.root = root
        self._origin = origin
        self._disk = disk
        self._known: dict[tuple[LibraryKind, str], tuple[files.Seen, LibraryEntry]] = {}

    def folder(self, place: Place) -> Path | None:
        """The folder, or ``None`` where it is missing or any part of it is a link."""
        path = self.root
        for part in place.folder.split("/"):
            path /= part
            if not self._disk.is_folder(path):
                return None
        return path

    def seen(self) -> dict[tuple[LibraryKind, str], files.Seen]:
        """One cheap look at everything. Raises ``OSError``."""
        found = {(kind, one.file): one for kind in KINDS for one in self._seen_of(kind)}
        profile = self.folder(place_of("my_character", PROFILE))
        one = self._disk.look(profile / PROFILE) if profile else None
        if one is not None:
            found["my_character", PROFILE] = one
        return found

    def _seen_of(self, kind: LibraryKind) -> list[files.Seen]:
        folder = self.folder(PLACES[kind])
        return self._disk.seen_in(folder) if folder else []

    def entries(self) -> list[LibraryEntry]:
        """By kind and name. Raises ``OSError``."""
        seen = self.seen()
        self._known = {key: one for key, one in self._known.items() if key in seen}
        found = [self._entry(kind, one) for (kind, _), one in seen.items()]
        return sorted(found, key=lambda one: (KINDS.index(one.kind), one.name.casefold(), one.file))

    def find(self, kind: LibraryKind, file: str) -> LibraryEntry | None:
        """Only what was seen in the folder itself is ever found: no path can be made up."""
        if kind == "my_character" and file == PROFILE:
            one = self.seen().get((kind, file))
        else:
            one = next((one for one in self._seen_of(kind) if _outward(one.file) == file), None)
        return self._entry(kind, one) if one is not None else None

    def path(self, entry: LibraryEntry) -> Path:
        """Where an entry that was found lies."""
        return self.root / place_of(entry.kind, entry.file).folder / entry.file

    def _entry(self, kind: LibraryKind, seen: files.Seen) -> LibraryEntry:
        known = self._known.get((kind, seen.file))
        if known is not None and known[0] == seen:
            return known[1]
        entry = self._read(kind, seen)
        self._known[kind, seen.file] = (seen, entry)
        return entry

    def _read(self, kind: LibraryKind, seen: files.Seen) -> LibraryEntry:
        file, place = _outward(seen.file), place_of(kind, seen.file)
        stem = file.removesuffix(place.ending)
        name, stamp, why, picture = stem, "", _plainly_wrong(seen, place), ""
        if why is None:
            try:
                raw = self._disk.read_bytes(self.root / place.folder / seen.file)
                stamp = files.stamp_of(raw)
                found = opened(kind, place.ending, raw, stem)
                name, picture = _name(found.name, stem), _picture(found.contents)
            except Unusable as error:
                why = error.why
            except files.TooLarge:
                why = "too_large"
            except OSError:
                why = "unreadable"
        return LibraryEntry(
            kind=kind,
            origin=self._origin,
            file=file,
            name=name[:200],
            modified=UtcMs(seen.modified_ns // 1_000_000),
            size=seen.size,
            stamp=stamp,
            problem=why,
            picture=picture,
        )


def _plainly_wrong(seen: files.Seen, place: Place) -> EntryProblem | None:
    """What a look is enough for."""
    if _outward(seen.file) != seen.file:
        return "bad_name"
    if seen.link:
        return "link"
    if not seen.regular:
        return "folder"
    if not seen.file.endswith(place.ending):
        return "foreign"
    return "too_large" if seen.size > files.MAX_BYTES else None


def _picture(contents: Contents) -> str:
    match contents:
        case PersonaContents(persona=persona):
            return persona.picture
        case CharacterContents(character=character):
            return character.picture
        case _:
            return ""


def _outward(file: str) -> str:
    """A file's name as it can be told: one that is no UTF-8 carries lone surrogates."""
    return file.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _name(inside: str, stem: str) -> str:
    inside = encodable(inside).strip()
    return inside if inside and belongs(stem, inside) else stem


def encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
