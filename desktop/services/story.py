"""Does what can be undone: stores it, tells the page, remembers the way back."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent
from desktop.protocol.methods import RoomParams
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.story import ActCode, BranchKind, Slot, Undone, UndoState
from desktop.services.outside import Clock, Emit, NewId
from desktop.services.room_view import existing
from desktop.services.story_told import told_of
from desktop.services.undo_stack import Act, Direction, UndoStacks
from desktop.store import branches, messages, rooms, slots
from desktop.store.branches import Branch, Point
from desktop.store.changes import BranchSet, Change, EmptyBranchSet, StandSet, apply_all
from desktop.store.database import Database
from desktop.store.session import Session


class Answering(Protocol):
    """Who is answering in a room right now."""

    def running_for(self, room_id: str) -> Turn | None: ...


class Plan(Frozen, kw_only=True):
    """What an act comes to. Without changes nothing was done and nothing is remembered."""

    code: ActCode
    changes: tuple[Change, ...] = ()
    also_undo: tuple[Change, ...] = ()
    """What else takes it back, applied last: for rows that were added on the way."""


Planning = Callable[[Session, Room], Awaitable[Plan]]


class Story:
    """One for all rooms. Every act is one transaction; its events follow in the same step."""

    def __init__(
        self,
        database: Database,
        turns: Answering,
        stacks: UndoStacks,
        emit: Emit,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self.database = database
        self.clock = clock
        self.new_id = new_id
        self.emit = emit
        self._turns = turns
        self.stacks = stacks

    async def act(self, room_id: str, plan: Planning, *, while_answering: bool = False) -> Room:
        """Do what ``plan`` says. Returns the room as it is then.

        Raises ``Trouble``: ``not_found``, ``busy`` while an answer is running here,
        ``invalid_request`` if the room lies in the trash, and what ``plan`` raises.
        """
        async with self.database.transaction() as session:
            room = await self.usable(session, room_id, while_answering=while_answering)
            planned = await plan(session, room)
            if not planned.changes:
                return await existing(session, room_id)
            inverse, events, after = await self._apply(session, room, planned.changes)
        for event in events:
            self.emit(event)
        self.stacks.did(room_id, Act(planned.code, inverse + planned.also_undo))
        return after

    async def undo(self, params: RoomParams) -> Undone:
        """Take the last act of this session back; raises what ``act`` raises."""
        return await self._take_back(params.room_id, "undo")

    async def redo(self, params: RoomParams) -> Undone:
        return await self._take_back(params.room_id, "redo")

    async def state(self, params: RoomParams) -> UndoState:
        return self.stacks.state(params.room_id)

    async def usable(
        self, session: Session, room_id: str, *, while_answering: bool = False
    ) -> Room:
        room = await existing(session, room_id)
        if room.trashed_at is not None:
            raise Trouble(problem("invalid_request", field="room_id"))
        if not while_answering and self._turns.running_for(room_id) is not None:
            raise Trouble(problem("busy"))
        return room

    async def fork(
        self, session: Session, room: Room, point: Point, kind: BranchKind, name: str = ""
    ) -> Branch:
        """A new, empty branch that goes on from a place."""
        branch = Branch(
            id=self.new_id(),
            room_id=room.id,
            parent_id=point.branch_id,
            fork_position=point.position,
            tip_position=point.position,
            message_count=await branches.count_at(session, point),
            kind=kind,
            name=name,
            created_at=self.clock.now_ms(),
        )
        await branches.add(session, branch)
        return branch

    def drop(self, branch: Branch) -> EmptyBranchSet:
        """Takes a new branch back, unless something was said on it by then."""
        return EmptyBranchSet(branch_id=branch.id, trashed_at=self.clock.now_ms())

    async def stand(
        self, session: Session, room: Room, branch_id: str
    ) -> tuple[BranchSet | StandSet, ...]:
        """Go to the tip of a branch; whatever hides it is lifted."""
        if branch_id == room.branch_id:
            return ()
        lifted = [
            BranchSet(
                branch_id=each.id,
                trashed_at=None,
                cut_position=None if is_cut else each.cut_position,
            )
            for each, is_cut in await branches.hidden_above(session, branch_id)
        ]
        return (*lifted, StandSet(room_id=room.id, branch_id=branch_id))

    async def bookmark(self, session: Session, room: Room, before: ActCode) -> None:
        """A slot that is put there by itself before something is taken off the path."""
        await slots.add(session, await self.slot_here(session, room, "", before))

    async def slot_here(
        self, session: Session, room: Room, name: str, before: ActCode | None = None
    ) -> Slot:
        branch = await branches.find(session, room.branch_id)
        position = branch.tip_position if branch else 0
        point = await branches.point_at(session, room.branch_id, position)
        return Slot(
            id=self.new_id(),
            room_id=room.id,
            branch_id=point.branch_id,
            position=point.position,
            name=name,
            before=before,
            created_at=self.clock.now_ms(),
        )

    async def message(self, session: Session, message_id: str) -> Message:
        """A stored message, or ``Trouble(not_found)``."""
        found = await messages.find(session, message_id)
        if found is None:
            raise Trouble(problem("not_found", field="message_id"))
        return found

    async def _take_back(self, room_id: str, direction: Direction) -> Undone:
        async with self.database.transaction() as session:
            room = await self.usable(session, room_id)
            act = self.stacks.next(room_id, direction)
            if act is None:
                return Undone(code=None, room=room)
            inverse, events, after = await self._apply(session, room, act.inverse)
        for event in events:
            self.emit(event)
        self.stacks.took_back(room_id, direction, Act(act.code, inverse))
        return Undone(code=act.code, room=after)

    async def _apply(
        self, session: Session, room: Room, changes: tuple[Change, ...]
    ) -> tuple[tuple[Change, ...], tuple[AnyEvent, ...], Room]:
        inverse = await apply_all(session, changes, self.clock.now_ms())
        moved = await existing(session, room.id)
        tip = await messages.newest(session, moved.branch_id, 1)
        await rooms.refresh(session, room.id, tip[0].text if tip else "")
        after = await existing(session, room.id)
        return inverse, await told_of(session, after, changes, self.clock.now_ms()), after
