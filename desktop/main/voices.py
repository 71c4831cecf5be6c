"""Joins who speaks next and turns that come by themselves to the rest."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent
from desktop.protocol.methods import Opened, RoomParams, RoomView
from desktop.services.auto_turns import AutoTurns
from desktop.services.next_voices import NextVoices
from desktop.services.outside import Clock, Emit
from desktop.services.readiness import Readiness
from desktop.services.turn_voices import Voices
from desktop.services.turns import Turns
from desktop.store.database import Database


class VoicesPart:
    """Made before the turns, which emit through ``overhear``; ``attach`` joins it to them."""

    def __init__(self, emit: Emit) -> None:
        self.voices = Voices()
        self._page = emit
        self._turns: Turns
        self._autos: AutoTurns
        self._next: NextVoices
        self._hearing: tuple[Callable[[AnyEvent], None], ...] = ()

    def emit(self, event: AnyEvent) -> None:
        """Hand an event on to the page, and to who has to know it here."""
        self._page(event)
        for heard in self._hearing:
            heard(event)

    def attach(self, database: Database, turns: Turns, readiness: Readiness, clock: Clock) -> None:
        async def ready(room_id: str) -> None:
            await readiness.prepare(RoomParams(room_id=room_id))

        self._autos = AutoTurns(
            database, lambda: turns, self.voices, self.emit, clock, log.report_bug
        )
        self._next = NextVoices(database, self.voices, self.emit, log.report_bug, ready)
        self._hearing = (self._autos.heard, self._next.heard)

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "auto.start": self._autos.start,
            "auto.stop": self._autos.stop,
            "voice.choose": self._next.choose,
            "turn.send": self._autos.send,
        }

    def shown(self, handler: Handler) -> Handler:
        """Open a room with who is next in it and what comes by itself."""

        async def opened(params: Any) -> Frozen:
            answer = await handler(params)
            if isinstance(answer, Opened) and answer.room:
                return replace(answer, room=self._with(answer.room))
            return self._with(answer) if isinstance(answer, RoomView) else answer

        return opened

    async def close(self) -> None:
        """Before the turns are closed: none may begin any more."""
        self._hearing = ()
        await self._autos.close()
        await self._next.close()

    def _with(self, view: RoomView) -> RoomView:
        return replace(self._next.shown(view), auto=self._autos.state(view.room.id))
