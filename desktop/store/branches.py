"""Branches: runs of messages, and the path of ranges that leads from a tip back to the root."""

from collections.abc import AsyncIterator
from typing import Literal

from desktop.protocol.base import Frozen, UtcMs
from desktop.store.session import Row, Session

BranchKind = Literal["main", "alternative", "slot", "fresh"]
"""``alternative``: another answer to a line; ``slot``: named by the person;
``fresh``: the conversation begun anew."""


class Branch(Frozen, kw_only=True):
    """A run of messages that goes on from a position of its parent."""

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


class Range(Frozen, kw_only=True):
    """The part of one branch that lies on a path: ``after < position <= last``."""

    branch_id: str
    after: int
    last: int


async def add(session: Session, branch: Branch) -> None:
    await session.run(
        """INSERT INTO branch (id, room_id, parent_id, fork_position, tip_position,
             message_count, kind, name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        branch.id,
        branch.room_id,
        branch.parent_id,
        branch.fork_position,
        branch.tip_position,
        branch.message_count,
        branch.kind,
        branch.name,
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


async def grow(session: Session, branch: Branch, by: int) -> None:
    """Move the tip by as many messages, and count them."""
    await session.run(
        """UPDATE branch SET tip_position = tip_position + ?, message_count = message_count + ?
           WHERE id = ?""",
        by,
        by,
        branch.id,
    )


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
    )
