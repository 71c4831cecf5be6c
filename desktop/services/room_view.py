"""A room as the page opens it: what is stored and what is just being said, of one moment."""

from collections.abc import Callable
from typing import Protocol

from desktop.protocol.methods import MessagePage, RoomView
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.store import alternatives, messages, rooms, turns, usage
from desktop.store.session import Session

FIRST_PAGE = 60
"""Messages that come with a room at once."""


class Talking(Protocol):
    """Who is answering in a room right now."""

    def running_for(self, room_id: str) -> Turn | None: ...

    def streaming_in(self, room_id: str) -> tuple[Message, ...]: ...

    def today(self) -> str:
        """The local calendar day."""
        ...


async def existing(session: Session, room_id: str) -> Room:
    """The room, or ``Trouble(not_found)``."""
    room = await rooms.find(session, room_id)
    if room is None:
        raise Trouble(problem("not_found", field="room_id"))
    return room


async def newest_page(session: Session, room: Room) -> MessagePage:
    return await page_before(session, room.branch_id, FIRST_PAGE)


async def page_before(
    session: Session, branch_id: str, limit: int, before: int | None = None
) -> MessagePage:
    """The messages right before a position of a path, oldest first, their alternatives counted."""
    found = await messages.newest(session, branch_id, limit + 1, before=before)
    has_more = len(found) > limit
    shown = await alternatives.marked(session, found[-limit:], found[0] if has_more else None)
    return MessagePage(messages=shown, has_more=has_more)


async def view(
    session: Session, room: Room, talking: Talking, sequence: Callable[[], int]
) -> RoomView:
    """Must be the last thing read in its session, and nothing may be awaited after it.

    A turn stores its messages and tells of it in one step while it holds the database, so what
    is read here and what is streaming here belong to the same moment.
    """
    last_turn = await turns.newest_ended(session, room.id)
    page = await newest_page(session, room)
    used = await usage.of_room(session, room.id, talking.today())
    streaming = talking.streaming_in(room.id)
    # A message that is being continued is stored already, as it was before.
    growing = {one.id for one in streaming}
    return RoomView(
        room=room,
        messages=tuple(one for one in page.messages if one.id not in growing) + streaming,
        has_more=page.has_more,
        running=talking.running_for(room.id),
        last_turn=last_turn,
        usage=used,
        sequence=sequence(),
    )
