"""Stores a turn's beginning and its end, each in one transaction."""

from collections.abc import Sequence

from msgspec.structs import replace

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.usage import UsageSums
from desktop.services.measures import Measures
from desktop.services.plain_text import encodable
from desktop.services.retention import remember
from desktop.services.room_view import existing
from desktop.services.turn_prompt import Sent
from desktop.services.usage import count_turn
from desktop.store import alternatives, branches, messages, prompts, rooms, turns
from desktop.store.branches import Point
from desktop.store.database import Database
from desktop.store.session import Session


class Beginning(Frozen, kw_only=True):
    """A turn that is stored as running, with the line it answers."""

    room: Room
    turn: Turn
    line: Message
    line_id: str
    """Of what is answered; of an earlier line where others have answered that before."""
    branch_id: str
    """Where the answer goes, whatever branch the room shows by then."""
    first_position: int
    number: int
    """How many turns this room has had, this one included."""
    ways: int = 1
    """How many ways the story goes on behind the line, this answer included."""
    goes_on: bool = False
    """Nobody asks anything: the scene goes on behind ``line``, which is not mine."""
    continued: Message | None = None
    """The message that grows if its own speaker goes on first, as it was before."""
    direction: str = ""
    """What should be different this time; no part of the story."""
    rest: tuple[str, ...] = ()
    """The voices that answer the same line behind this one."""


class Result(Frozen, kw_only=True):
    """What an ended turn leaves behind."""

    turn: Turn
    branch_id: str
    rows: tuple[Message, ...] = ()
    raw: str = ""
    session_id: str = ""
    line_position: int = 0
    """Of the line that was answered."""
    sent: Sent = Sent()
    ways: int = 1
    continued: Message | None = None
    asked_model: str = ""
    """As the room names it, where the provider may call it otherwise."""
    comparable: int = 0
    """Our estimate of what the provider counted as asked; 0 where the two say nothing together."""


class Kept(Frozen, kw_only=True):
    """A result as it is now stored."""

    rows: tuple[Message, ...]
    room: Room
    usage: UsageSums


async def begin(
    session: Session,
    room: Room,
    turn: Turn,
    line: Message,
    branch_id: str,
    *,
    goes_on: bool = False,
    continued: Message | None = None,
    answers: str = "",
    rest: tuple[str, ...] = (),
) -> Beginning:
    """Store that a turn runs in a room, at the tip of a branch.

    ``answers`` is the id of the line that is answered, where ``line`` is only what stands before.
    Raises ``LookupError`` if there is no such branch.
    """
    branch = await branches.find(session, branch_id)
    if branch is None:
        raise LookupError(branch_id)
    line_id = answers or line.id
    await turns.add(session, turn, branch_id, line_id)
    number = await rooms.count_turn(session, room.id)
    behind = Point(branch_id=line.branch_id, position=line.position)
    return Beginning(
        room=room,
        turn=turn,
        line=line,
        line_id=line_id,
        branch_id=branch_id,
        first_position=branch.tip_position + 1,
        number=number,
        ways=1 + len(await alternatives.heads(session, behind)),
        goes_on=goes_on,
        continued=continued,
        rest=rest,
    )


async def keep(
    database: Database, result: Result, now: UtcMs, measures: Measures | None = None
) -> Kept:
    """Store one row per speaker, how the turn ended and what it used, and empty its journal.

    ``measures`` learn from what the provider reported.
    """
    rows = [replace(row, text=encodable(row.text)) for row in result.rows]
    async with database.transaction() as session:
        grown = await _grow(session, rows, result.continued, now)
        added = [row for row in rows if row not in grown]
        stored = await messages.append(session, result.branch_id, added, now)
        if stored and result.ways > 1:
            # Said last of all the ways on from there.
            first = replace(stored[0], alternatives=result.ways, alternative=result.ways)
            stored = (first, *stored[1:])
        await turns.finish(
            session,
            result.turn,
            raw=encodable(result.raw),
            session_id=encodable(result.session_id),
            segments=result.sent.record,
        )
        await prompts.keep(session, result.turn.room_id, result.sent.texts)
        if result.sent.lore is not None or result.sent.went_on:
            await prompts.mark_sent(
                session, result.turn.id, lore=result.sent.lore, went_on=result.sent.went_on
            )
        if measures is not None:
            await measures.learn(
                session,
                result.turn.provider,
                result.asked_model,
                result.turn.usage,
                result.comparable,
            )
        sums = await count_turn(session, result.turn, _said_now(rows, result.continued), now)
        room = await existing(session, result.turn.room_id)
        if room.stage.retention:
            await remember(
                session,
                result.turn,
                stored,
                named=encodable(result.session_id),
                line_position=result.line_position,
                now=now,
                told=result.sent.told,
            )
    return Kept(rows=(*grown, *stored), room=room, usage=sums)


def _said_now(rows: Sequence[Message], continued: Message | None) -> tuple[Message, ...]:
    """The rows without what a message that went on had said before."""
    before = continued.text if continued else ""
    return tuple(
        replace(row, text=row.text.removeprefix(before))
        if continued and row.id == continued.id
        else row
        for row in rows
    )


async def _grow(
    session: Session, rows: Sequence[Message], continued: Message | None, now: UtcMs
) -> tuple[Message, ...]:
    """Store the message that went on, if one did, as a new text of its own."""
    for row in rows:
        if continued is not None and row.id == continued.id:
            before = continued.edited_at
            await messages.change_text(session, row.id, row.text, now, edited_at=before)
            await messages.change_status(session, row.id, row.status)
            tip = await messages.newest(session, row.branch_id, 1)
            await rooms.moved_on(session, row.branch_id, tip[0].text, now)
            return (row,)
    return ()
