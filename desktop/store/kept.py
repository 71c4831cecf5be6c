"""Pictures and cards that stages point to, each stored once under its hash."""

import re
from collections.abc import Iterable

from desktop.protocol.base import Frozen, UtcMs
from desktop.store.session import Row, Session

PICTURE = "image/png"
CARD = "application/json"

_POINTER = re.compile(
    r'"(?:picture|card)"\s*:\s*"([0-9a-f]{32})"|^picture: ([0-9a-f]{32})$', re.MULTILINE
)
_AT_ONCE = 500


class Kept(Frozen, kw_only=True):
    id: str
    media_type: str
    content: bytes
    small: bytes | None = None
    """A WebP of a picture."""


def pointers(written: str) -> set[str]:
    """The names that a stage as JSON, or a file of the library, points to. In JSON the quotes and
    line ends of a text are escaped, so that no text looks like a pointer."""
    return {one or other for one, other in _POINTER.findall(written)}


async def add(session: Session, kept: Iterable[Kept], at: UtcMs) -> None:
    """What is there already stays as it is."""
    await session.many(
        """INSERT INTO kept (id, media_type, content, small, added_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO NOTHING""",
        ((one.id, one.media_type, one.content, one.small, at) for one in kept),
    )


async def found(session: Session, ids: Iterable[str]) -> list[Kept]:
    """Whatever there is of these."""
    return [_kept(row) for row in await _rows(session, "*", ids)]


async def rename(session: Session, room_ids: Iterable[str], changes: dict[str, str]) -> None:
    """Let the stages of these rooms point elsewhere; an empty name to nothing."""
    await session.many(
        "UPDATE stage SET content = replace(content, ?, ?) WHERE room_id = ?",
        (
            (f'"{pointer}"', f'"{name}"', room_id)
            for room_id in room_ids
            for pointer, name in changes.items()
        ),
    )


async def small(session: Session, ids: Iterable[str]) -> dict[str, bytes]:
    """The small pictures there are of these."""
    rows = await _rows(session, "id, small", ids)
    return {row["id"]: row["small"] for row in rows if row["small"] is not None}


async def _rows(session: Session, columns: str, ids: Iterable[str]) -> list[Row]:
    wanted = list(dict.fromkeys(ids))
    rows: list[Row] = []
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows += await session.all(f"SELECT {columns} FROM kept WHERE id IN ({marks})", *some)
    return rows


def _kept(row: Row) -> Kept:
    return Kept(
        id=row["id"], media_type=row["media_type"], content=row["content"], small=row["small"]
    )


async def sweep(session: Session) -> int:
    """Delete what no stage points to, of any room, thrown away or not; how many there were.

    To be called at the start: what an undo of this session would bring back must stay.
    """
    if await session.one("SELECT 1 FROM kept LIMIT 1") is None:
        return 0
    used: set[str] = set()
    for row in await session.all(
        """SELECT content FROM stage WHERE content LIKE '%"picture":"_%'
           OR content LIKE '%"card":"_%'"""
    ):
        used |= pointers(row["content"])
    gone = [row["id"] for row in await session.all("SELECT id FROM kept") if row["id"] not in used]
    await session.many("DELETE FROM kept WHERE id = ?", ((one,) for one in gone))
    return len(gone)
