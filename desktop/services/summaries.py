"""The story's memory: read, made by the room's AI in the background, written by hand, taken away.

A summary belongs to the path up to its last message. What it covers may be edited later: then it
is stale until it is made or written anew. Nothing is overwritten, so another branch or an undo
find the summary that held there.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from desktop.protocol.events import AnyEvent, SummaryChanged, TurnEnded
from desktop.protocol.models import Room
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.protocol.prompt_methods import SummaryParams
from desktop.protocol.prompting import SummarySaveParams, SummaryState
from desktop.services import memory
from desktop.services.outside import Clock, Emit, NewId, ReportBug
from desktop.services.plain_text import storable
from desktop.services.room_view import existing
from desktop.services.summary_plan import Plan, Reach, planned, reach_of
from desktop.services.summary_writer import SummaryWriter
from desktop.store import branches, summaries
from desktop.store.database import Database
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.session import Session
from desktop.store.summaries import SummaryRow


class Summaries:
    """``is_practice`` tells of a provider's id whether it is no AI and cannot sum up."""

    def __init__(
        self,
        database: Database,
        writer: SummaryWriter,
        emit: Emit,
        clock: Clock,
        new_id: NewId,
        report_bug: ReportBug,
        is_practice: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._database = database
        self._writer = writer
        self._emit = emit
        self._clock = clock
        self._new_id = new_id
        self._report_bug = report_bug
        self._is_practice = is_practice
        self._running: dict[str, asyncio.Task[None]] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self._problems: dict[str, Problem] = {}

    async def read(self, params: SummaryParams) -> SummaryState:
        async with self._database.reading() as session:
            return await self._state(session, await existing(session, params.room_id))

    async def make(self, params: SummaryParams) -> SummaryState:
        """Begin to sum up what has fallen out of the window; the end comes as an event.

        Raises ``Trouble``: ``nothing_to_say`` where nothing has, ``invalid_request`` for the
        practice provider, ``not_found``. While one is being made nothing more happens.
        """
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            if room.id in self._running:
                return await self._state(session, room)
            if self._is_practice(room.stage.provider):
                raise Trouble(problem("invalid_request", field="provider"))
            plan = await planned(session, self._writer.measures, room)
            if plan is None:
                raise Trouble(problem("nothing_to_say"))
        self._start(room, plan)
        return await self._told(room.id)

    async def stop(self, params: SummaryParams) -> SummaryState:
        """Call off one that is being made; what was in force stays."""
        if task := self._running.pop(params.room_id, None):
            task.cancel()
            await asyncio.wait({task})
        return await self._told(params.room_id)

    async def save(self, params: SummarySaveParams) -> SummaryState:
        """Put the person's words in place of what is in force, or in front of what the AI sees.

        What they have read through is no longer stale.
        """
        text = storable(params.text).strip()
        if not text:
            raise Trouble(problem("nothing_to_say"))
        await self.stop(SummaryParams(room_id=params.room_id))
        async with self._database.transaction() as session:
            room = await existing(session, params.room_id)
            reach = await reach_of(session, self._writer.measures, room)
            old = await memory.in_force(session, room.id, room.branch_id, reach.end)
            place = old.position if old else max(reach.first_position - 1, 0)
            await self._store(session, room, place, text)
        self._problems.pop(params.room_id, None)
        return await self._told(params.room_id)

    async def delete(self, params: SummaryParams) -> SummaryState:
        """Take away every summary of the path that is shown."""
        async with self._database.transaction() as session:
            room = await existing(session, params.room_id)
            reach = await reach_of(session, self._writer.measures, room)
            rows = [
                row async for row in memory.on_path(session, room.id, room.branch_id, reach.end)
            ]
            now = self._clock.now_ms()
            for row in rows:
                await summaries.delete(session, row.branch_id, row.position, now)
        return await self._told(params.room_id)

    def overhear(self, emit: Emit) -> Emit:
        """Pass events on, and sum up by itself after a turn of a room that wants it."""

        def heard(event: AnyEvent) -> None:
            emit(event)
            if isinstance(event, TurnEnded) and event.turn.outcome == "complete":
                room = event.room
                wanted = room.stage.summary == "automatic" and room.id not in self._running
                if wanted and not self._is_practice(room.stage.provider):
                    task = asyncio.create_task(self._look(room.id), name="look for a summary")
                    self._looking.add(task)
                    task.add_done_callback(self._looking.discard)

        return heard

    async def close(self) -> None:
        tasks = [*self._running.values(), *self._looking]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, room_id: str) -> None:
        try:
            async with self._database.reading() as session:
                room = await existing(session, room_id)
                reach = await reach_of(session, self._writer.measures, room)
                row = await memory.in_force(session, room.id, room.branch_id, reach.end)
                covered = row.position if row else 0
                # What the person wrote is theirs to mend.
                made = row is not None and bool(row.provider)
                stale = (
                    made and row is not None and await memory.is_stale(session, room.branch_id, row)
                )
                due = reach.cut and (stale or covered < reach.first_position - 1)
                plan = await planned(session, self._writer.measures, room) if due else None
            if plan is not None and room_id not in self._running:
                self._start(room, plan)
                await self._told(room_id)
        except Trouble:
            pass  # the room is gone, or the disk is; the person is told where they act
        except Exception as bug:  # noqa: BLE001 - what comes by itself must not be in the way
            self._report_bug(bug, "looking whether a summary is due")

    def _start(self, room: Room, plan: Plan) -> None:
        self._problems.pop(room.id, None)
        task = asyncio.create_task(self._make(room, plan), name=f"summary {room.id}")
        self._running[room.id] = task

    async def _make(self, room: Room, plan: Plan) -> None:
        try:
            text = await self._writer.write(room, plan)
            async with self._database.transaction() as session:
                row = SummaryRow(
                    id=self._new_id(),
                    room_id=room.id,
                    branch_id=plan.branch_id,
                    position=plan.position,
                    fingerprint=plan.fingerprint,
                    provider=room.stage.provider,
                    model=room.stage.model,
                    created_at=self._clock.now_ms(),
                    text=text,
                )
                await summaries.add(session, row)
        except asyncio.CancelledError:
            self._forget(room.id)
            raise
        except Trouble as trouble:
            self._problems[room.id] = trouble.problem
        except Exception as bug:  # noqa: BLE001 - the page must learn that it is over
            log_id = self._report_bug(bug, "making a summary")
            self._problems[room.id] = problem("bug", log_id=log_id)
        self._forget(room.id)
        with suppress(Trouble):  # the room was deleted meanwhile
            await self._told(room.id)

    def _forget(self, room_id: str) -> None:
        if self._running.get(room_id) is asyncio.current_task():
            del self._running[room_id]

    async def _store(self, session: Session, room: Room, position: int, text: str) -> None:
        point = await branches.point_at(session, room.branch_id, position)
        row = SummaryRow(
            id=self._new_id(),
            room_id=room.id,
            branch_id=point.branch_id,
            position=position,
            fingerprint=await timeline_fingerprint(session, room.branch_id, position),
            created_at=self._clock.now_ms(),
            text=text,
        )
        await summaries.add(session, row)

    async def _told(self, room_id: str) -> SummaryState:
        async with self._database.reading() as session:
            state = await self._state(session, await existing(session, room_id))
        self._emit(SummaryChanged(state=state))
        return state

    async def _state(self, session: Session, room: Room) -> SummaryState:
        reach: Reach = await reach_of(session, self._writer.measures, room)
        row = await memory.in_force(session, room.id, room.branch_id, reach.end)
        covered = row.position if row else 0
        return SummaryState(
            room_id=room.id,
            summary=await memory.told(session, room.branch_id, row) if row else None,
            fallen=await reach.fallen(session, room, covered),
            first_seen_id=reach.first_id if reach.cut else "",
            making=room.id in self._running,
            problem=self._problems.get(room.id),
        )
