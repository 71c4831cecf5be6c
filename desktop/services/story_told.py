"""What the page must be told after changes, so that it shows what is stored."""

from collections.abc import Sequence

from desktop.protocol.base import UtcMs
from desktop.protocol.events import (
    AnyEvent,
    ChaptersChanged,
    MessageAdded,
    MessageChanged,
    MessageRemoved,
    PathChanged,
    RoomChanged,
)
from desktop.protocol.models import Message, Room
from desktop.protocol.story import Path
from desktop.services.room_view import newest_page
from desktop.services.usage import local_day
from desktop.store import alternatives, chapters, messages, turns, usage
from desktop.store.changes import (
    BranchSet,
    Change,
    ChapterSet,
    DeletedSet,
    HiddenSet,
    StandSet,
    TextSet,
    TurnsFromSet,
)
from desktop.store.session import Session


async def shown_path(session: Session, room: Room) -> Path:
    """The newest page of the path on which a room stands."""
    page = await newest_page(session, room)
    return Path(
        room=room,
        messages=page.messages,
        has_more=page.has_more,
        last_turn=await turns.newest_ended(session, room.id),
    )


async def told_of(
    session: Session, room: Room, changes: Sequence[Change], now: UtcMs
) -> tuple[AnyEvent, ...]:
    """The events after ``changes`` to a room, which is given as it is stored now."""
    if any(isinstance(change, BranchSet | StandSet | TurnsFromSet) for change in changes):
        shown = await shown_path(session, room)
        return (
            PathChanged(
                room=room,
                messages=shown.messages,
                has_more=shown.has_more,
                last_turn=shown.last_turn,
                usage=await usage.of_room(session, room.id, local_day(now)),
            ),
        )
    told: list[AnyEvent] = []
    for change in changes:
        if isinstance(change, DeletedSet):
            told += await _deleted(session, room, change)
        elif isinstance(change, TextSet | HiddenSet):
            found = await messages.find(session, change.message_id)
            if found is not None:
                told.append(MessageChanged(message=await alternatives.marked_one(session, found)))
    if any(isinstance(change, ChapterSet) for change in changes):
        marks = await chapters.on_path(session, room.branch_id)
        told.append(ChaptersChanged(room_id=room.id, chapters=marks))
    return (*told, RoomChanged(room=room))


async def _deleted(session: Session, room: Room, change: DeletedSet) -> list[AnyEvent]:
    found = await messages.find_any(session, change.message_id)
    if found is None:
        return []
    message, deleted_at = found
    if deleted_at is not None:
        told: list[AnyEvent] = [MessageRemoved(room_id=room.id, message_id=message.id)]
    else:
        told = [MessageAdded(message=await alternatives.marked_one(session, message))]
    following = await _next(session, room, message)
    # What follows a deleted message takes the alternatives over, and gives them back.
    return told + [MessageChanged(message=one) for one in following]


async def _next(session: Session, room: Room, message: Message) -> list[Message]:
    after = await messages.first_after(session, room.branch_id, message.position)
    return [] if after is None else [await alternatives.marked_one(session, after)]
