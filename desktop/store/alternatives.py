"""How the story goes on from a place: the alternatives of a message, and the way down from one.

A deleted message is stepped over: what follows it counts as going on from what stands before it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from desktop.protocol.models import Message
from desktop.store import branches, messages
from desktop.store.branches import Point
from desktop.store.session import Session


class Head(NamedTuple):
    """The first message of one way on."""

    number: int
    """Counts the messages of the whole file in the order in which they were said."""
    message_id: str
    branch_id: str
    position: int


async def heads(session: Session, point: Point) -> tuple[Head, ...]:
    """Every way on from a place that is neither cut nor in the trash, the oldest first."""
    found: list[Head] = []
    open_points = [point]
    while open_points:
        here = open_points.pop()
        branch = await branches.find(session, here.branch_id)
        if branch is None:
            continue
        top = branch.tip_position if branch.cut_position is None else branch.cut_position
        row = await session.one(
            """SELECT number, id, branch_id, position FROM message
               WHERE branch_id = ? AND position > ? AND position <= ? AND deleted_at IS NULL
               ORDER BY position LIMIT 1""",
            here.branch_id,
            here.position,
            top,
        )
        if row:
            found.append(Head(row["number"], row["id"], row["branch_id"], row["position"]))
            top = row["position"] - 1
        children = await session.all(
            """SELECT id, fork_position FROM branch
               WHERE parent_id = ? AND fork_position BETWEEN ? AND ? AND trashed_at IS NULL""",
            here.branch_id,
            here.position,
            top,
        )
        open_points += [Point(branch_id=row["id"], position=row[1]) for row in children]
    return tuple(sorted(found))


async def before(session: Session, message: Message) -> Point:
    """The place from which a message goes on: behind the one that is seen before it."""
    previous = await messages.newest(session, message.branch_id, 1, before=message.position)
    return await _after(session, previous[0] if previous else None, message.branch_id)


async def of(session: Session, message: Message) -> tuple[Head, ...]:
    """The alternatives of a message, itself always among them."""
    return _with(message, await heads(session, await before(session, message)))


async def marked(
    session: Session, found: Sequence[Message], previous: Message | None = None
) -> tuple[Message, ...]:
    """Neighbouring messages of a path with their alternatives counted.

    ``previous`` stands before the first of them; ``None`` if that one begins the path.
    """
    if not found:
        return ()
    origin = await _after(session, previous, found[0].branch_id)
    points = [origin, *(Point(branch_id=one.branch_id, position=one.position) for one in found)]
    forks = await _forks(session, points)
    told = []
    for point, message in zip(points, found, strict=False):
        if message.branch_id != point.branch_id or any(
            point.position <= fork < message.position for fork in forks.get(point.branch_id, ())
        ):
            ways = _with(message, await heads(session, point))
            at = next(at for at, way in enumerate(ways, 1) if way.message_id == message.id)
            told.append(replace(message, alternatives=len(ways), alternative=at))
        else:
            told.append(message)
    return tuple(told)


async def marked_one(session: Session, message: Message) -> Message:
    """One message with its alternatives counted, as seen on the path of its own branch."""
    previous = await messages.newest(session, message.branch_id, 1, before=message.position)
    return (await marked(session, [message], previous[0] if previous else None))[0]


async def newest_leaf(session: Session, head: Head) -> str:
    """The branch below a message that was used last; the message's own if nothing else is left."""
    row = await session.one(
        """WITH RECURSIVE below (id, used_at, number, cut) AS (
             SELECT id, used_at, rowid, cut_position FROM branch WHERE id = ?1
             UNION ALL
             SELECT branch.id, branch.used_at, branch.rowid, branch.cut_position
             FROM below JOIN branch ON branch.parent_id = below.id
             WHERE branch.trashed_at IS NULL AND (below.id <> ?1 OR branch.fork_position >= ?2)
               AND (below.cut IS NULL OR branch.fork_position <= below.cut))
           SELECT id FROM below WHERE cut IS NULL ORDER BY used_at DESC, number DESC LIMIT 1""",
        head.branch_id,
        head.position,
    )
    return str(row["id"]) if row else head.branch_id


async def _after(session: Session, previous: Message | None, branch_id: str) -> Point:
    if previous is None:
        return Point(branch_id=await branches.root_of(session, branch_id), position=0)
    return Point(branch_id=previous.branch_id, position=previous.position)


async def _forks(session: Session, points: Sequence[Point]) -> dict[str, list[int]]:
    """Where branches leave a stretch of a path, by the branch they leave."""
    names = msgspec.json.encode(sorted({point.branch_id for point in points})).decode()
    rows = await session.all(
        """SELECT DISTINCT branch.parent_id, branch.fork_position
           FROM json_each(?) AS wanted CROSS JOIN branch ON branch.parent_id = wanted.value
           WHERE branch.fork_position BETWEEN ? AND ? AND branch.trashed_at IS NULL""",
        names,
        points[0].position,
        points[-1].position,
    )
    forks: dict[str, list[int]] = {}
    for row in rows:
        forks.setdefault(row["parent_id"], []).append(row["fork_position"])
    return forks


def _with(message: Message, ways: tuple[Head, ...]) -> tuple[Head, ...]:
    if any(way.message_id == message.id for way in ways):
        return ways
    return (*ways, Head(0, message.id, message.branch_id, message.position))
