"""The rooms as volumes on a shelf: find, order, archive, copy, begin anew, throw away for good."""

import unicodedata
from collections.abc import Callable
from typing import Protocol

from desktop.protocol.base import UtcMs
from desktop.protocol.events import RoomChanged, RoomDeleted
from desktop.protocol.methods import (
    Nothing,
    RoomDuplicateParams,
    RoomList,
    RoomListParams,
    RoomOrderParams,
    RoomParams,
    RoomView,
)
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.story import Path
from desktop.services.copied_story import copy_story
from desktop.services.new_room import add_room
from desktop.services.plain_text import storable
from desktop.services.room_view import Talking, existing, view
from desktop.services.story import Plan, Story
from desktop.services.story_told import shown_path
from desktop.store import branches, lanes, rooms, trash, turns
from desktop.store.branches import Branch
from desktop.store.changes import BranchSet, StandSet, TurnsFromSet
from desktop.store.session import Session

TRASH_DAYS = 30
_DAY_MS = 86_400_000


class Stopping(Talking, Protocol):
    """What the shelf must know of turns."""

    async def stop_in(self, room_id: str) -> None: ...


class Shelf:
    """``sequence`` tells the number of the newest event."""

    def __init__(self, story: Story, turns: Stopping, sequence: Callable[[], int]) -> None:
        self._story = story
        self._turns = turns
        self._sequence = sequence
        self._database = story.database

    async def list(self, params: RoomListParams) -> RoomList:
        """The rooms of a shelf whose title holds the query, in the order of the shelf."""
        query = _key(params.query)
        async with self._database.reading() as session:
            found = await rooms.on_shelf(session, params.which)
        return RoomList(rooms=tuple(room for room in found if query in _key(room.title)))

    async def order(self, params: RoomOrderParams) -> RoomList:
        """Put the rooms in this order; raises ``Trouble(not_found)`` if one is not there."""
        wanted = list(dict.fromkeys(params.room_ids))
        async with self._database.transaction() as session:
            before = {room_id: await existing(session, room_id) for room_id in wanted}
            before |= {room.id: room for room in await rooms.on_shelf(session, "active")}
            await rooms.set_order(session, wanted)
            after = [await existing(session, room_id) for room_id in before]
            listed = await rooms.on_shelf(session, "active")
        for room in after:
            if room != before[room.id]:
                self._story.emit(RoomChanged(room=room))
        return RoomList(rooms=listed)

    async def archive(self, params: RoomParams) -> Room:
        """Off the table, onto the shelf of finished ones; a running answer goes on."""
        return await self._set_archived(params.room_id, self._story.clock.now_ms())

    async def unarchive(self, params: RoomParams) -> Room:
        return await self._set_archived(params.room_id, None)

    async def duplicate(self, params: RoomDuplicateParams) -> RoomView:
        """A new room with the same stage and, if wanted, a copy of what its path shows.

        All or nothing; the story is copied in batches, whatever its length.
        """
        title = storable(params.title).strip()
        if not title:
            raise Trouble(problem("invalid_request", field="title"))
        async with self._database.transaction() as session:
            source = await existing(session, params.room_id)
            now = self._story.clock.now_ms()
            copy = await add_room(session, title, source.stage, now, self._story.new_id)
            if params.with_story:
                await copy_story(session, source, copy, now, self._story.new_id)
        async with self._database.reading() as session:
            room = await existing(session, copy.id)
            self._story.emit(RoomChanged(room=room))
            return await view(session, room, self._turns, self._sequence)

    async def clear(self, params: RoomParams) -> Path:
        """Begin the conversation anew on an empty branch; a running answer is stopped and kept.

        What was said rests in the trash for 30 days; usage and sessions begin anew.
        """
        await self._turns.stop_in(params.room_id)

        async def plan(session: Session, room: Room) -> Plan:
            old = await branches.find(session, await branches.root_of(session, room.branch_id))
            if old is None or (old.id == room.branch_id and old.is_empty()):
                return Plan(code="clear")
            await self._story.bookmark(session, room, "clear")
            now = self._story.clock.now_ms()
            fresh = Branch(id=self._story.new_id(), room_id=room.id, kind="fresh", created_at=now)
            await branches.add(session, fresh)
            await lanes.forget_all(session, room.id)
            since = await turns.newest_number(session, room.id)
            return Plan(
                code="clear",
                changes=(
                    StandSet(room_id=room.id, branch_id=fresh.id),
                    BranchSet(branch_id=old.id, trashed_at=now, cut_position=old.cut_position),
                    TurnsFromSet(room_id=room.id, number=since),
                ),
                also_undo=(self._story.drop(fresh),),
            )

        await self._story.act(params.room_id, plan)
        async with self._database.reading() as session:
            return await shown_path(session, await existing(session, params.room_id))

    async def delete_forever(self, params: RoomParams) -> Nothing:
        """Only what lies in the trash; raises ``Trouble(invalid_request)`` for anything else."""
        async with self._database.transaction() as session:
            room = await existing(session, params.room_id)
            if room.trashed_at is None or self._turns.running_for(room.id) is not None:
                raise Trouble(problem("invalid_request", field="room_id"))
            await trash.delete_room(session, room.id)
        self._gone(room.id)
        return Nothing()

    async def purge(self) -> int:
        """Throw away what has lain in the trash for 30 days; to be called at the start.

        Returns how many rooms are gone.
        """
        before = UtcMs(self._story.clock.now_ms() - TRASH_DAYS * _DAY_MS)
        async with self._database.transaction() as session:
            gone = await trash.purge(session, before)
        for room_id in gone:
            self._gone(room_id)
        return len(gone)

    async def _set_archived(self, room_id: str, at: UtcMs | None) -> Room:
        async with self._database.transaction() as session:
            await existing(session, room_id)
            await rooms.set_archived(session, room_id, at)
            room = await existing(session, room_id)
        self._story.emit(RoomChanged(room=room))
        return room

    def _gone(self, room_id: str) -> None:
        self._story.stacks.forget(room_id)
        self._story.emit(RoomDeleted(room_id=room_id))


def _key(title: str) -> str:
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(unicodedata.normalize("NFC", folded).split())
