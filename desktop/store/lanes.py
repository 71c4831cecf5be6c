"""Where a conversation lives at a provider, and what it has been told there."""

import msgspec

from desktop.protocol.base import Frozen, UtcMs
from desktop.store.session import Row, Session


class Lane(Frozen, kw_only=True):
    """One session of one provider. It is good as long as its fingerprint is the timeline's."""

    room_id: str
    speaker: str = ""
    """The voice it speaks for; empty for the whole ensemble."""
    provider: str
    session: str
    """The provider's own name for it."""
    branch_id: str
    upto: int
    """The last position of the branch's path that it has seen."""
    fingerprint: str
    """``timeline_fingerprint`` of that path up to there."""
    updated_at: UtcMs
    told: tuple[str, ...] = ()
    """What it was told besides the story, each by a fingerprint that must still hold."""


async def find(session: Session, room_id: str, speaker: str, provider: str) -> Lane | None:
    row = await session.one(
        "SELECT * FROM lane WHERE room_id = ? AND speaker = ? AND provider = ?",
        room_id,
        speaker,
        provider,
    )
    return _lane(row) if row else None


async def keep(session: Session, lane: Lane) -> None:
    """Store what a lane has been told, in place of what was known of it."""
    await session.run(
        """INSERT OR REPLACE INTO lane (room_id, speaker, provider, session, branch_id, upto,
             fingerprint, updated_at, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        lane.room_id,
        lane.speaker,
        lane.provider,
        lane.session,
        lane.branch_id,
        lane.upto,
        lane.fingerprint,
        lane.updated_at,
        msgspec.json.encode(lane.told).decode(),
    )


async def forget(session: Session, room_id: str, speaker: str, provider: str) -> None:
    await session.run(
        "DELETE FROM lane WHERE room_id = ? AND speaker = ? AND provider = ?",
        room_id,
        speaker,
        provider,
    )


async def forget_all(session: Session, room_id: str | None = None) -> int:
    """Forget every lane of a room, or of all rooms; returns how many there were."""
    if room_id is None:
        return len(await session.all("DELETE FROM lane RETURNING room_id"))
    return len(await session.all("DELETE FROM lane WHERE room_id = ? RETURNING room_id", room_id))


def _lane(row: Row) -> Lane:
    return Lane(
        room_id=row["room_id"],
        speaker=row["speaker"],
        provider=row["provider"],
        session=row["session"],
        branch_id=row["branch_id"],
        upto=row["upto"],
        fingerprint=row["fingerprint"],
        updated_at=row["updated_at"],
        told=msgspec.json.decode(row["told"], type=tuple[str, ...]),
    )
