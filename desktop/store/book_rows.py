"""A path read as a book: forward from any place, and measured without being read."""

from desktop.protocol.models import Message
from desktop.store import branches, messages
from desktop.store.branches import UP
from desktop.store.session import Session

_FAR = 2**62


async def size(session: Session, branch_id: str) -> tuple[int, int, int]:
    """Messages, characters without stars and line ends, and words of a path; notes do not count.

    The work grows with the path, but no text leaves the database.
    """
    row = await session.one(
        f"""{UP} SELECT count(*),
              coalesce(sum(length(replace(replace(text, '*', ''), char(10), ''))), 0),
              coalesce(sum(length(text) - length(replace(text, ' ', '')) + 1), 0)
            FROM up CROSS JOIN message
            ON message.branch_id = up.id AND message.position > up.fork
              AND message.position <= up.upper
            WHERE message.deleted_at IS NULL AND message.author_kind <> 'note'""",
        branch_id,
        _FAR,
    )
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)


async def from_place(
    session: Session, branch_id: str, start: int, limit: int
) -> tuple[Message, ...]:
    """The first ``limit`` messages of the path from a position on, oldest first.

    The work grows with ``limit`` and the branches of the path, never with the room's length.
    """
    parts = [part async for part in branches.path(session, branch_id)]
    found: list[Message] = []
    for part in reversed(parts):
        if part.last < start:
            continue
        found += await messages.between(
            session, part.branch_id, max(part.after, start - 1), part.last, limit - len(found)
        )
        if len(found) >= limit:
            break
    return tuple(found)


async def number_at(session: Session, branch_id: str, position: int) -> int:
    """Which message of the path stands at a position, from 1; deleted ones do not count."""
    point = await branches.point_at(session, branch_id, position - 1)
    return await branches.count_at(session, point) + 1
