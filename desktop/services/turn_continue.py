"""Going on where the story stands, without a new line of mine."""

from msgspec.structs import replace

from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.services.turn_again import is_mine
from desktop.services.turn_record import Beginning, begin
from desktop.store import messages, turns
from desktop.store.session import Session


async def prepare_continue(
    session: Session,
    room: Room,
    turn: Turn,
    message_id: str | None = None,
    rest: tuple[str, ...] = (),
) -> Beginning:
    """Store that ``turn`` goes on behind the newest message, and with it if it is an AI's.

    A line of mine that nobody has answered is answered. Raises ``Trouble``: ``nothing_to_say`` in
    an empty room, ``invalid_request`` if ``message_id`` is not the newest or is mine.
    """
    tip = await messages.newest(session, room.branch_id, 1)
    if message_id is not None and (not tip or tip[0].id != message_id):
        known = await messages.find(session, message_id)
        raise Trouble(problem("invalid_request" if known else "not_found", field="message_id"))
    if not tip:
        raise Trouble(problem("nothing_to_say"))
    last = tip[0]
    if not await is_mine(session, last):
        # Where voices take turns, each says something of its own unless its message is to go on.
        continued = None if turn.voice and message_id is None else last
        return await begin(
            session,
            room,
            turn,
            last,
            room.branch_id,
            goes_on=True,
            continued=continued,
            rest=rest,
        )
    if message_id is not None:
        raise Trouble(problem("invalid_request", field="message_id"))
    return await begin(session, room, turn, last, room.branch_id, rest=rest)


async def prepare_following(
    session: Session, room: Room, turn: Turn, before: Beginning, rest: tuple[str, ...]
) -> Beginning:
    """Store that ``turn`` answers the same line right behind the turn that has just ended."""
    (tip,) = await messages.newest(session, before.branch_id, 1)
    place = await turns.find(session, before.turn.id)
    begun = await begin(
        session,
        room,
        turn,
        tip,
        before.branch_id,
        goes_on=True,
        answers=place.line_id if place else "",
        rest=rest,
    )
    return replace(begun, direction=before.direction)


def joint(before: Message) -> str:
    """What stands between a message and its continuation."""
    text = before.text
    if not text or text[-1].isspace():
        return ""
    return " " if before.status in ("partial", "stopped") else "\n"
