"""The whole data folder of the web version, packed as a ZIP: its library, database and stories."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from desktop.formats.format import Format, Reader
from desktop.formats.markdown import read_markdown
from desktop.formats.own_reading import read_json, read_ndjson
from desktop.formats.own_zip import of_file, unpacked
from desktop.formats.parts import AnyPart, LibraryItem, Remark, Unreadable
from desktop.formats.zip_safety import open_zip
from desktop.protocol.library import LibraryKind
from desktop.services.transfer_web_database import read_web_database
from desktop.store.library_contents import Unusable, closed, opened
from desktop.store.library_index import PLACES, PROFILE
from desktop.store.library_text import Undecodable, decoded

_FOLDERS: dict[str, LibraryKind] = {place.folder: kind for kind, place in PLACES.items()}
_STORIES = "stories"
_DATABASES = (".db", ".sqlite", ".sqlite3")
_MOST_ENTRY = 16 * 1024**2
_UTF_8 = 0x800


class Place:
    """What a path inside the folder is, as far as the web version's layout says."""

    def __init__(self, path: str) -> None:
        parts = PurePosixPath(path).parts
        self.stem, self.ending = PurePosixPath(path).stem, PurePosixPath(path).suffix.lower()
        self.hidden = any(part.startswith(".") for part in parts)
        self.kind: LibraryKind | None = None
        self.profile = parts[-1:] == (PROFILE,)
        self.story = len(parts) > 1 and parts[-2] == _STORIES and self.ending == ".md"
        for deep in (1, 2):
            # An entry lies right in its folder, wherever that folder lies.
            kind = _FOLDERS.get("/".join(parts[-1 - deep : -1]))
            if kind is not None and self.ending == PLACES[kind].ending:
                self.kind = kind
        self.database = self.ending in _DATABASES

    @property
    def known(self) -> bool:
        """Whether only this folder has such a file."""
        return not self.hidden and (self.kind is not None or self.profile or self.database)

    @property
    def wanted(self) -> bool:
        return self.known or (not self.hidden and (self.story or self.ending == ".ndjson"))


def is_tree(stream: BinaryIO) -> bool:
    """Whether a ZIP holds any of it. Never raises for a ZIP that is broken."""
    try:
        with open_zip(stream) as archive:
            return any(Place(name_of(one)).known for one in archive.infolist())
    except Unreadable:
        return False


def read_web_tree(stream: BinaryIO) -> Iterator[AnyPart]:
    """Its library as entries, its database and its stories as rooms; the rest is told as left."""
    with open_zip(stream) as archive:
        for member in sorted(archive.infolist(), key=lambda one: one.filename):
            if not member.is_dir():
                yield from _member(archive, member)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[AnyPart]:
    name = name_of(member)
    place = Place(name)
    reader: Reader | None = None
    if place.known and not place.database:
        yield _entry(archive, member, name, place)
        return
    if not place.hidden:
        rooms: dict[str, Reader] = {".ndjson": read_ndjson, ".json": read_json}
        story = read_markdown if place.story else None
        reader = read_web_database if place.database else story or rooms.get(place.ending)
    if reader is None:
        yield Remark(fate="dropped", code="unknown_record", where=name[:200])
        return
    with unpacked(archive, member.filename, None) as held:
        parts = reader(cast("BinaryIO", held))
        with closing(parts):  # type: ignore[type-var]
            try:
                for part in parts:
                    yield of_file(part, name)
            except Unreadable as error:
                # Settings and the like: no room at all. A room that is broken stops everything.
                if error.code not in ("not_known", "empty"):
                    raise
                yield Remark(fate="dropped", code="unknown_record", where=name[:200])


def _entry(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, place: Place
) -> LibraryItem | Remark:
    if member.file_size > _MOST_ENTRY:
        return Remark(fate="dropped", code="too_large", where=name[:200])
    with unpacked(archive, member.filename, None) as held:
        raw = held.read()
    try:
        if place.profile:
            return _profile(raw)
        assert place.kind is not None
        return LibraryItem(kind=place.kind, name=place.stem, content=decoded(raw))
    except (Undecodable, Unusable):
        return Remark(fate="dropped", code="library_unreadable", where=name[:200])


def _profile(raw: bytes) -> LibraryItem:
    """The one profile, as one of my characters."""
    contents = opened("my_character", ".json", raw, PROFILE).contents
    name = getattr(getattr(contents, "persona", None), "name", "") or "my_profile"
    written = closed("my_character", PLACES["my_character"].ending, contents, "", None)
    return LibraryItem(kind="my_character", name=name, content=written.decode())


def name_of(member: zipfile.ZipInfo) -> str:
    """Programs of Korean Windows write names in CP949 and do not say so."""
    if not member.flag_bits & _UTF_8:
        try:
            return member.filename.encode("cp437").decode("cp949")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return member.filename
    return member.filename


WEB_TREE = Format(
    "web_tree",
    (".zip",),
    lambda _head, _name: 0,
    read_web_tree,
    holds=frozenset({"rooms", "messages", "context", "usage", "library"}),
)
