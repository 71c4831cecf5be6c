"""Branches: runs of messages, and the path of ranges that leads from a tip back to the root."""

from collections.abc import AsyncIterator

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.story import BranchKind, TreeBranch
from desktop.store.session import Row, Session

UP = """WITH RECURSIVE up (id, parent, fork, upper, depth) AS (
  SELECT id, parent_id, fork_position, ?2, 0 FROM branch WHERE id = ?1
  UNION ALL
  SELECT branch.id, branch.parent_id, branch.fork_position, min(up.upper, up.fork), up.depth + 1
  FROM up JOIN branch ON branch.id = up.parent)"""
"""The branches from ``?1`` to the root, each with the last position that the path up to ``?2``
takes of it. Every ancestor costs a step, whatever its length."""


class Branch(Frozen, kw_only=True):
    """A run of messages that goes on from a position of its parent.

    A fork lies behind its parent's own first message, or at the very beginning of a root: where
    an alternative to a branch's first message is wanted, its parent is the branch's own parent.
    """

    id: str
    room_id: str
    parent_id: str | None = None
    fork_position: int = 0
    tip_position: int = 0
    """Position of the newest message; the fork position while there is none."""
    message_count: int = 0
    """Messages not deleted on the whole path."""
    kind: BranchKind = "main"
    name: str = ""
    created_at: UtcMs
    used_at: UtcMs = UtcMs(0)
    """When it was last written to or gone to; ``created_at`` when it is added."""
    trashed_at: UtcMs | None = None
    cut_position: int | None = None
    """Its own messages after this were deleted together with all that follows them."""

    def is_empty(self) -> bool:
        return self.tip_position == self.fork_position


class Range(Frozen, kw_only=True):
    """The part of one branch that lies on a path: ``after < position <= last``."""

    branch_id: str
    after: int
    last: int


class Point(Frozen, kw_only=True):
    """A place behind a message: the branch that holds the message, and its position."""

    branch_id: str
    position: int


