"""Backups made by themselves: daily while nobody waits for an answer, and before what is risky."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from desktop.formats.format import Format
from desktop.formats.parts import AnyPart, LibraryItem, Remark, Unreadable
from desktop.protocol.backups import (
    Backup,
    BackupId,
    BackupParams,
    BackupReason,
    Backups,
    BackupTested,
)
from desktop.protocol.base import UtcMs
from desktop.protocol.method import Nothing
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.protocol.settings import Settings
from desktop.protocol.transfer import ExportParams, TransferStarted
from desktop.services.backup_rotation import Made, calendar, kept
from desktop.services.book_saving import OpenOutside
from desktop.services.library_place import LibraryPlace
from desktop.services.outside import Clock, ReportBug
from desktop.services.transfer import Transfer
from desktop.services.transfer_export import Wanted, story_parts
from desktop.store import backup_file
from desktop.store.backup_file import Damaged, Item
from desktop.store.database import Database
from desktop.store.library import LibraryFolder
from desktop.store.library_rules import FILE, RulesFile
from desktop.store.snapshot import snapshot

FIRST_LOOK_S = 60.0
LOOK_EVERY_S = 600.0
FORMAT_ID = "backup"
_STAMP = "%Y%m%dT%H%M%S"


class BackupKeeper:
    """``folder`` is the profile's own; ``key`` that of a locked one."""

    def __init__(
        self,
        *,
        source: Path,
        folder: Path,
        key: bytes | None,
        library: LibraryPlace,
        settings: Callable[[], Settings],
        transfer: Callable[[], Transfer],
        answering: Callable[[], bool],
        clock: Clock,
        report_bug: ReportBug,
        open_outside: OpenOutside | None = None,
    ) -> None:
        self._source = source
        self._folder = folder
        self._key = key
        self._library = library
        self._settings = settings
        self._transfer = transfer
        self._answering = answering
        self._clock = clock
        self._report_bug = report_bug
        self._open_outside = open_outside
        self._lock = asyncio.Lock()
        self._problem: Problem | None = None
        self._known: dict[str, Backup] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look from now on whether today's is still to be made."""
        self._task = asyncio.create_task(self._watch(), name="daily backups")

    async def close(self) -> None:
        """End the watch, and wait for a copy that is just being made."""
        # Only between two copies: a thread goes on when whoever waits for it is cancelled.
        async with self._lock:
            if self._task is not None:
                self._task.cancel()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    async def list(self, _: Nothing) -> Backups:
        found = await asyncio.to_thread(self._found)
        return Backups(
            backups=found,
            size=sum(each.size for each in found),
            making=self._lock.locked(),
            problem=self._problem,
        )

    async def make(self, _: Nothing) -> Backups:
        """One by hand. Raises ``Trouble`` for what the disk does."""
        await self._make("by_hand")
        return await self.list(Nothing())

    async def test(self, params: BackupParams) -> BackupTested:
        """Restore it for a trial. Raises ``Trouble``: ``not_found``, or what the disk does."""
        path = self._path(params.backup_id)

        def prove() -> BackupTested:
            try:
                with backup_file.backup_trouble(path):
                    note = backup_file.prove(path, self._key)
            except Damaged:
                return BackupTested(holds=False)
            return BackupTested(holds=True, rooms=note.rooms, messages=note.messages)

        async with self._lock:
            tested = await asyncio.to_thread(prove)
        self._known.pop(params.backup_id, None)
        return tested

    async def restore(self, params: BackupParams) -> TransferStarted:
        """Everything in it as new rooms, as an import with a receipt; what is there stays."""
        path = self._path(params.backup_id)
        form = Format(FORMAT_ID, (".db",), lambda _head, _name: 0, self._reader(path))
        return await self._transfer().bring_back(path, path.name, form)

    async def path_of(self, params: BackupParams) -> Path:
        """Raises ``Trouble(not_found)``."""
        return await asyncio.to_thread(self._path, params.backup_id)

    async def before_replacing(self) -> BackupId:
        """Everything as it stands, to come back to. Raises ``Trouble``: then nothing may be
        replaced."""
        return await self._make("replacing")

    async def open_folder(self, _: Nothing) -> Nothing:
        """Raises ``Trouble(invalid_request)`` without a window."""
        if self._open_outside is None:
            raise Trouble(problem("invalid_request", field="window"))
        await asyncio.to_thread(lambda: self._folder.mkdir(mode=0o700, exist_ok=True))
        await self._open_outside(self._folder)
        return Nothing()

    async def before_import(self) -> None:
        """What fails is told by the list; an import that can be undone does not wait for it."""
        await self._try("import")

    async def daily(self) -> bool:
        """Make today's if it is wanted, still missing, and nobody waits for an answer."""
        if not self._settings().backups or self._answering() or self._lock.locked():
            return False
        today = calendar(self._clock.now_ms())
        found = await asyncio.to_thread(self._found)
        if any(each.readable and calendar(each.made_at) == today for each in found):
            return False
        return await self._try("daily")

    async def _watch(self) -> None:
        wait = FIRST_LOOK_S
        while True:
            await asyncio.sleep(wait)
            wait = LOOK_EVERY_S
            await self.daily()

    async def _try(self, reason: BackupReason) -> bool:
        try:
            await self._make(reason)
        except Trouble:
            return False
        except Exception as error:  # noqa: BLE001 - a backup must never be in the way
            self._problem = problem("bug", log_id=self._report_bug(error, f"a backup: {reason}"))
            return False
        return True

    async def _make(self, reason: BackupReason) -> BackupId:
        async with self._lock:
            items = await self._items()
            try:
                made = await asyncio.to_thread(self._write, reason, items)
            except Damaged as error:
                self._problem = problem("storage_failed", field="backups", detail="damaged")
                raise Trouble(self._problem) from error
            except Trouble as trouble:
                self._problem = trouble.problem
                raise
            self._problem = None
            return made

    def _write(self, reason: BackupReason, items: tuple[Item, ...]) -> BackupId:
        now = self._clock.now_ms()
        target = self._folder / new_name(now, reason)
        backup_file.make(self._source, self._key, target, items, made_at=now, reason=reason)
        self._rotate(target.name)
        return target.name

    def _rotate(self, fresh: str) -> None:
        for left in (*self._folder.glob(f"*{backup_file.PART}*"), *self._folder.glob(".trial-*")):
            left.unlink(missing_ok=True)
        # One that cannot be read says nothing of its age, and may be all that is left of a story.
        found = [each for each in self._found() if each.readable]
        stay = kept((Made(each.id, each.made_at) for each in found), self._settings().backup_days)
        # By a clock that went back the one just made may look like an old one.
        for each in found:
            if each.id != fresh and each.id not in stay:
                backup_file.drop(self._folder / each.id)

    async def _items(self) -> tuple[Item, ...]:
        """The library where it can be read; a disk that is unplugged keeps no story waiting."""
        async with self._library.lock:
            if not await asyncio.to_thread(self._library.ready):
                return ()
            return await asyncio.to_thread(library_items, self._library.folder())

    def _found(self) -> tuple[Backup, ...]:
        try:
            paths = sorted(self._folder.glob("[0-9]*.db"), reverse=True)
        except OSError:
            return ()
        return tuple(self._seen(path) for path in paths)

    def _seen(self, path: Path) -> Backup:
        known = self._known.get(path.name)
        if known is None:
            known = self._known[path.name] = told(path, self._key)
        return known

    def _path(self, backup_id: str) -> Path:
        """By the list and never by what the page says: an id is no way to another folder."""
        for path in self._folder.glob("[0-9]*.db"):
            if path.name == backup_id:
                return path
        raise Trouble(problem("not_found", field="backup_id"))

    def _reader(self, path: Path) -> Any:
        def parts(_: BinaryIO) -> Iterator[AnyPart]:
            copy = path.with_name(f".trial-{secrets.token_hex(6)}.db")
            try:
                backup_file.restore(path, self._key, copy)
                asyncio.run(_brought_up(copy, self._key))
                with snapshot(copy, self._key) as moment:
                    yield from story_parts(moment, moment.rooms(None), Wanted.of(ExportParams()))
                for item in backup_file.library_of(path, self._key):
                    if item.kind == backup_file.RULES:
                        yield Remark(fate="dropped", code="rules_stay")
                        continue
                    yield LibraryItem(kind=item.kind, name=item.name, content=item.content)
            except Damaged as error:
                raise Unreadable("malformed", path.name) from error
            finally:
                backup_file.drop(copy)

        return parts


