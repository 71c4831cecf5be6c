"""The tables themselves: make, open, rename, restage, throw away and fetch back."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from desktop.protocol.events import RoomChanged
from desktop.protocol.methods import (
    DraftParams,
    Nothing,
    RoomCreateParams,
    RoomParams,
    RoomRenameParams,
    RoomView,
    StageParams,
)
from desktop.protocol.models import Message, Room, Stage, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.story import ActCode
from desktop.protocol.usage import UsageSums
from desktop.services.new_room import add_room
from desktop.services.outside import Clock, Emit, NewId
from desktop.services.plain_text import storable
from desktop.services.room_view import existing, view
from desktop.services.undo_stack import Act, UndoStacks
from desktop.store import rooms, settings
from desktop.store.changes import StageSet, TitleSet, apply
from desktop.store.database import Database
from desktop.store.session import Session

LAST_ROOM = "room.last"
"""The fact that names the room which was opened last."""


class Answering(Protocol):
    """What rooms must know of turns."""

    def running_for(self, room_id: str) -> Turn | None: ...

    def streaming_in(self, room_id: str) -> tuple[Message, ...]: ...

    def today(self) -> str: ...

    async def stop_in(self, room_id: str) -> None: ...


class Rooms:
    """``sequence`` tells the number of the newest event."""

    def __init__(
        self,
        database: Database,
        turns: Answering,
        emit: Emit,
        clock: Clock,
        new_id: NewId,
        sequence: Callable[[], int],
        stacks: UndoStacks | None = None,
    ) -> None:
        self._database = database
        self._turns = turns
        self._emit = emit
        self._clock = clock
        self._new_id = new_id
        self._sequence = sequence
        self._stacks = stacks or UndoStacks()

    async def list(self) -> tuple[Room, ...]:
        """All rooms but those in the trash, the one used last first."""
        async with self._database.reading() as session:
            return await rooms.listed(session)

    async def open(self, params: RoomParams) -> RoomView:
        async with self._database.transaction() as session:
            await existing(session, params.room_id)
            await settings.write(session, LAST_ROOM, params.room_id)
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            return await view(session, room, self._turns, self._sequence)

    async def create(self, params: RoomCreateParams) -> RoomView:
        """A new, empty table; the stage is the default one in the language asked for."""
        return await self.lay(params.title, Stage(language=params.language))

    async def lay(self, wanted: str, stage: Stage) -> RoomView:
        """A new table with this stage and nothing said at it."""
        title = storable(wanted).strip()
        async with self._database.transaction() as session:
            room = await add_room(session, title, stage, self._clock.now_ms(), self._new_id)
            await settings.write(session, LAST_ROOM, room.id)
        self._emit(RoomChanged(room=room))
        return RoomView(
            room=room,
            messages=(),
            has_more=False,
            usage=UsageSums(room_id=room.id),
            sequence=self._sequence(),
        )

    async def rename(self, params: RoomRenameParams) -> Room:
        title = storable(params.title).strip()
        if not title:
            raise Trouble(problem("invalid_request", field="title"))
        return await self._act("rename", TitleSet(room_id=params.room_id, title=title))

    async def stage(self, params: StageParams) -> Room:
        """Set the table anew; a turn that is running goes on with the stage it began with."""
        ids = [character.id for character in params.stage.characters]
        if len(set(ids)) < len(ids):
            raise Trouble(problem("invalid_request", field="stage.characters"))
        return await self._act("stage", StageSet(room_id=params.room_id, stage=params.stage))

    async def trash(self, params: RoomParams) -> Room:
        """Put the room aside; nothing of it is lost. A running answer is stopped and kept."""
        await self._turns.stop_in(params.room_id)
        now = self._clock.now_ms()
        return await self._change(
            params.room_id, lambda session: rooms.set_trashed(session, params.room_id, now)
        )

    async def restore(self, params: RoomParams) -> Room:
        return await self._change(
            params.room_id, lambda session: rooms.set_trashed(session, params.room_id, None)
        )

    async def draft(self, params: DraftParams) -> Nothing:
        """Keep what was typed and not sent. Raises ``Trouble(not_found)`` for no such room."""
        async with self._database.transaction() as session:
            if not await rooms.set_draft(session, params.room_id, storable(params.text)):
                raise Trouble(problem("not_found", field="room_id"))
        return Nothing()

    async def _act(self, code: ActCode, change: TitleSet | StageSet) -> Room:
        """Change a room so that it can be undone, unless nothing is different."""
        async with self._database.transaction() as session:
            before = await existing(session, change.room_id)
            inverse = await apply(session, change, self._clock.now_ms())
            room = await existing(session, change.room_id)
        self._emit(RoomChanged(room=room))
        if room != before:
            self._stacks.did(room.id, Act(code, (inverse,)))
        return room

    async def _change(self, room_id: str, change: Callable[[Session], Awaitable[object]]) -> Room:
        async with self._database.transaction() as session:
            await existing(session, room_id)
            await change(session)
            room = await existing(session, room_id)
        self._emit(RoomChanged(room=room))
        return room
