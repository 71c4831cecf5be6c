"""Answering a line once more, without losing the answer that is there."""

from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent, MessageRemoved, PathChanged, RoomChanged
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import NewId
from desktop.services.room_view import FIRST_PAGE, existing
from desktop.services.story_told import shown_path
from desktop.services.turn_record import Beginning, begin
from desktop.services.undo_stack import Act
from desktop.store import branches, messages, rooms, turns
from desktop.store.branches import Branch, Point
from desktop.store.changes import EmptyBranchSet, StandSet
from desktop.store.session import Session

_NEAR = 60
"""Messages that are looked through for a line of mine where no turn tells it."""


class Again(Frozen, kw_only=True):
    beginning: Beginning
    events: tuple[AnyEvent, ...] = ()
    """What the page must be told before the turn starts."""
    act: Act | None = None
    """What was done to the story by it and can be undone."""


async def prepare_again(
    session: Session,
    room: Room,
    turn: Turn,
    new_id: NewId,
    message_id: str | None = None,
    rest: tuple[str, ...] = (),
) -> Again:
    """Store that ``turn`` runs, on a branch of its own where the line is answered already.

    Raises ``Trouble``: ``nothing_to_say`` where no line is found, ``not_found`` or
    ``invalid_request`` for a message that is not on the path.
    """
    line = await _line(session, room, await asked_for(session, room, message_id))
    goes_on = not await is_mine(session, line)
    answer = await messages.newest(session, room.branch_id, FIRST_PAGE + 1, after=line.position)
    if not answer:
        beginning = await begin(
            session, room, turn, line, room.branch_id, goes_on=goes_on, rest=rest
        )
        return Again(beginning=beginning)
    fork = await _fork(session, room, turn, line, new_id)
    moved = await existing(session, room.id)
    beginning = await begin(session, moved, turn, line, fork.id, goes_on=goes_on, rest=rest)
    act = Act(
        "again",
        (
            StandSet(room_id=room.id, branch_id=room.branch_id),
            EmptyBranchSet(branch_id=fork.id, trashed_at=turn.started_at),
        ),
    )
    return Again(beginning=beginning, events=await _told(session, moved, answer), act=act)


async def is_mine(session: Session, line: Message) -> bool:
    """Whether I said it: under my name, or as the narrator whose part I play."""
    if line.author.kind == "user":
        return True
    place = await turns.find(session, line.turn_id) if line.turn_id else None
    return place is not None and place.line_id == line.id


async def is_shown(session: Session, room: Room, message: Message) -> bool:
    """Whether a message is on the path on which its room stands."""
    if message.room_id != room.id:
        return False
    tip = await branches.find(session, room.branch_id)
    if tip is None or message.position > tip.tip_position:
        return False
    here = await branches.point_at(session, room.branch_id, message.position)
    return here.branch_id == message.branch_id


async def asked_for(session: Session, room: Room, message_id: str | None) -> Message:
    """The message that is to be answered or said anew. Raises what ``prepare_again`` raises."""
    if message_id is None:
        tip = await messages.newest(session, room.branch_id, 1)
        if not tip:
            raise Trouble(problem("nothing_to_say"))
        return tip[0]
    message = await messages.find(session, message_id)
    if message is None:
        raise Trouble(problem("not_found", field="message_id"))
    if not await is_shown(session, room, message):
        raise Trouble(problem("invalid_request", field="message_id"))
    return message


async def _line(session: Session, room: Room, message: Message) -> Message:
    """What a message answers; itself if it is mine."""
    place = await turns.find(session, message.turn_id) if message.turn_id else None
    line = await messages.find(session, place.line_id) if place else None
    if line is not None and await is_shown(session, room, line):
        return line
    # An opening, a copied story, or a line that was deleted: the nearest one of mine before it.
    near = await messages.newest(session, room.branch_id, _NEAR, before=message.position + 1)
    mine = [one for one in near if one.author.kind == "user"]
    if not mine:
        raise Trouble(problem("nothing_to_say"))
    return mine[-1]


async def _fork(session: Session, room: Room, turn: Turn, line: Message, new_id: NewId) -> Branch:
    point = Point(branch_id=line.branch_id, position=line.position)
    fork = Branch(
        id=new_id(),
        room_id=room.id,
        parent_id=point.branch_id,
        fork_position=point.position,
        tip_position=point.position,
        message_count=await branches.count_at(session, point),
        kind="alternative",
        created_at=turn.started_at,
    )
    await branches.add(session, fork)
    await rooms.switch(session, room.id, fork.id)
    await rooms.moved_on(session, fork.id, line.text, turn.started_at)
    return fork


async def _told(session: Session, room: Room, answer: tuple[Message, ...]) -> tuple[AnyEvent, ...]:
    """The answer goes off the page; a long one takes the whole page with it."""
    if len(answer) <= FIRST_PAGE:
        removed = (MessageRemoved(room_id=room.id, message_id=one.id) for one in answer)
        return (*removed, RoomChanged(room=room))
    shown = await shown_path(session, room)
    return (
        PathChanged(
            room=room,
            messages=shown.messages,
            has_more=shown.has_more,
            last_turn=shown.last_turn,
        ),
    )
