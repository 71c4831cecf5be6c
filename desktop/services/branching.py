"""The ways a story goes: alternatives, branches begun on purpose, going back, the tree of all."""

from desktop.protocol.methods import (
    BranchNameParams,
    BranchParams,
    ForkParams,
    MessageParams,
    RoomParams,
    StoryTree,
    SwitchParams,
)
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.story import ActCode, Path
from desktop.services.plain_text import storable
from desktop.services.room_view import existing
from desktop.services.story import Plan, Planning, Story
from desktop.services.story_told import shown_path
from desktop.store import alternatives, branches, slots
from desktop.store.branches import Branch, Point
from desktop.store.changes import BranchNameSet, BranchSet
from desktop.store.session import Session


class Branching:
    def __init__(self, story: Story) -> None:
        self._story = story

    async def switch(self, params: SwitchParams) -> Path:
        """Show another alternative of a message, and below it the way that was used last."""

        async def plan(session: Session, room: Room) -> Plan:
            message = await self._story.message(session, params.message_id)
            ways = await alternatives.of(session, message)
            if params.to > len(ways):
                raise Trouble(problem("invalid_request", field="to"))
            way = ways[params.to - 1]
            if way.message_id == message.id and await _shows(session, room, message.position):
                return Plan(code="switch")
            leaf = await alternatives.newest_leaf(session, way)
            return Plan(code="switch", changes=await self._story.stand(session, room, leaf))

        async def _shows(session: Session, room: Room, position: int) -> bool:
            message = await self._story.message(session, params.message_id)
            at = await branches.point_at(session, room.branch_id, position)
            return at.branch_id == message.branch_id

        return await self._moved(await self._room_of_message(params.message_id), plan)

    async def fork(self, params: ForkParams) -> Path:
        """Go on from a message on a branch of its own."""
        name = storable(params.name).strip()
        return await self._go_on_from(params.message_id, "fork", name)

    async def back(self, params: MessageParams) -> Path:
        """Go back to a message and on from there; a slot leads to where the story stood."""
        return await self._go_on_from(params.message_id, "back", "")

    async def go(self, params: BranchParams) -> Path:
        """Show a branch up to its tip."""

        async def plan(session: Session, room: Room) -> Plan:
            branch = await _existing(session, params.branch_id)
            return Plan(code="go", changes=await self._story.stand(session, room, branch.id))

        return await self._moved(await self._room_of(params.branch_id), plan)

    async def name(self, params: BranchNameParams) -> StoryTree:
        """Give a branch a name, or with an empty one take it away."""
        name = storable(params.name).strip()

        async def plan(session: Session, _room: Room) -> Plan:
            branch = await _existing(session, params.branch_id)
            if branch.name == name:
                return Plan(code="branch_name")
            change = BranchNameSet(branch_id=branch.id, name=name)
            return Plan(code="branch_name", changes=(change,))

        room_id = await self._room_of(params.branch_id)
        await self._story.act(room_id, plan)
        return await self.tree(RoomParams(room_id=room_id))

    async def delete(self, params: BranchParams) -> StoryTree:
        """Put a branch and all that leaves it into the trash for 30 days.

        Raises ``Trouble(invalid_request)`` for one that is on the path which is shown.
        """

        async def plan(session: Session, room: Room) -> Plan:
            branch = await _existing(session, params.branch_id)
            if await branches.is_above(session, branch.id, room.branch_id):
                raise Trouble(problem("invalid_request", field="branch_id"))
            now = self._story.clock.now_ms()
            change = BranchSet(
                branch_id=branch.id, trashed_at=now, cut_position=branch.cut_position
            )
            return Plan(code="branch_delete", changes=(change,))

        room_id = await self._room_of(params.branch_id)
        await self._story.act(room_id, plan)
        return await self.tree(RoomParams(room_id=room_id))

    async def tree(self, params: RoomParams) -> StoryTree:
        async with self._story.database.reading() as session:
            room = await existing(session, params.room_id)
            return StoryTree(
                room_id=room.id,
                now=room.branch_id,
                branches=await branches.in_room(session, room.id),
                slots=await slots.listed(session, room.id),
            )

    async def _go_on_from(self, message_id: str, code: ActCode, name: str) -> Path:
        async def plan(session: Session, room: Room) -> Plan:
            message = await self._story.message(session, message_id)
            point = Point(branch_id=message.branch_id, position=message.position)
            if code == "back":
                tip = await _existing(session, room.branch_id)
                here = await branches.point_at(session, tip.id, tip.tip_position)
                if here == point:
                    return Plan(code=code)
                await self._story.bookmark(session, room, code)
            fork = await self._story.fork(session, room, point, "slot", name)
            return Plan(
                code=code,
                changes=await self._story.stand(session, room, fork.id),
                also_undo=(self._story.drop(fork),),
            )

        return await self._moved(await self._room_of_message(message_id), plan)

    async def _moved(self, room_id: str, plan: Planning) -> Path:
        await self._story.act(room_id, plan)
        async with self._story.database.reading() as session:
            return await shown_path(session, await existing(session, room_id))

    async def _room_of_message(self, message_id: str) -> str:
        async with self._story.database.reading() as session:
            return (await self._story.message(session, message_id)).room_id

    async def _room_of(self, branch_id: str) -> str:
        async with self._story.database.reading() as session:
            return (await _existing(session, branch_id)).room_id


async def _existing(session: Session, branch_id: str) -> Branch:
    branch = await branches.find(session, branch_id)
    if branch is None:
        raise Trouble(problem("not_found", field="branch_id"))
    return branch