async def _brought_up(path: Path, key: bytes | None) -> None:
    """An older schema is read by today's program as it opens every database."""
    await (await Database.open(path, key=key)).close()


def library_items(folder: LibraryFolder) -> tuple[Item, ...]:
    """The person's own entries and house rules; what cannot be read is left out."""
    items = [
        Item(entry.kind, entry.name, folder.raw(entry.kind, entry.file).decode("utf-8", "replace"))
        for entry in folder.entries()
        if entry.problem is None
    ]
    with suppress(Trouble):
        rules = RulesFile(folder.root, folder.disk).read()
        if rules is not None:
            items.append(Item(backup_file.RULES, FILE, rules.text))
    return tuple(items)


def new_name(now: UtcMs, reason: BackupReason) -> str:
    """Sorts by time, and says what it is to whoever opens the folder."""
    stamp = datetime.fromtimestamp(now / 1000, UTC).strftime(_STAMP)
    return f"{stamp}-{reason}-{secrets.token_hex(3)}.db"


def told(path: Path, key: bytes | None) -> Backup:
    """What a backup says of itself. One that cannot be read is told too."""
    try:
        size, at = path.stat().st_size, UtcMs(path.stat().st_mtime_ns // 1_000_000)
        note = backup_file.read_note(path, key)
    except OSError:
        return Backup(id=path.name, made_at=UtcMs(0), reason="daily", size=0, readable=False)
    except Damaged:
        return Backup(id=path.name, made_at=at, reason="daily", size=size, readable=False)
    reason: BackupReason = note.reason if note.reason in _REASONS else "daily"  # type: ignore[assignment]
    return Backup(
        id=path.name,
        made_at=note.made_at,
        reason=reason,
        size=size,
        rooms=note.rooms,
        messages=note.messages,
        library=note.library,
    )


_REASONS = {"daily", "import", "migration", "by_hand", "salvage", "replacing"}
