"""Brings a file's rooms in, batch by batch and out of sight, until all of it is there."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from msgspec.structs import replace

from desktop.formats.parts import LibraryItem, Unreadable
from desktop.protocol.models import Room, Stage
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.transfer import ImportParams, Receipt, ReceiptRoom
from desktop.services.outside import Clock, NewId
from desktop.services.room_view import existing
from desktop.services.transfer_files import Held
from desktop.services.transfer_job import Job
from desktop.services.transfer_kept import renamed
from desktop.services.transfer_library import Shelved, add_items
from desktop.services.transfer_place import Known, Onto
from desktop.services.transfer_plan import Batch, Ended, Plan
from desktop.services.transfer_receipts import Kept, add
from desktop.services.transfer_source import Source
from desktop.services.transfer_tally import counts
from desktop.store import branches, intake, kept, messages, rooms, summaries
from desktop.store.branches import Point
from desktop.store.database import Database
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.library import LibraryFolder
from desktop.store.session import Session

_MOST_TOLD = 100


class BroughtIn(NamedTuple):
    """What has appeared."""

    receipt: Receipt
    rooms: tuple[Room, ...]


class Importing:
    """One import or preview. ``library`` is where entries are added, ``None`` adds none."""

    def __init__(
        self,
        database: Database,
        params: ImportParams,
        held: Held,
        job: Job,
        clock: Clock,
        new_id: NewId,
        library: LibraryFolder | None,
    ) -> None:
        self._database = database
        self._params = params
        self._held = held
        self._job = job
        self._clock = clock
        self._new_id = new_id
        self._library = library
        self._items: list[LibraryItem] = []
        self._ended: list[Ended] = []
        self._before = ""
        self._shelved = Shelved()

    async def look(self) -> Receipt:
        """Read everything and store nothing."""
        plan = await self._plan()
        with Source(self._held) as source:
            self._job.share = source.share
            await asyncio.to_thread(self._only_read, plan, plan.batches(source.parts()))
        plan.kept.end()
        if self._library is not None:
            plan.tally.kept["library"] = len(self._items)
        return replace(self._receipt(plan), dry_run=True)

    def _only_read(self, plan: Plan, batches: Iterator[Batch]) -> None:
        for batch in batches:
            self._job.check()
            self._took(batch)
            for part in batch.kept:
                plan.kept.row(part)

    async def bring_in(self) -> BroughtIn:
        """Raises ``Unreadable``, ``Stopped`` and ``Trouble``; nothing was brought in then."""
        try:
            return await self._bring_in()
        except BaseException:
            await asyncio.shield(self._take_back())
            raise
        finally:
            with suppress(Trouble):
                await self._database.intake_ended()

    async def _bring_in(self) -> BroughtIn:
        plan = await self._plan()
        with Source(self._held) as source:
            self._job.share = lambda: source.share() * 0.97
            await self._store(plan, plan.batches(source.parts()))
        plan.kept.end()
        await self._settle_kept(plan)
        self._job.check()
        return await self._show(plan)

    async def _settle_kept(self, plan: Plan) -> None:
        """Let stages and entries point to pictures and cards by the names they have here."""
        async with self._database.transaction() as session:
            present = {one.id for one in await kept.found(session, plan.kept.missing())}
            changes = plan.kept.changes(present)
            if self._params.mode == "new":
                await kept.rename(session, [room.id for room in self._ended], changes)
        if self._library is None or not self._items:
            return
        items = [replace(one, content=renamed(one.content, changes)) for one in self._items]
        pointers = {each for one in items for each in kept.pointers(one.content)}
        async with self._database.reading() as session:
            beside = await kept.found(session, pointers)
        library, tally = self._library, plan.tally
        await asyncio.to_thread(add_items, library, items, tally, self._shelved, beside)

    async def _store(self, plan: Plan, batches: Iterator[Batch]) -> None:
        """Write each batch while the next one is being read."""
        coming = asyncio.create_task(asyncio.to_thread(next, batches, None))
        try:
            while (batch := await coming) is not None:
                self._job.check()
                coming = asyncio.create_task(asyncio.to_thread(next, batches, None))
                self._took(batch)
                await self._write(batch)
                await self._keep(plan, batch)
        finally:
            # The thread must have let go of the file before it is closed.
            with suppress(BaseException):
                await coming

    async def _keep(self, plan: Plan, batch: Batch) -> None:
        rows = []
        for part in batch.kept:
            self._job.check()
            rows.append(await asyncio.to_thread(plan.kept.row, part))
        if rows:
            async with self._database.transaction() as session:
                await kept.add(session, [one for one in rows if one], self._clock.now_ms())

    async def _write(self, batch: Batch) -> None:
        try:
            async with self._database.intake() as session:
                await intake.put(session, batch.rows, batch.tips)
        except intake.StandsTwice as error:
            raise Unreadable("duplicate_id", str(error)) from error
        for room in batch.ended:
            async with self._database.transaction() as session:
                await intake.tie(session, room.id)
                for summary in room.summaries:
                    mark = await timeline_fingerprint(session, summary.branch_id, summary.position)
                    await summaries.add(session, replace(summary, fingerprint=mark))
                if self._params.mode == "new":
                    await intake.settle(session, room.id, room.shown, room.turns)
                    await intake.count_usage(session, room.id)
                    await _refresh(session, room.id, room.shown)

    def _took(self, batch: Batch) -> None:
        self._items += batch.library
        self._ended += batch.ended
        told = self._job.told
        self._job.count(
            rooms_done=len(self._ended),
            turns_done=told.turns_done + len(batch.rows.get("turn", ())),
            messages_done=told.messages_done + len(batch.rows.get("message", ())),
        )

    async def _plan(self) -> Plan:
        onto, stage = None, None
        if self._params.mode == "merge":
            async with self._database.reading() as session:
                onto, stage = await self._onto(session)
        stem = self._held.name.rsplit(".", 1)[0]
        return Plan(
            file_title=stem,
            now=self._clock.now_ms(),
            new_id=self._new_id,
            onto=onto,
            stage=stage,
        )

    async def _onto(self, session: Session) -> tuple[Onto, Stage]:
        """Behind the newest message of the path that the room shows."""
        room = await existing(session, self._params.room_id)
        if room.trashed_at is not None:
            raise Trouble(problem("invalid_request", field="room_id"))
        newest = await messages.newest(session, room.branch_id, 1)
        if newest:
            point = Point(branch_id=newest[0].branch_id, position=newest[0].position)
        else:
            point = Point(branch_id=await branches.root_of(session, room.branch_id), position=0)
        known = None
        if self._params.duplicates == "skip":
            known = Known()
            async for page in messages.whole_path(session, room.branch_id, 2_000):
                for one in page:
                    known.add(one.author.name, one.text, one.created_at)
        count = await branches.count_at(session, point)
        self._before = room.branch_id
        return Onto(room.id, point.branch_id, point.position, count, known), room.stage

    async def _show(self, plan: Plan) -> BroughtIn:
        """Everything appears in one step, with the receipt that takes it back."""
        receipt = self._receipt(plan)
        merging = self._params.mode == "merge"
        ids = () if merging else tuple(room.id for room in self._ended)
        branch_ids = tuple(one for room in self._ended for one in room.branch_ids)
        async with self._database.transaction() as session:
            changed = list(ids)
            if merging and receipt.kept.messages and self._ended:
                await self._go_on(session, self._ended[0])
                changed = [self._params.room_id]
            shown_branches = branch_ids if receipt.kept.messages else ()
            await intake.show(session, ids, shown_branches)
            taken = Kept(
                receipt=receipt,
                room_ids=ids,
                merged_into=self._params.room_id if merging else "",
                branch_before=self._before,
                branch_ids=shown_branches,
                library=tuple(self._shelved.added),
            )
            await add(session, taken)
            found = [await rooms.find(session, one) for one in changed]
        if not receipt.kept.messages:
            await self._sweep()
        return BroughtIn(receipt, tuple(room for room in found if room is not None))

    async def _go_on(self, session: Session, ended: Ended) -> None:
        room_id = self._params.room_id
        await existing(session, room_id)
        await rooms.switch(session, room_id, ended.shown)
        await _refresh(session, room_id, ended.shown)
        await branches.use(session, ended.shown, self._clock.now_ms())

    def _receipt(self, plan: Plan) -> Receipt:
        told = tuple(
            ReceiptRoom(id=room.id, title=room.title, messages=room.messages)
            for room in self._ended[:_MOST_TOLD]
        )
        return Receipt(
            id=self._new_id(),
            file=self._held.name,
            format=self._held.format.id if self._held.format else "",
            at=self._clock.now_ms(),
            found=counts(plan.tally.found),
            kept=counts(plan.tally.kept),
            lines=plan.tally.lines(),
            rooms=told,
            mode=self._params.mode,
        )

    async def _take_back(self) -> None:
        """Whatever has been stored goes again."""
        library = self._library
        if library is not None and self._shelved.added:
            now = self._clock.now_ms()
            await asyncio.to_thread(self._shelved.take_back, library, now)
        await self._sweep()

    async def _sweep(self) -> None:
        with suppress(Trouble):
            await sweep(self._database)


async def sweep(database: Database) -> None:
    """Delete what was never shown; whatever cannot be deleted now goes at the next start."""
    more = True
    while more:
        async with database.transaction() as session:
            more = await intake.sweep(session)


async def _refresh(session: Session, room_id: str, branch_id: str) -> None:
    last = await messages.newest(session, branch_id, 1)
    await rooms.refresh(session, room_id, last[0].text if last else "")
