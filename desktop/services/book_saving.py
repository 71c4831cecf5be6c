"""Writes a book where the person wants it: beside its place first, then renamed into it."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from desktop.formats.books import ENDINGS, book_writer
from desktop.formats.books.contents import Picture, RollRecord, Writer
from desktop.formats.books.grades import GRADES
from desktop.protocol.books import (
    BookOptions,
    BookParams,
    BookSaved,
    BookSaveParams,
    BookText,
    BookTextParams,
    ChapterMark,
)
from desktop.protocol.events import BookProgressed
from desktop.protocol.method import Nothing
from desktop.protocol.models import Language, Room
from desktop.protocol.problems import Trouble, problem
from desktop.services.book import path_of
from desktop.services.book_telling import Telling, head_of
from desktop.services.copied_text import TextFile
from desktop.services.dice import told as rolled
from desktop.services.outside import Clock, Emit
from desktop.services.room_view import existing
from desktop.services.transfer_files import ChooseSave
from desktop.store import book_rows, chapters, kept, rolls
from desktop.store.database import Database
from desktop.store.library_names import stem_for
from desktop.store.session import machine_trouble

BATCH = 400
"""Messages that are read and written at once; between two batches others come to their turn."""

CLOSING_S = 3.0
"""A dialog that is still open must not keep the program from ending."""

PrintPdf = Callable[[Path, Path], Awaitable[bool]]
"""Prints a web page into a PDF; False where it could not."""
OpenOutside = Callable[[Path], Awaitable[None]]
"""Shows a file of ours in the person's browser."""


class Stopped(Exception):
    """The person would rather not have this book."""


class Source:
    """The path a book is made of, as it was when it was asked for."""

    def __init__(self, room: Room, branch_id: str, marks: tuple[ChapterMark, ...]) -> None:
        self.room = room
        self.branch_id = branch_id
        self.marks = marks


