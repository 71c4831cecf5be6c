"""Reads a path by the days on which it was told, and by the turns that were told lore."""

from desktop.store import branches
from desktop.store.session import Row, Session

_DAYS = """SELECT date(created_at / 1000, 'unixepoch', 'localtime') AS day, count(*) AS count,
                  min(position) AS position
           FROM message
           WHERE branch_id = ? AND position > ? AND position <= ? AND deleted_at IS NULL
           GROUP BY day"""
_AT = "SELECT id FROM message WHERE branch_id = ? AND position = ?"
_TOLD = """SELECT m.id, m.turn_id, m.position, m.created_at, substr(m.text, 1, 400) AS text, t.lore
           FROM message AS m JOIN turn AS t ON t.id = m.turn_id
           WHERE m.branch_id = ? AND m.position > ? AND m.position <= ?
             AND m.deleted_at IS NULL AND t.lore IS NOT NULL
             AND m.author_kind IN ('character', 'narrator')
           ORDER BY m.position DESC LIMIT ?"""


async def days(session: Session, branch_id: str) -> dict[str, tuple[int, int, str]]:
    """By local day, ``2026-11-22``: how many messages, and position and id of the first one.

    Days of a clock that was set back are told once, with their first position on the path.
    """
    found: dict[str, tuple[int, int, str]] = {}
    async for part in branches.path(session, branch_id):
        for row in await session.all(_DAYS, part.branch_id, part.after, part.last):
            first = await session.one(_AT, part.branch_id, row["position"])
            more = found.get(row["day"])
            # The path is read backwards: what comes later here stands earlier in the story.
            count = row["count"] + (more[0] if more else 0)
            if first is not None:
                found[row["day"]] = (count, row["position"], first["id"])
    return found


async def told_lore(session: Session, branch_id: str, limit: int) -> list[Row]:
    """The newest answers' messages whose turns know of lore, the newest first."""
    rows: list[Row] = []
    async for part in branches.path(session, branch_id):
        left = limit - len(rows)
        if left <= 0:
            break
        rows += await session.all(_TOLD, part.branch_id, part.after, part.last, left)
    return rows
