"""Stores a turn's beginning and its end, each in one transaction."""

import msgspec
from msgspec.structs import replace

from desktop.dialogue.prompt import Prompt
from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Message, Room, Turn
from desktop.services.plain_text import encodable
from desktop.services.room_view import existing
from desktop.store import messages, rooms, turns
from desktop.store.database import Database
from desktop.store.session import Session


class Beginning(Frozen, kw_only=True):
    """A turn that is stored as running, with the line it answers."""

    room: Room
    turn: Turn
    line: Message
    branch_id: str
    """Where the answer goes, whatever branch the room shows by then."""
    first_position: int
    number: int
    """How many turns this room has had, this one included."""


class Result(Frozen, kw_only=True):
    """What an ended turn leaves behind."""

    turn: Turn
    branch_id: str
    rows: tuple[Message, ...] = ()
    raw: str = ""
    session_id: str = ""
    segments: str = "[]"


class Kept(Frozen, kw_only=True):
    """A result as it is now stored."""

    rows: tuple[Message, ...]
    room: Room


async def begin(
    session: Session, room: Room, turn: Turn, line: Message, branch_id: str, tip: int
) -> Beginning:
    """Store that a turn runs in a room; ``tip`` is the last position before its answer."""
    await turns.add(session, turn, branch_id, line.id)
    number = await rooms.count_turn(session, room.id)
    return Beginning(
        room=room,
        turn=turn,
        line=line,
        branch_id=branch_id,
        first_position=tip + 1,
        number=number,
    )


async def keep(database: Database, result: Result, now: UtcMs) -> Kept:
    """Store one row per speaker and how the turn ended, and empty its journal."""
    rows = [replace(row, text=encodable(row.text)) for row in result.rows]
    async with database.transaction() as session:
        stored = await messages.append(session, result.branch_id, rows, now)
        await turns.finish(
            session,
            result.turn,
            raw=encodable(result.raw),
            session_id=encodable(result.session_id),
            segments=result.segments,
        )
        room = await existing(session, result.turn.room_id)
    return Kept(rows=stored, room=room)


def told_segments(prompt: Prompt) -> str:
    """The sections and their reasons as JSON, without their texts.

    Stage and story are stored already; copies of them with every turn would outgrow the story.
    """
    return msgspec.json.encode(
        [
            {
                "kind": part.kind,
                "place": part.place,
                "reason": part.reason_code,
                "characters": len(part.text),
            }
            for part in prompt.segments
        ]
    ).decode()