class BookSaving:
    """Without a window ``choose_save`` may answer with a place that was given before.

    ``print_pdf`` is ``None`` where the window's engine cannot print: the pages are then opened in
    the person's browser, from ``scratch``, where the last ones stay until the next.
    """

    def __init__(
        self,
        database: Database,
        emit: Emit,
        clock: Clock,
        scratch: Path,
        *,
        choose_save: ChooseSave | None = None,
        print_pdf: PrintPdf | None = None,
        open_outside: OpenOutside | None = None,
    ) -> None:
        self._database = database
        self._emit = emit
        self._clock = clock
        self._scratch = scratch
        self._choose_save = choose_save
        self._print_pdf = print_pdf
        self._open_outside = open_outside
        self._writing: dict[str, asyncio.Event] = {}
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def save(self, params: BookSaveParams) -> BookSaved:
        """Ask for a place and write the book there.

        Raises ``Trouble``: ``busy`` while a book of this room is being written,
        ``invalid_request`` where no dialog can be shown, ``not_found``, and what the disk does.
        """
        if params.room_id in self._writing:
            raise Trouble(problem("busy"))
        stop = self._writing[params.room_id] = asyncio.Event()
        self._quiet.clear()
        try:
            source = await self._source(params.room_id, params.options)
            if params.options.format == "pdf" and self._print_pdf is None:
                return await self._hand_to_browser(source, params.options, stop)
            return await self._save(source, params.options, stop)
        except Stopped:
            return BookSaved(outcome="stopped")
        finally:
            del self._writing[params.room_id]
            if not self._writing:
                self._quiet.set()

    async def stop(self, params: BookParams) -> Nothing:
        if params.room_id in self._writing:
            self._writing[params.room_id].set()
        return Nothing()

    async def close(self) -> None:
        """Let go of every book that is being written; nothing of it stays behind."""
        for stop in self._writing.values():
            stop.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), CLOSING_S)

    async def text(self, params: BookTextParams) -> BookText:
        """A chapter or everything as text, to be copied. ``too_long`` if it should be a file."""
        if params.options.format not in ("markdown", "text"):
            raise Trouble(problem("invalid_request", field="format"))
        source = await self._source(params.room_id, params.options)
        first, last = 1, None
        if params.chapter_id is not None:
            first, last = _stretch(source.marks, params.chapter_id)
        file = TextFile()
        await self._write(source, params.options, file, asyncio.Event(), first, last)
        return BookText(text=file.text())

    async def _source(self, room_id: str, options: BookOptions) -> Source:
        async with self._database.reading() as session:
            room = await existing(session, room_id)
            branch_id = await path_of(session, room, options.branch_id)
            return Source(room, branch_id, await chapters.on_path(session, branch_id))

    async def _save(self, source: Source, options: BookOptions, stop: asyncio.Event) -> BookSaved:
        if self._choose_save is None:
            raise Trouble(problem("invalid_request", field="window"))
        ending = ENDINGS[options.format]
        chosen = await self._choose_save(stem_for(source.room.title) + ending)
        if not chosen:
            return BookSaved(outcome="dismissed")
        place = Path(chosen)
        if not place.suffix:
            place = place.with_name(place.name + ending)
        beside = place.with_name(f".{uuid.uuid4().hex[:12]}.part")
        pages = beside.with_suffix(".html") if options.format == "pdf" else beside
        try:
            count = await self._write_file(source, options, pages, stop)
            if pages is not beside:
                assert self._print_pdf is not None
                if not await self._print_pdf(pages, beside):
                    raise Trouble(problem("storage_failed", detail="print"))
            with machine_trouble(place):
                size = await asyncio.to_thread(_into_place, beside, place)
        finally:
            for left in {beside, pages}:
                left.unlink(missing_ok=True)
        return BookSaved(
            outcome="saved",
            name=place.name,
            messages=count,
            bytes=size,
            at=self._clock.now_ms(),
        )

    async def _hand_to_browser(
        self, source: Source, options: BookOptions, stop: asyncio.Event
    ) -> BookSaved:
        if self._open_outside is None:
            raise Trouble(problem("invalid_request", field="window"))
        with machine_trouble(self._scratch):
            self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
            for old in self._scratch.glob("*.html"):
                old.unlink(missing_ok=True)
        pages = self._scratch / f"{stem_for(source.room.title)}.html"
        try:
            count = await self._write_file(source, options, pages, stop)
        except BaseException:
            pages.unlink(missing_ok=True)
            raise
        await self._open_outside(pages)
        return BookSaved(outcome="printing", name=pages.name, messages=count)

    async def _write_file(
        self, source: Source, options: BookOptions, path: Path, stop: asyncio.Event
    ) -> int:
        with machine_trouble(path), path.open("xb") as file:
            return await self._write(source, options, file, stop)

    async def _write(
        self,
        source: Source,
        options: BookOptions,
        file: BinaryIO,
        stop: asyncio.Event,
        first: int = 1,
        last: int | None = None,
    ) -> int:
        """Batch by batch, so that the memory stays flat and turns get through in between."""
        room, whole = source.room, last is None and first == 1
        marks = tuple(one for one in source.marks if whole or one.position == first)
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{room.id}/{source.branch_id}"))
        faces = await self._faces(room, options)
        head = head_of(room, options, marks, key, self._clock.now_ms(), faces)
        begin = partial(book_writer, file, head, options.format)
        writer = await asyncio.to_thread(begin)
        async with self._database.reading() as session:
            total = (await book_rows.size(session, source.branch_id))[0]
            number = await book_rows.number_at(session, source.branch_id, first)
        telling = Telling(writer, options, head.language, marks, first_number=number)
        try:
            count = await self._tell(source, telling, stop, total, first, last)
            if whole and options.dice_record:
                await self._record(room, head.language, writer)
        except BaseException:
            # An archive that is let go of open would write into the closed file.
            with suppress(Exception):
                writer.close()
            raise
        await asyncio.to_thread(writer.close)
        return count

    async def _tell(
        self,
        source: Source,
        telling: Telling,
        stop: asyncio.Event,
        total: int,
        first: int,
        last: int | None,
    ) -> int:
        count, start = 0, first
        while True:
            async with self._database.reading() as session:
                found = await book_rows.from_place(session, source.branch_id, start, BATCH)
            kept = [one for one in found if last is None or one.position < last]
            await asyncio.to_thread(telling.take, kept)
            count += len(kept)
            told = BookProgressed(room_id=source.room.id, done=count, total=max(total, count))
            self._emit(told)
            if stop.is_set():
                raise Stopped
            if len(kept) < BATCH:
                break
            start = kept[-1].position + 1
        await asyncio.to_thread(telling.end)
        return count

    async def _faces(self, room: Room, options: BookOptions) -> dict[str, Picture]:
        """Of the cast, where the book has a page for it: small ones for a page that holds all."""
        if not options.cast or options.format not in ("html", "pdf", "epub", "docx"):
            return {}
        wanted = {room.stage.me.picture, *(one.picture for one in room.stage.characters)} - {""}
        async with self._database.reading() as session:
            found = await kept.found(session, wanted)
        if options.format in ("epub", "docx"):
            return {one.id: Picture(data=one.content, media_type="image/png") for one in found}
        return {
            one.id: Picture(data=one.small, media_type="image/webp") for one in found if one.small
        }

    async def _record(self, room: Room, language: Language, writer: Writer) -> None:
        async with self._database.reading() as session:
            chain = await rolls.chain(session, room.id)
        for _, sealed in chain:
            writer.roll(
                RollRecord(
                    id=sealed.id,
                    text=rolled(sealed.roll, GRADES[language]),
                    time=sealed.time,
                    hash=sealed.hash,
                )
            )


def _stretch(marks: tuple[ChapterMark, ...], chapter_id: str) -> tuple[int, int | None]:
    """From a chapter's first position up to the next chapter's."""
    for at, mark in enumerate(marks):
        if mark.id == chapter_id:
            return mark.position, marks[at + 1].position if at + 1 < len(marks) else None
    raise Trouble(problem("not_found", field="chapter_id"))


def _into_place(beside: Path, place: Path) -> int:
    beside.replace(place)
    return place.stat().st_size
