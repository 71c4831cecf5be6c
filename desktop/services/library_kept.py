"""Pictures and cards that entries of the library point to: brought to a table, kept beside."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import msgspec

from desktop.formats import pictures
from desktop.formats.card.rest import is_rest
from desktop.formats.parts import Unreadable
from desktop.protocol.library import Contents
from desktop.services.library_place import LibraryPlace
from desktop.services.outside import Clock
from desktop.services.pictures import picture_row
from desktop.store import kept
from desktop.store.database import Database
from desktop.store.kept import Kept
from desktop.store.library import LibraryFolder
from desktop.store.library_index import kind_beside


class LibraryKept:
    """Between the library's files, which anybody may have written, and the database."""

    def __init__(
        self, database: Database, place: LibraryPlace, shipped: Path, clock: Clock
    ) -> None:
        self._database = database
        self._place = place
        self._shipped = LibraryFolder(shipped, "shipped")
        self._clock = clock

    async def lay(self, contents: Contents) -> None:
        """Write what these point to beside the person's own entries."""
        wanted = kept.pointers(_json(contents))
        if not wanted:
            return
        async with self._database.reading() as session:
            found = await kept.found(session, wanted)
        missing = wanted - {one.id for one in found}
        async with self._place.lock:
            await asyncio.to_thread(self._put, found, missing)

    async def take(self, contents: Contents) -> Contents:
        """The same with everything they point to in the database.

        A picture that was replaced by another one under its name is called by its own from now
        on; a pointer to what is nowhere, or cannot be read, stays and shows nothing.
        """
        told = _json(contents)
        wanted = kept.pointers(told)
        if not wanted:
            return contents
        async with self._database.reading() as session:
            missing = wanted - {one.id for one in await kept.found(session, wanted)}
        rows: list[Kept] = []
        for pointer, raw in (await self._files(missing)).items():
            row = await asyncio.to_thread(kept_row, pointer, raw)
            if row is not None:
                rows.append(row)
                told = told.replace(f'"{pointer}"', f'"{row.id}"')
        async with self._database.transaction() as session:
            await kept.add(session, rows, self._clock.now_ms())
        found: Contents = msgspec.json.decode(told, type=Contents)
        return found

    async def pictures(self, ids: tuple[str, ...]) -> dict[str, bytes]:
        found = await self._files(ids)
        return {one: raw for one, raw in found.items() if kind_beside(raw) == kept.PICTURE}

    async def _files(self, ids: Iterable[str]) -> dict[str, bytes]:
        wanted = tuple(ids)
        if not wanted:
            return {}
        async with self._place.lock:
            return await asyncio.to_thread(self._look, wanted)

    def _look(self, ids: tuple[str, ...]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        mine = (self._place.folder(),) if self._place.ready() else ()
        for pointer in ids:
            for folder in (*mine, self._shipped):
                raw = folder.beside(pointer)
                if raw is not None:
                    found[pointer] = raw
                    break
        return found

    def _put(self, found: list[Kept], missing: set[str]) -> None:
        self._place.need()
        mine = self._place.folder()
        for one in found:
            mine.put_beside(one.id, one.media_type, one.content)
        for pointer in missing:
            # Of a shipped entry that is being copied and was never at a table.
            raw = self._shipped.beside(pointer)
            if raw is not None:
                mine.put_beside(pointer, kind_beside(raw), raw)


def kept_row(pointer: str, raw: bytes) -> Kept | None:
    """A file somebody may have written, as it may be kept; ``None`` if it cannot be used.

    Decodes a picture: call it from a thread.
    """
    if kind_beside(raw) != kept.PICTURE:
        return (
            Kept(id=pointer, media_type=kept.CARD, content=raw) if is_rest(pointer, raw) else None
        )
    try:
        return picture_row(pictures.made(raw))
    except Unreadable:
        return None


def _json(contents: Contents) -> str:
    return msgspec.json.encode(contents).decode()
