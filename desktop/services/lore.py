"""The lorebooks of the library as the turns need them, and a place to try them out."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from desktop.dialogue.lore import activate
from desktop.dialogue.lore.reasons import reasons
from desktop.protocol.library import LoreContents
from desktop.protocol.lore import Entry, Lorebook, LoreState
from desktop.protocol.models import Message
from desktop.protocol.problems import Trouble
from desktop.protocol.prompting import LoreTested, LoreTestParams
from desktop.providers.token_estimate import estimate
from desktop.services.library_place import LibraryPlace
from desktop.services.room_view import existing
from desktop.store import messages
from desktop.store.database import Database
from desktop.store.library import LibraryFolder

MOST_SCANNED = 400
"""Messages back that are looked through at most, whatever a book asks for."""


class Books(NamedTuple):
    """``read``: the books in their order, each with its file for an id; ``unread``: the files
    that are not there or cannot be read."""

    read: tuple[Lorebook, ...] = ()
    unread: tuple[str, ...] = ()


class LoreBooks:
    """Reads books by file, the person's own before a shipped one."""

    def __init__(self, place: LibraryPlace, shipped: Path) -> None:
        self._place = place
        self._shipped = LibraryFolder(shipped, "shipped")

    async def in_force(self, files: Sequence[str]) -> Books:
        if not files:
            return Books()
        async with self._place.lock:
            return await asyncio.to_thread(self._read, tuple(dict.fromkeys(files)))

    def _read(self, files: tuple[str, ...]) -> Books:
        found = [(file, self._book(file)) for file in files]
        return Books(
            tuple(book for _, book in found if book is not None),
            tuple(file for file, book in found if book is None),
        )

    def _book(self, file: str) -> Lorebook | None:
        for folder in (self._place.folder(), self._shipped):
            try:
                found = folder.read("lorebook", file)
            except Trouble:
                continue
            if isinstance(found.contents, LoreContents):
                book = found.contents.book
                return replace(book, id=file, name=found.entry.name, entries=_apart(book.entries))
        return None


class LoreTest:
    """Shows what a text would fire."""

    def __init__(self, database: Database, books: LoreBooks) -> None:
        self._database = database
        self._books = books

    async def test(self, params: LoreTestParams) -> LoreTested:
        """Raises ``Trouble(not_found)`` for a room there is not."""
        found = await self._books.in_force(params.files)
        books = found.read
        if params.book is not None:
            books = (*books, replace(params.book, id="", entries=_apart(params.book.entries)))
        story: tuple[Message, ...] = ()
        if params.room_id:
            async with self._database.reading() as session:
                room = await existing(session, params.room_id)
                story = await messages.newest(session, room.branch_id, scanned(books), for_ai=True)
        activation = await asyncio.to_thread(
            activate,
            books,
            story,
            params.text,
            # As late as no delay reaches: what is tried out is the keys.
            LoreState(turn=10_000),
            lambda _: 1,
            None,
            estimate=estimate,
        )
        return LoreTested(
            reasons=reasons(books, activation), tokens=activation.tokens, unread=found.unread
        )


def scanned(books: Sequence[Lorebook]) -> int:
    """How many messages back the books look, the line left aside."""
    depths = [
        book.scan_depth if one.scan_depth is None else one.scan_depth
        for book in books
        for one in book.entries
    ]
    return min(max(depths, default=0), MOST_SCANNED)


def _apart(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """No two with the same id: a book may come from anywhere."""
    seen: set[str] = set()
    apart = []
    for at, one in enumerate(entries):
        called = one.id
        while called in seen:
            called += f".{at}"
        seen.add(called)
        apart.append(replace(one, id=called))
    return tuple(apart)
