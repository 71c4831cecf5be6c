"""What is thrown away for good: rooms and branches that have lain in the trash long enough."""

from desktop.protocol.base import UtcMs
from desktop.store.session import Session


async def delete_room(session: Session, room_id: str) -> None:
    """Everything of a room; nothing of it can be had back."""
    await _delete_branches(session, "SELECT id FROM branch WHERE room_id = ?", room_id)
    await session.run("DELETE FROM room WHERE id = ?", room_id)


async def purge(session: Session, before: UtcMs) -> tuple[str, ...]:
    """Delete what was thrown away before a time; returns the ids of the rooms that are gone.

    A branch stays as long as its room stands on it or on one below it, or a slot saved by the
    person does.
    """
    old = await session.all("SELECT id FROM room WHERE trashed_at < ?", before)
    for row in old:
        await delete_room(session, row["id"])
    trashed = await session.all("SELECT id FROM branch WHERE trashed_at < ?", before)
    for row in trashed:
        needed = await session.one(
            f"""{_BELOW} SELECT 1 WHERE EXISTS (SELECT 1 FROM room WHERE branch_id IN below)
                OR EXISTS (SELECT 1 FROM slot WHERE branch_id IN below
                           AND before IS NULL AND deleted_at IS NULL)""",
            row["id"],
        )
        if needed is None:
            await _delete_branches(session, f"{_BELOW} SELECT id FROM below", row["id"])
    return tuple(row["id"] for row in old)


_BELOW = """WITH RECURSIVE below (id) AS (
  SELECT id FROM branch WHERE id = ?1
  UNION ALL
  SELECT branch.id FROM below JOIN branch ON branch.parent_id = below.id)"""


async def _delete_branches(session: Session, which: str, value: str) -> None:
    ids = [(row["id"],) for row in await session.all(which, value)]
    # A parent may not go before its children: none of them has a parent any more.
    await session.many("UPDATE branch SET parent_id = NULL, fork_position = 0 WHERE id = ?", ids)
    await session.many("DELETE FROM branch WHERE id = ?", ids)
