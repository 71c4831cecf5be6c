"""Answering the newest line once more, without losing the answer that is there."""

from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent, MessageRemoved, RoomChanged
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import NewId
from desktop.services.room_view import existing
from desktop.services.turn_record import Beginning, begin
from desktop.store import branches, messages, rooms, turns
from desktop.store.session import Session

_LONGEST_ANSWER = 1_000
"""Messages of one answer that are looked through for the line before them."""


class Again(Frozen, kw_only=True):
    beginning: Beginning
    events: tuple[AnyEvent, ...] = ()
    """What the page must be told before the turn starts."""


async def prepare_again(session: Session, room: Room, turn: Turn, new_id: NewId) -> Again:
    """Store that ``turn`` runs, on a branch of its own where the line is answered already."""
    line, answer = await _line_and_answer(session, room)
    if not answer:
        beginning = await begin(session, room, turn, line, room.branch_id, tip=line.position)
        return Again(beginning=beginning)
    fork = branches.Branch(
        id=new_id(),
        room_id=room.id,
        parent_id=line.branch_id,
        fork_position=line.position,
        tip_position=line.position,
        message_count=room.message_count - len(answer),
        kind="alternative",
        created_at=turn.started_at,
    )
    await branches.add(session, fork)
    await rooms.switch(session, room.id, fork.id)
    await rooms.moved_on(session, fork.id, line.text, turn.started_at)
    room = await existing(session, room.id)
    beginning = await begin(session, room, turn, line, fork.id, tip=line.position)
    removed = (MessageRemoved(room_id=room.id, message_id=one.id) for one in answer)
    return Again(beginning=beginning, events=(*removed, RoomChanged(room=room)))


async def _line_and_answer(session: Session, room: Room) -> tuple[Message, tuple[Message, ...]]:
    """The line that the path's last turn answered, and all that came after it."""
    nothing = Trouble(problem("nothing_to_say"))
    tip = await messages.newest(session, room.branch_id, 1)
    place = await turns.find(session, tip[0].turn_id) if tip else None
    line = await messages.find(session, place.line_id) if place else None
    if line is None:
        raise nothing
    after = await messages.newest(session, room.branch_id, _LONGEST_ANSWER, after=line.position)
    if len(after) == _LONGEST_ANSWER:
        raise nothing
    return line, after
