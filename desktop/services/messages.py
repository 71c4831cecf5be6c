"""What a person does to one message: change it, take it away, hide it, see how it read before."""

from desktop.protocol.methods import DeleteParams, EditParams, HideParams, MessageParams, Versions
from desktop.protocol.models import Message, Room
from desktop.protocol.problems import Trouble, problem
from desktop.services.plain_text import storable
from desktop.services.story import Plan, Story
from desktop.store import alternatives, branches, messages
from desktop.store.changes import BranchSet, DeletedSet, HiddenSet, TextSet
from desktop.store.session import Session


class Messages:
    def __init__(self, story: Story) -> None:
        self._story = story

    async def edit(self, params: EditParams) -> Message:
        """Put another text in place of a message's own; the earlier one is kept.

        Raises ``Trouble``: ``not_found``, ``invalid_request`` for a text without a word, ``busy``.
        """
        text = storable(params.text)
        if not text.strip():
            raise Trouble(problem("invalid_request", field="text"))

        async def plan(session: Session, _room: Room) -> Plan:
            message = await self._story.message(session, params.message_id)
            if message.text == text:
                return Plan(code="edit")
            if message.author.kind == "dice":
                raise Trouble(problem("invalid_request", field="message_id"))
            now = self._story.clock.now_ms()
            return Plan(
                code="edit",
                changes=(TextSet(message_id=message.id, text=text, edited_at=now),),
            )

        await self._story.act(await self._room_of(params.message_id), plan)
        return await self._seen(params.message_id)

    async def hide(self, params: HideParams) -> Message:
        """Keep a message from the AI, or show it again; the person sees it all the same."""

        async def plan(session: Session, _room: Room) -> Plan:
            message = await self._story.message(session, params.message_id)
            if message.hidden == params.hidden:
                return Plan(code="hide")
            change = HiddenSet(message_id=message.id, hidden=params.hidden)
            return Plan(code="hide" if params.hidden else "show", changes=(change,))

        await self._story.act(await self._room_of(params.message_id), plan)
        return await self._seen(params.message_id)

    async def delete(self, params: DeleteParams) -> Room:
        """Take a message off the path, alone or with all that follows it. Both are marks."""
        plan = self._end_before if params.and_below else self._mark

        async def planned(session: Session, room: Room) -> Plan:
            return await plan(session, room, params.message_id)

        return await self._story.act(await self._room_of(params.message_id), planned)

    async def versions(self, params: MessageParams) -> Versions:
        async with self._story.database.reading() as session:
            message = await self._story.message(session, params.message_id)
            return Versions(
                message=await alternatives.marked_one(session, message),
                earlier=await messages.earlier_texts(session, message.id),
            )

    async def _mark(self, session: Session, _room: Room, message_id: str) -> Plan:
        message = await self._story.message(session, message_id)
        now = self._story.clock.now_ms()
        return Plan(code="delete", changes=(DeletedSet(message_id=message.id, at=now),))

    async def _end_before(self, session: Session, room: Room, message_id: str) -> Plan:
        """Go on from before the message, and take what was there off the ways on from there.

        The cost is the same however much follows; a slot still leads to it.
        """
        message = await self._story.message(session, message_id)
        point = await branches.point_before(session, message.branch_id, message.position)
        own = await branches.find(session, message.branch_id)
        here = await branches.point_at(session, room.branch_id, message.position)
        if own is None or here.branch_id != own.id:
            raise Trouble(problem("invalid_request", field="message_id"))
        await self._story.bookmark(session, room, "delete_below")
        end = await self._story.fork(session, room, point, "alternative")
        whole = point.branch_id != own.id
        gone = BranchSet(
            branch_id=own.id,
            trashed_at=self._story.clock.now_ms() if whole else None,
            cut_position=None if whole else point.position,
        )
        return Plan(
            code="delete_below",
            changes=(gone, *await self._story.stand(session, room, end.id)),
            also_undo=(self._story.drop(end),),
        )

    async def _room_of(self, message_id: str) -> str:
        async with self._story.database.reading() as session:
            return (await self._story.message(session, message_id)).room_id

    async def _seen(self, message_id: str) -> Message:
        async with self._story.database.reading() as session:
            message = await self._story.message(session, message_id)
            return await alternatives.marked_one(session, message)
