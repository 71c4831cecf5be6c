"""The rolls of a room, in the order in which they fell, whatever became of their messages."""

import msgspec

from desktop.protocol.dice import SealedRoll
from desktop.store.session import Session


async def add(session: Session, room_id: str, message_id: str, sealed: SealedRoll) -> None:
    await session.run(
        "INSERT INTO roll (room_id, message_id, sealed) VALUES (?, ?, ?)",
        room_id,
        message_id,
        msgspec.json.encode(sealed).decode(),
    )


async def newest_hash(session: Session, room_id: str) -> str | None:
    """The hash that the next roll follows; ``None`` before the first."""
    row = await session.one(
        "SELECT sealed ->> 'hash' FROM roll WHERE room_id = ? ORDER BY number DESC LIMIT 1",
        room_id,
    )
    return None if row is None else str(row[0])


async def chain(session: Session, room_id: str) -> tuple[tuple[str, SealedRoll], ...]:
    """Every roll of a room with its message's id, the first first.

    Raises ``msgspec.DecodeError`` for a row that is no roll any more.
    """
    rows = await session.all(
        "SELECT message_id, sealed FROM roll WHERE room_id = ? ORDER BY number", room_id
    )
    return tuple(
        (row["message_id"], msgspec.json.decode(row["sealed"], type=SealedRoll)) for row in rows
    )
