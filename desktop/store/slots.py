"""Save slots: points of a story to come back to."""

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.story import Slot
from desktop.store.session import Row, Session

LISTED_AUTOMATIC = 50
"""Slots put there by themselves that are listed; older ones stay, but are not shown."""

_SELECT = f"""SELECT slot.*, (
    SELECT substr(message.text, 1, 200) FROM message
    WHERE message.branch_id = slot.branch_id AND message.position = slot.position) AS last_line,
  row_number() OVER (PARTITION BY before IS NULL ORDER BY number DESC) AS age
  FROM slot WHERE room_id = ? AND deleted_at IS NULL AND before IS NOT 'chapter'
  ORDER BY number DESC LIMIT {LISTED_AUTOMATIC * 200}"""


class Mark(Frozen, kw_only=True):
    """What can be changed of a slot."""

    name: str
    deleted_at: UtcMs | None


async def add(session: Session, slot: Slot) -> None:
    await session.run(
        """INSERT INTO slot (id, room_id, branch_id, position, name, before, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        slot.id,
        slot.room_id,
        slot.branch_id,
        slot.position,
        slot.name,
        slot.before,
        slot.created_at,
    )


async def find(session: Session, slot_id: str) -> Slot | None:
    row = await session.one(
        """SELECT *, '' AS last_line FROM slot
           WHERE id = ? AND deleted_at IS NULL AND before IS NOT 'chapter'""",
        slot_id,
    )
    return _slot(row) if row else None


async def listed(session: Session, room_id: str) -> tuple[Slot, ...]:
    """All that were saved and the newest of the others, the newest first."""
    rows = await session.all(_SELECT, room_id)
    return tuple(
        _slot(row) for row in rows if row["before"] is None or row["age"] <= LISTED_AUTOMATIC
    )


async def mark_of(session: Session, slot_id: str) -> Mark:
    """Raises ``LookupError`` if there never was such a slot."""
    row = await session.one("SELECT name, deleted_at FROM slot WHERE id = ?", slot_id)
    if row is None:
        raise LookupError(slot_id)
    return Mark(name=row["name"], deleted_at=row["deleted_at"])


async def set_mark(session: Session, slot_id: str, mark: Mark) -> None:
    await session.run(
        "UPDATE slot SET name = ?, deleted_at = ? WHERE id = ?",
        mark.name,
        mark.deleted_at,
        slot_id,
    )


def _slot(row: Row) -> Slot:
    return Slot(
        id=row["id"],
        room_id=row["room_id"],
        branch_id=row["branch_id"],
        position=row["position"],
        name=row["name"],
        before=row["before"],
        last_line=" ".join((row["last_line"] or "").split()),
        created_at=row["created_at"],
    )
