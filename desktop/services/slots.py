"""Save slots: keep the place where the story stands, and come back to it."""

from desktop.protocol.methods import RoomParams, SlotNameParams, SlotParams, Slots, SlotSaveParams
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.story import Path, Slot
from desktop.services.plain_text import storable
from desktop.services.room_view import existing
from desktop.services.story import Plan, Story
from desktop.services.story_told import shown_path
from desktop.store import branches, slots
from desktop.store.branches import Point
from desktop.store.changes import SlotSet
from desktop.store.session import Session


class SlotsService:
    """A slot stays where it was put: going on from it leaves it as it is."""

    def __init__(self, story: Story) -> None:
        self._story = story

    async def list(self, params: RoomParams) -> Slots:
        async with self._story.database.reading() as session:
            await existing(session, params.room_id)
            return Slots(slots=await slots.listed(session, params.room_id))

    async def save(self, params: SlotSaveParams) -> Slots:
        name = _name(params.name)

        async def plan(session: Session, room: Room) -> Plan:
            slot = await self._story.slot_here(session, room, name)
            await slots.add(session, slot)
            kept = slots.Mark(name=name, deleted_at=None)
            gone = slots.Mark(name=name, deleted_at=slot.created_at)
            return Plan(
                code="slot_save",
                changes=(SlotSet(slot_id=slot.id, mark=kept),),
                also_undo=(SlotSet(slot_id=slot.id, mark=gone),),
            )

        await self._story.act(params.room_id, plan)
        return await self.list(RoomParams(room_id=params.room_id))

    async def name(self, params: SlotNameParams) -> Slots:
        name = _name(params.name)

        async def plan(_session: Session, _room: Room) -> Plan:
            change = SlotSet(slot_id=params.slot_id, mark=slots.Mark(name=name, deleted_at=None))
            return Plan(code="slot_name", changes=(change,))

        slot = await self._find(params.slot_id)
        await self._story.act(slot.room_id, plan)
        return await self.list(RoomParams(room_id=slot.room_id))

    async def delete(self, params: SlotParams) -> Slots:
        async def plan(session: Session, _room: Room) -> Plan:
            mark = await slots.mark_of(session, params.slot_id)
            gone = slots.Mark(name=mark.name, deleted_at=self._story.clock.now_ms())
            return Plan(code="slot_delete", changes=(SlotSet(slot_id=params.slot_id, mark=gone),))

        slot = await self._find(params.slot_id)
        await self._story.act(slot.room_id, plan)
        return await self.list(RoomParams(room_id=slot.room_id))

    async def go(self, params: SlotParams) -> Path:
        """Show the story as it stood there. What was said since stays on its own branch."""
        slot = await self._find(params.slot_id)

        async def plan(session: Session, room: Room) -> Plan:
            branch = await branches.find(session, slot.branch_id)
            if branch is None:
                raise Trouble(problem("not_found", field="slot_id"))
            if branch.tip_position == slot.position:
                return Plan(
                    code="go", changes=await self._story.stand(session, room, slot.branch_id)
                )
            point = Point(branch_id=slot.branch_id, position=slot.position)
            fork = await self._story.fork(session, room, point, "slot")
            return Plan(
                code="go",
                changes=await self._story.stand(session, room, fork.id),
                also_undo=(self._story.drop(fork),),
            )

        await self._story.act(slot.room_id, plan)
        async with self._story.database.reading() as session:
            return await shown_path(session, await existing(session, slot.room_id))

    async def _find(self, slot_id: str) -> Slot:
        async with self._story.database.reading() as session:
            slot = await slots.find(session, slot_id)
        if slot is None:
            raise Trouble(problem("not_found", field="slot_id"))
        return slot


def _name(given: str) -> str:
    name = storable(given).strip()
    if not name:
        raise Trouble(problem("invalid_request", field="name"))
    return name
