"""A room as the page opens it: what is stored and what is just being said, of one moment."""

from collections.abc import Callable
from typing import Protocol

from desktop.protocol.methods import RoomView
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.store import messages, rooms, turns
from desktop.store.session import Session

FIRST_PAGE = 60
"""Messages that come with a room at once."""


class Talking(Protocol):
    """Who is answering in a room right now."""

    def running_for(self, room_id: str) -> Turn | None: ...

    def streaming_in(self, room_id: str) -> tuple[Message, ...]: ...


async def existing(session: Session, room_id: str) -> Room:
    """The room, or ``Trouble(not_found)``."""
    room = await rooms.find(session, room_id)
    if room is None:
        raise Trouble(problem("not_found", field="room_id"))
    return room


async def view(
    session: Session, room: Room, talking: Talking, sequence: Callable[[], int]
) -> RoomView:
    """Must be the last thing read in its session, and nothing may be awaited after it.

    A turn stores its messages and tells of it in one step while it holds the database, so what
    is read here and what is streaming here belong to the same moment.
    """
    last_turn = await turns.newest_ended(session, room.id)
    found = await messages.newest(session, room.branch_id, FIRST_PAGE + 1)
    return RoomView(
        room=room,
        messages=found[-FIRST_PAGE:] + talking.streaming_in(room.id),
        has_more=len(found) > FIRST_PAGE,
        running=talking.running_for(room.id),
        last_turn=last_turn,
        sequence=sequence(),
    )
