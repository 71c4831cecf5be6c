"""Summaries: the story up to a place in a few words, one row for every time it was written."""

from desktop.protocol.base import Frozen, UtcMs
from desktop.store.session import Row, Session

MOST = 400
"""The newest rows of a room that are looked through."""


class SummaryRow(Frozen, kw_only=True):
    """``branch_id`` and ``position`` name the place behind the last message it covers."""

    id: str
    room_id: str
    branch_id: str
    position: int
    fingerprint: str
    """``timeline_fingerprint`` of the path up to there when it was made."""
    provider: str = ""
    model: str = ""
    created_at: UtcMs
    text: str


async def add(session: Session, row: SummaryRow) -> None:
    await session.run(
        """INSERT INTO summary (id, room_id, branch_id, position, fingerprint, provider, model,
             created_at, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        row.id,
        row.room_id,
        row.branch_id,
        row.position,
        row.fingerprint,
        row.provider,
        row.model,
        row.created_at,
        row.text,
    )


async def of_room(session: Session, room_id: str) -> tuple[SummaryRow, ...]:
    """What holds at each place, the furthest place first."""
    rows = await session.all(
        """SELECT * FROM summary WHERE room_id = ? AND deleted_at IS NULL
           ORDER BY position DESC, number DESC LIMIT ?""",
        room_id,
        MOST,
    )
    by_place: dict[tuple[str, int], SummaryRow] = {}
    for row in rows:
        by_place.setdefault((row["branch_id"], row["position"]), _row(row))
    return tuple(by_place.values())


async def delete(session: Session, branch_id: str, position: int, at: UtcMs) -> None:
    """Mark all that was written for a place as deleted."""
    await session.run(
        """UPDATE summary SET deleted_at = ?
           WHERE branch_id = ? AND position = ? AND deleted_at IS NULL""",
        at,
        branch_id,
        position,
    )


def _row(row: Row) -> SummaryRow:
    return SummaryRow(
        id=row["id"],
        room_id=row["room_id"],
        branch_id=row["branch_id"],
        position=row["position"],
        fingerprint=row["fingerprint"],
        provider=row["provider"],
        model=row["model"],
        created_at=row["created_at"],
        text=row["text"],
    )
