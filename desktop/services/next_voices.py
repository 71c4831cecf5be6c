"""Tells the page who speaks next, whenever that changes, and has their AI made ready."""

import asyncio
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from desktop.protocol.auto import NextVoice, VoiceParams
from desktop.protocol.events import (
    AnyEvent,
    MessageAdded,
    MessageChanged,
    MessageRemoved,
    NextChanged,
    PathChanged,
    RoomChanged,
    TurnEnded,
    TurnStarted,
)
from desktop.protocol.method import Nothing
from desktop.protocol.methods import RoomView
from desktop.protocol.problems import Trouble
from desktop.services.outside import Emit, ReportBug
from desktop.services.room_view import existing
from desktop.services.turn_voices import LOOKED_AT, Voices
from desktop.store import messages
from desktop.store.database import Database


class NextVoices:
    """``heard`` must be told every event that goes to the page."""

    def __init__(
        self,
        database: Database,
        voices: Voices,
        emit: Emit,
        report_bug: ReportBug,
        ready: Callable[[str], Awaitable[object]],
    ) -> None:
        self._database = database
        self._voices = voices
        self._emit = emit
        self._report_bug = report_bug
        self._ready = ready
        self._told: dict[str, NextVoice | None] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._closed = False

    async def choose(self, params: VoiceParams) -> Nothing:
        """Have somebody speak next, once; without a voice it is whoever is next by the rules.

        Raises ``Trouble``: ``not_found``, ``invalid_request`` for who does not sit there.
        """
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
        self._voices.choose(room, params.voice)
        self._look(room.id, ready=True)
        return Nothing()

    def shown(self, view: RoomView) -> RoomView:
        """The room as the page opens it, with who is next there."""
        found = self._voices.next(view.room, view.messages)
        self._told[view.room.id] = found
        return replace(view, next=found)

    def heard(self, event: AnyEvent) -> None:
        match event:
            case TurnEnded(turn=turn) if not turn.following:
                self._look(turn.room_id, ready=True)
            case TurnStarted(turn=turn):
                self._look(turn.room_id)
            case RoomChanged(room=room) | PathChanged(room=room):
                self._look(room.id)
            case MessageAdded(message=message) | MessageChanged(message=message):
                if message.status != "streaming":
                    self._look(message.room_id)
            case MessageRemoved(room_id=room_id):
                self._look(room_id)
            case _:
                pass

    async def close(self) -> None:
        self._closed = True
        tasks = list(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _look(self, room_id: str, *, ready: bool = False) -> None:
        """Only rooms that were opened are anybody's worry."""
        if room_id not in self._told or self._closed:
            return
        if before := self._looking.get(room_id):
            before.cancel()
        self._looking[room_id] = asyncio.create_task(self._look_at(room_id, ready=ready))

    async def _look_at(self, room_id: str, *, ready: bool) -> None:
        try:
            async with self._database.reading() as session:
                room = await existing(session, room_id)
                shown = await messages.newest(session, room.branch_id, LOOKED_AT)
            found = self._voices.next(room, shown)
            if found != self._told.get(room_id):
                self._told[room_id] = found
                self._emit(NextChanged(room_id=room_id, next=found))
            if ready and found is not None:
                await self._ready(room_id)
        except Trouble:
            self._told.pop(room_id, None)  # the room is gone
        except Exception as bug:  # noqa: BLE001 - what is only a hint must not be seen
            self._report_bug(bug, "telling who is next")
