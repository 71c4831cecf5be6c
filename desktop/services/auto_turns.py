"""Turns that come by themselves: one after the other until somebody or something says enough."""

import asyncio
from collections.abc import Awaitable, Callable

from desktop.dialogue.next_speaker import waits_for_me
from desktop.dialogue.voices import ways
from desktop.protocol.auto import AutoEnd, AutoTurn, VoiceParams
from desktop.protocol.auto_methods import AutoRoomParams
from desktop.protocol.base import UtcMs
from desktop.protocol.events import (
    AnyEvent,
    AutoChanged,
    PathChanged,
    ProblemRaised,
    RoomChanged,
    RoomDeleted,
    TurnEnded,
    TurnStarted,
)
from desktop.protocol.method import Nothing
from desktop.protocol.methods import SendParams, Sent, TurnParams
from desktop.protocol.models import Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import Clock, Emit, ReportBug
from desktop.services.room_view import existing
from desktop.services.turn_voices import LOOKED_AT, Voices
from desktop.services.turns import Turns
from desktop.store import messages
from desktop.store.database import Database


class _Going:
    """One room in which turns come by themselves."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.count = 0
        self.next_at: UtcMs | None = None
        self.why: AutoEnd = ""
        self.starting = False
        self.ended: Turn | None = None
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def state(self) -> AutoTurn:
        limit = self.room.stage.auto_limit
        return AutoTurn(count=self.count, limit=limit, next_at=self.next_at)


class AutoTurns:
    """At most one run of them in a room. What they ask for is no part of the story.

    ``heard`` must be told every event that goes to the page.
    """

    def __init__(
        self,
        database: Database,
        turns: Callable[[], Turns],
        voices: Voices,
        emit: Emit,
        clock: Clock,
        report_bug: ReportBug,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._turns = turns
        self._voices = voices
        self._emit = emit
        self._clock = clock
        self._report_bug = report_bug
        self._sleep = sleep
        self._going: dict[str, _Going] = {}

    def state(self, room_id: str) -> AutoTurn | None:
        going = self._going.get(room_id)
        return going.state() if going else None

    async def start(self, params: VoiceParams) -> Nothing:
        """Let turns come by themselves in a room; where they do already nothing changes.

        The first one comes at once, or behind the answer that is just being given. Raises
        ``Trouble``: ``not_found``, ``invalid_request`` for a voice that does not sit there and for
        a room in the trash, ``nothing_to_say`` in an empty room.
        """
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            last = await messages.newest(session, room.branch_id, 1)
        if room.trashed_at is not None:
            raise Trouble(problem("invalid_request", field="room_id"))
        if not last:
            raise Trouble(problem("nothing_to_say"))
        if params.voice:
            self._voices.choose(room, params.voice)
        if room.id not in self._going:
            going = self._going[room.id] = _Going(room)
            going.task = asyncio.create_task(self._go(going), name=f"auto {room.id}")
            self._tell(going)
        return Nothing()

    async def stop(self, params: AutoRoomParams) -> Nothing:
        """Let no more come; who speaks now may end. Nothing happens where none come."""
        if going := self._going.get(params.room_id):
            self._end(going, "asked")
        return Nothing()

    async def send(self, params: SendParams) -> Sent:
        """As ``Turns.send``; my line goes before anything that came by itself."""
        if going := self._going.get(params.room_id):
            self._end(going, "line")
            await self._make_way(going)
        return await self._turns().send(params)

    def heard(self, event: AnyEvent) -> None:
        """What ends it: me, a problem, another path, other people at the table."""
        match event:
            case TurnStarted(turn=turn) if not turn.automatic:
                self._end_in(turn.room_id, "line")
            case TurnEnded(turn=turn) if not turn.following or turn.outcome != "complete":
                if going := self._going.get(turn.room_id):
                    going.ended = turn
                    going.wake.set()
            case PathChanged(room=room):
                self._end_in(room.id, "moved")
            case RoomDeleted(room_id=room_id):
                self._end_in(room_id, "moved")
            case RoomChanged(room=room) if going := self._going.get(room.id):
                self._restaged(going, room)
            case _:
                pass

    async def close(self) -> None:
        """Let none come any more, without a word."""
        tasks = [going.task for going in self._going.values() if going.task]
        self._going.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _restaged(self, going: _Going, room: Room) -> None:
        before, now = going.room.stage, room.stage
        going.room = room
        if room.trashed_at is not None or room.archived_at is not None:
            self._end(going, "moved")
        elif (before.answering, *ways(before)) != (now.answering, *ways(now)):
            self._end(going, "restaged")
        elif before.auto_limit != now.auto_limit:
            self._tell(going)

    async def _go(self, going: _Going) -> None:
        try:
            if self._turns().occupied(going.room.id):
                await self._end_of_turn(going)
            while not going.why:
                await self._one(going)
                if not going.why:
                    await self._pause(going)
        except Trouble as trouble:
            self._failed(going, trouble)
        except Exception as bug:  # noqa: BLE001 - nothing may go on behind a bug
            log_id = self._report_bug(bug, "turns that come by themselves")
            self._failed(going, Trouble(problem("bug", log_id=log_id)))

    async def _one(self, going: _Going) -> None:
        going.next_at, going.ended, going.starting = None, None, True
        going.wake.clear()
        self._tell(going)
        try:
            sent = await self._turns().go_on(VoiceParams(room_id=going.room.id), automatic=True)
        finally:
            going.starting = False
        if going.why in ("asked", "line"):
            await self._turns().stop(TurnParams(turn_id=sent.turn.id))
        turn = await self._end_of_turn(going)
        if going.why or turn is None:
            return
        if turn.outcome != "complete":
            self._end(going, "stopped" if turn.outcome == "stopped" else "problem")
            return
        going.count += 1
        limit = going.room.stage.auto_limit
        if limit is not None and going.count >= limit:
            self._end(going, "limit")
            return
        async with self._database.reading() as session:
            room = await existing(session, going.room.id)
            shown = await messages.newest(session, room.branch_id, LOOKED_AT)
        if waits_for_me(room.stage, shown):
            self._end(going, "addressed")

    async def _end_of_turn(self, going: _Going) -> Turn | None:
        while going.ended is None and not going.why:
            await going.wake.wait()
            going.wake.clear()
        return going.ended

    async def _pause(self, going: _Going) -> None:
        delay_s = going.room.stage.auto_delay_s
        going.next_at = UtcMs(self._clock.now_ms() + delay_s * 1000)
        self._tell(going)
        going.wake.clear()
        waiting = asyncio.ensure_future(self._sleep(delay_s))
        woken = asyncio.create_task(going.wake.wait())
        try:
            await asyncio.wait({waiting, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            woken.cancel()

    async def _make_way(self, going: _Going) -> None:
        """Wait until what came by itself has ended, which it does now."""
        turns, room_id = self._turns(), going.room.id
        while going.starting or turns.occupied(room_id):
            running = turns.running_for(room_id)
            if running is not None and not running.automatic:
                return
            if running is not None:
                await turns.stop(TurnParams(turn_id=running.id))
            await asyncio.sleep(0.005)

    def _failed(self, going: _Going, trouble: Trouble) -> None:
        whys: dict[str, AutoEnd] = {"nothing_to_say": "nobody", "busy": "line"}
        why = whys.get(trouble.problem.code, "problem")
        if why == "problem" and not going.why:
            self._emit(ProblemRaised(problem=trouble.problem))
        self._end(going, why)

    def _end_in(self, room_id: str, why: AutoEnd) -> None:
        if going := self._going.get(room_id):
            self._end(going, why)

    def _end(self, going: _Going, why: AutoEnd) -> None:
        if going.why:
            return
        going.why = why
        going.wake.set()
        if self._going.get(going.room.id) is going:
            del self._going[going.room.id]
            self._emit(AutoChanged(room_id=going.room.id, why=why))

    def _tell(self, going: _Going) -> None:
        if not going.why:
            self._emit(AutoChanged(room_id=going.room.id, auto=going.state()))
