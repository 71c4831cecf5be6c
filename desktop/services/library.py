"""The library: the person's own files and the shipped ones, read, kept and put onto the stage."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from desktop.protocol.events import LibraryChanged
from desktop.protocol.library import (
    Applied,
    ApplyParams,
    Contents,
    EntryParams,
    EntryRead,
    EntryRenameParams,
    EntrySaved,
    EntrySaveParams,
    KeepParams,
    LibraryEntry,
    LibraryList,
    LibraryTrashed,
    TrashParams,
)
from desktop.protocol.methods import Nothing, StageParams
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble, problem
from desktop.services.library_kept import LibraryKept
from desktop.services.library_place import LibraryPlace
from desktop.services.library_stage import applied, kept
from desktop.services.outside import Clock, Emit, NewId
from desktop.services.plain_text import storable
from desktop.services.room_view import existing
from desktop.store.database import Database
from desktop.store.library import LibraryFolder

T = TypeVar("T")

LOOK_EVERY_S = 3.0

Restage = Callable[[StageParams], Awaitable[Room]]
"""Sets a room's table anew, so that it can be undone."""


class Library:
    """``shipped`` is only read. After the first ``list`` changes from outside are watched for."""

    def __init__(
        self,
        database: Database,
        place: LibraryPlace,
        shipped: Path,
        restage: Restage,
        emit: Emit,
        clock: Clock,
        new_id: NewId,
        look_every_s: float = LOOK_EVERY_S,
        kept: LibraryKept | None = None,
    ) -> None:
        self._database = database
        self._place = place
        self._shipped = LibraryFolder(shipped, "shipped")
        self._restage = restage
        self._emit = emit
        self._clock = clock
        self._new_id = new_id
        self._look_every_s = look_every_s
        self._kept = kept
        self._told: LibraryList | None = None
        self._looked: object = None
        self._watch: asyncio.Task[None] | None = None

    async def list(self, _: Nothing | None = None) -> LibraryList:
        if self._watch is None:
            self._watch = asyncio.create_task(self._look_around(), name="watch the library")
        return await self._at_disk(self._listed)

    async def read(self, params: EntryParams) -> EntryRead:
        folder = self._folder_of(params.origin)
        return await self._at_disk(lambda: folder.read(params.kind, params.file))

    async def save(self, params: EntrySaveParams) -> EntrySaved:
        name = _name(params.name)
        if self._kept is not None:
            await self._kept.lay(params.contents)
        return await self._change(lambda: self._saved(params, name))

    async def rename(self, params: EntryRenameParams) -> LibraryEntry:
        name, now, mine = _name(params.name), self._clock.now_ms(), self._mine()
        return await self._change(lambda: mine.rename(params.kind, params.file, name, now))

    async def delete(self, params: EntryParams) -> LibraryTrashed:
        if params.origin == "shipped":
            raise Trouble(problem("invalid_request", field="origin"))
        now, mine = self._clock.now_ms(), self._mine()
        return await self._change(lambda: mine.delete(params.kind, params.file, now))

    async def restore(self, params: TrashParams) -> LibraryEntry:
        mine = self._mine()
        return await self._change(lambda: mine.restore(params.id))

    async def apply(self, params: ApplyParams) -> Applied:
        """Put an entry onto the room's stage; the room's undo takes it back."""
        asked = EntryParams(kind=params.kind, origin=params.origin, file=params.file)
        found = await self.read(asked)
        contents = await self.taken(found.contents)
        async with self._database.reading() as session:
            stage = (await existing(session, params.room_id)).stage
        wanted = applied(stage, params, contents, found.entry.name, self._new_id)
        return Applied(room=await self._restage(StageParams(room_id=params.room_id, stage=wanted)))

    async def taken(self, contents: Contents) -> Contents:
        """What was read, with the pictures and cards it points to ready for a table."""
        return contents if self._kept is None else await self._kept.take(contents)

    async def keep(self, params: KeepParams) -> EntrySaved:
        async with self._database.reading() as session:
            stage = (await existing(session, params.room_id)).stage
        kind, contents = kept(stage, params)
        return await self.save(EntrySaveParams(kind=kind, name=params.name, contents=contents))

    async def choose_folder(self, _: Nothing) -> LibraryList:
        """Let the person pick another folder; what lies in the old one stays there."""
        await self._place.choose()
        return await self.refresh()

    async def usual_folder(self, _: Nothing) -> LibraryList:
        await self._place.forget()
        return await self.refresh()

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None

    def _mine(self) -> LibraryFolder:
        return self._place.folder()

    def _folder_of(self, origin: str) -> LibraryFolder:
        return self._shipped if origin == "shipped" else self._mine()

    def _listed(self) -> LibraryList:
        mine, usual = self._mine(), self._place.usual
        shipped = self._shipped.entries()
        where = str(mine.root)
        if not self._place.ready():
            return self._tell(LibraryList(state="missing", folder=where, usual=usual))
        self._looked = mine.look()
        try:
            mine.purge(self._clock.now_ms())
            own, trash = mine.entries(), mine.trash()
        except Trouble:
            return self._tell(LibraryList(state="unreadable", folder=where, usual=usual))
        changed = {(one.kind, one.file) for one in own}
        offered = [one for one in shipped if (one.kind, one.file) not in changed]
        return self._tell(
            LibraryList(
                state="ready",
                folder=where,
                usual=usual,
                entries=(*own, *offered),
                trash=tuple(trash),
            )
        )

    def _tell(self, library: LibraryList) -> LibraryList:
        self._told = library
        return library

    def _saved(self, params: EntrySaveParams, name: str) -> EntrySaved:
        self._place.need()
        mine = self._mine()
        if params.origin == "shipped" and params.file:
            old = self._shipped.raw(params.kind, params.file)
            entry = mine.add(params.kind, name, params.contents, old)
            return EntrySaved(entry=entry, outcome="copied")
        done = mine.save(
            params.kind, name, params.contents, params.file, params.stamp, self._clock.now_ms()
        )
        return EntrySaved(entry=done.entry, outcome=done.outcome)

    async def _change(self, act: Callable[[], T]) -> T:
        self._place.need()
        done = await self._at_disk(act)
        await self.refresh()
        return done

    async def refresh(self) -> LibraryList:
        """Look again and tell the page."""
        library = await self._at_disk(self._listed)
        self._emit(LibraryChanged(library=library))
        return library

    async def _look_around(self) -> None:
        while True:
            await asyncio.sleep(self._look_every_s)
            with suppress(Trouble):
                if await self._at_disk(self._differs):
                    before = self._told
                    library = await self._at_disk(self._listed)
                    if library != before:
                        self._emit(LibraryChanged(library=library))

    def _differs(self) -> bool:
        missing = self._told is not None and self._told.state == "missing"
        if self._place.ready() == missing:
            return True
        return not missing and self._mine().look() != self._looked

    async def _at_disk(self, act: Callable[[], T]) -> T:
        async with self._place.lock:
            return await asyncio.to_thread(act)


def _name(name: str) -> str:
    clean = " ".join(storable(name).split())
    if not clean:
        raise Trouble(problem("invalid_request", field="name"))
    return clean