async def add(session: Session, branch: Branch) -> None:
    await session.run(
        """INSERT INTO branch (id, room_id, parent_id, fork_position, tip_position,
             message_count, kind, name, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        branch.id,
        branch.room_id,
        branch.parent_id,
        branch.fork_position,
        branch.tip_position,
        branch.message_count,
        branch.kind,
        branch.name,
        branch.created_at,
        branch.created_at,
    )


async def find(session: Session, branch_id: str) -> Branch | None:
    row = await session.one("SELECT * FROM branch WHERE id = ?", branch_id)
    return _branch(row) if row else None


async def path(session: Session, branch_id: str) -> AsyncIterator[Range]:
    """The ranges of the path, the newest first; reads no further back than it is asked for."""
    upper: int | None = None
    following: str | None = branch_id
    while following is not None and (branch := await find(session, following)):
        last = branch.tip_position if upper is None else min(upper, branch.tip_position)
        if last > branch.fork_position:
            yield Range(branch_id=branch.id, after=branch.fork_position, last=last)
        upper = branch.fork_position if upper is None else min(upper, branch.fork_position)
        following = branch.parent_id


async def grow(session: Session, branch: Branch, by: int, at: UtcMs) -> None:
    """Move the tip by as many messages, and count them."""
    await session.run(
        """UPDATE branch SET tip_position = tip_position + ?, message_count = message_count + ?,
             used_at = ? WHERE id = ?""",
        by,
        by,
        at,
        branch.id,
    )


async def use(session: Session, branch_id: str, at: UtcMs) -> None:
    """Remember that the person went there."""
    await session.run("UPDATE branch SET used_at = ? WHERE id = ?", at, branch_id)


async def set_name(session: Session, branch_id: str, name: str) -> None:
    await session.run("UPDATE branch SET name = ? WHERE id = ?", name, branch_id)


async def set_mark(
    session: Session, branch_id: str, trashed_at: UtcMs | None, cut: int | None
) -> None:
    await session.run(
        "UPDATE branch SET trashed_at = ?, cut_position = ? WHERE id = ?",
        trashed_at,
        cut,
        branch_id,
    )


async def is_bare(session: Session, branch: Branch) -> bool:
    """Whether nothing was said on it, nothing leaves it and no slot stands on it."""
    if not branch.is_empty():
        return False
    row = await session.one(
        """SELECT 1 WHERE EXISTS (SELECT 1 FROM branch WHERE parent_id = ?1)
             OR EXISTS (SELECT 1 FROM slot WHERE branch_id = ?1 AND before IS NULL)""",
        branch.id,
    )
    return row is None


async def in_room(session: Session, room_id: str) -> tuple[TreeBranch, ...]:
    """The branches that can be gone to, parents first.

    Left out are those in the trash and, where nothing was said on them, those without a name
    that nothing leaves and on which the room does not stand.
    """
    rows = await session.all(_TREE, room_id)
    return tuple(
        TreeBranch(
            id=row["id"],
            parent_id=row["parent_id"],
            fork_position=row["fork_position"],
            tip_position=row["tip"],
            message_count=row["message_count"],
            kind=row["kind"],
            name=row["name"],
            last_line=" ".join((row["last_line"] or "").split()),
            created_at=row["created_at"],
            used_at=row["used_at"],
        )
        for row in rows
    )


_TREE = """WITH RECURSIVE alive (id, cut, depth) AS (
  SELECT id, cut_position, 0 FROM branch
  WHERE room_id = ?1 AND parent_id IS NULL AND trashed_at IS NULL
  UNION ALL
  SELECT branch.id, branch.cut_position, alive.depth + 1
  FROM alive JOIN branch ON branch.parent_id = alive.id
  WHERE branch.trashed_at IS NULL
    AND (alive.cut IS NULL OR branch.fork_position <= alive.cut))
SELECT branch.*,
  min(branch.tip_position, coalesce(branch.cut_position, branch.tip_position)) AS tip,
  (SELECT substr(text, 1, 200) FROM message
   WHERE message.branch_id = branch.id AND deleted_at IS NULL
     AND position <= coalesce(branch.cut_position, branch.tip_position)
   ORDER BY position DESC LIMIT 1) AS last_line
FROM alive JOIN branch ON branch.id = alive.id
WHERE branch.tip_position > branch.fork_position OR branch.name <> '' OR branch.parent_id IS NULL
  OR EXISTS (SELECT 1 FROM branch AS child
             WHERE child.parent_id = branch.id AND child.trashed_at IS NULL)
  OR EXISTS (SELECT 1 FROM room WHERE room.id = ?1 AND room.branch_id = branch.id)
ORDER BY alive.depth, branch.created_at, branch.rowid"""


async def point_before(session: Session, branch_id: str, position: int) -> Point:
    """The place right before a branch's own message, fit to fork from."""
    branch = await find(session, branch_id)
    if branch is None:
        raise LookupError(branch_id)
    if position - 1 > branch.fork_position or branch.parent_id is None:
        return Point(branch_id=branch_id, position=position - 1)
    return Point(branch_id=branch.parent_id, position=branch.fork_position)


async def point_at(session: Session, branch_id: str, position: int) -> Point:
    """The place at a position of the path that ends in a branch, fit to fork from."""
    row = await session.one(
        f"{UP} SELECT id, parent FROM up WHERE fork < ?2 OR parent IS NULL ORDER BY depth LIMIT 1",
        branch_id,
        position,
    )
    if row is None:
        raise LookupError(branch_id)
    return Point(branch_id=row["id"], position=position)


async def count_at(session: Session, point: Point) -> int:
    """How many messages the path up to there has that are not deleted.

    The work grows with the ancestors and the deleted messages, never with the path.
    """
    row = await session.one(
        f"""{UP} SELECT count(*) FROM up CROSS JOIN message INDEXED BY message_deleted
            ON message.branch_id = up.id AND message.position > up.fork
              AND message.position <= up.upper
            WHERE message.deleted_at IS NOT NULL""",
        point.branch_id,
        point.position,
    )
    return point.position - (int(row[0]) if row else 0)


async def count_deleted(session: Session, point: Point, by: int) -> None:
    """Add to the counts of every branch whose path holds the message at a place."""
    await session.run(
        """WITH RECURSIVE below (id) AS (
             SELECT ?1
             UNION ALL
             SELECT branch.id FROM below JOIN branch ON branch.parent_id = below.id
             WHERE below.id <> ?1 OR branch.fork_position >= ?2)
           UPDATE branch SET message_count = message_count + ?3 WHERE id IN below""",
        point.branch_id,
        point.position,
        by,
    )


async def hidden_above(session: Session, branch_id: str) -> tuple[tuple[Branch, bool], ...]:
    """What hides the path to a tip: its branches that lie in the trash or are cut too early.

    Each with whether its cut is before the place where the path leaves it.
    """
    rows = await session.all(
        f"""{UP} SELECT branch.*, coalesce(branch.cut_position < up.upper, 0) AS is_cut
            FROM up JOIN branch ON branch.id = up.id
            WHERE branch.trashed_at IS NOT NULL OR branch.cut_position < up.upper""",
        branch_id,
        _FAR,
    )
    return tuple((_branch(row), bool(row["is_cut"])) for row in rows)


async def root_of(session: Session, branch_id: str) -> str:
    row = await session.one(f"{UP} SELECT id FROM up WHERE parent IS NULL LIMIT 1", branch_id, _FAR)
    return str(row["id"]) if row else branch_id


async def is_above(session: Session, branch_id: str, tip_id: str) -> bool:
    """Whether a branch lies on the way from another to the root, itself included."""
    row = await session.one(
        "SELECT 1 FROM (" + UP + " SELECT id FROM up) WHERE id = ?3", tip_id, _FAR, branch_id
    )
    return row is not None


_FAR = 2**62


def _branch(row: Row) -> Branch:
    return Branch(
        id=row["id"],
        room_id=row["room_id"],
        parent_id=row["parent_id"],
        fork_position=row["fork_position"],
        tip_position=row["tip_position"],
        message_count=row["message_count"],
        kind=row["kind"],
        name=row["name"],
        created_at=row["created_at"],
        used_at=row["used_at"],
        trashed_at=row["trashed_at"],
        cut_position=row["cut_position"],
    )
