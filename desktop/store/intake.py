"""Stores rooms that are being brought in: out of sight until all of it is there.

What is not whole yet lies in the trash with a date that never comes, so nothing lists, finds or
purges it. ``show`` makes it appear in one step; ``sweep`` takes away what was never shown.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.json import encode

from desktop.store import trash
from desktop.store.driver import IntegrityErrors
from desktop.store.rooms import UNSEEN as UNSEEN  # noqa: PLC0414
from desktop.store.session import Session

TABLES: dict[str, tuple[str, ...]] = {
    "room": (
        "id", "title", "branch_id", "sort_order", "created_at", "updated_at", "archived_at",
        "trashed_at", "draft",
    ),
    "stage": ("room_id", "content"),
    "branch": (
        "id", "room_id", "parent_id", "fork_position", "tip_position", "message_count", "kind",
        "name", "created_at", "used_at", "trashed_at",
    ),
    "turn": (
        "id", "room_id", "branch_id", "line_id", "provider", "model", "outcome", "started_at",
        "first_text_ms", "total_ms", "input", "cache_read", "cache_write", "output", "reasoning",
        "cost_usd", "context_window", "usage_source", "problem", "raw", "voice",
    ),
    "message": (
        "id", "room_id", "branch_id", "position", "turn_id", "author_kind", "author_id",
        "author_name", "author_dye", "status", "hidden", "created_at", "edited_at", "text",
    ),
    "message_text": ("message_id", "version", "replaced_at", "text"),
    "roll": ("room_id", "message_id", "sealed"),
    "slot": ("id", "room_id", "branch_id", "position", "name", "before", "created_at"),
}  # fmt: skip
"""What is written, by table, in an order in which each finds what it names."""

_INSERT = {
    table: f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for table, columns in TABLES.items()
}

_AT_ONCE = {
    table: f"INSERT INTO {table} ({', '.join(TABLES[table])}) "
    f"SELECT {', '.join(f'value ->> {number}' for number in range(len(TABLES[table])))} "
    "FROM json_each(?)"
    for table in ("turn", "message")
}
"""The large ones in one statement, so that Python is free to read on while they are written."""
_PRICE = TABLES["turn"].index("cost_usd")

FORKS = "forks"
"""Not a table: parent, fork, tip, count and id of branches whose place is known by now."""

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows to be written, by table, and ``FORKS``."""


class StandsTwice(Exception):
    """Two rows have the same id."""


async def put(session: Session, rows: Rows, tips: Sequence[tuple[int, int, str]]) -> None:
    """Write the next rows. ``tips``: position, count and id of the branches that have grown.

    Use it in ``Database.intake``: references may point to what comes later. Raises
    ``StandsTwice``.
    """
    try:
        for table, sql in _INSERT.items():
            given = rows.get(table, ())
            # Fractions would lose their last digit on their way through JSON.
            if table in _AT_ONCE and not (table == "turn" and any(row[_PRICE] for row in given)):
                await session.run(_AT_ONCE[table], encode(given).decode())
            elif given:
                await session.many(sql, given)
    except IntegrityErrors as error:
        if "UNIQUE" not in str(error):
            raise
        raise StandsTwice(str(error)) from error
    await session.many(
        """UPDATE branch SET parent_id = ?, fork_position = ?, tip_position = ?, message_count = ?
           WHERE id = ?""",
        rows.get(FORKS, ()),
    )
    await session.many("UPDATE branch SET tip_position = ?, message_count = ? WHERE id = ?", tips)


async def tie(session: Session, room_id: str) -> None:
    """Let go of references that lead nowhere, once all of a room is there."""
    await session.run(
        """UPDATE message SET turn_id = NULL WHERE room_id = ? AND turn_id IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM turn WHERE turn.id = message.turn_id)""",
        room_id,
    )
    await session.run(
        """UPDATE turn SET line_id = NULL WHERE room_id = ? AND line_id IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = turn.line_id)""",
        room_id,
    )


async def count_usage(session: Session, room_id: str) -> None:
    """Sum up what a new room's turns have used, as every turn does when it is played here."""
    for sql in (_OF_WAYS, _OF_SPEAKERS):
        await session.run(sql, room_id)


# The sums of schema 5, of one room: each turn counts on its local day and on the day ''.
_TOLD = """WITH told AS (
  SELECT t.id, t.room_id, t.provider, t.model, t.input, t.cache_read, t.cache_write, t.output,
         t.reasoning, t.usage_source = 'estimated' AS estimated, t.cost_usd IS NOT NULL AS priced,
         coalesce(t.cost_usd, 0) AS cost_usd,
         iif(twice.own, date(t.started_at / 1000, 'unixepoch', 'localtime'), '') AS day
  FROM turn t JOIN (SELECT 0 AS own UNION ALL SELECT 1) AS twice
  WHERE t.room_id = ?1 AND t.usage_source <> 'none')"""
_OF_WAYS = f"""INSERT INTO usage_of_way {_TOLD}
  SELECT room_id, day, 0, provider, model, count(*), sum(estimated), sum(priced), sum(input),
         sum(cache_read), sum(cache_write), sum(output), sum(reasoning), sum(cost_usd)
  FROM told GROUP BY day, provider, model"""
_SHARE = """sum(t.{0} * ifnull(s.so_far, 1) / ifnull(s.spoken, 1)
  - t.{0} * ifnull(s.so_far - s.said, 0) / ifnull(s.spoken, 1))"""
_SHARES = ", ".join(
    _SHARE.format(name) for name in ("input", "cache_read", "cache_write", "output", "reasoning")
)
_OF_SPEAKERS = f"""INSERT INTO usage_of_speaker {_TOLD}, spoken AS (
  SELECT m.turn_id, m.author_kind AS kind, m.author_name AS name, length(m.text) AS said,
         iif(m.author_kind = 'narrator', '', iif(m.author_id = '', m.author_name, m.author_id))
           AS author,
         sum(length(m.text)) OVER upto AS so_far, sum(length(m.text)) OVER whole AS spoken
  FROM message m WHERE m.room_id = ?1 AND m.turn_id IS NOT NULL
    AND m.author_kind IN ('character', 'narrator') AND length(m.text) > 0
  WINDOW upto AS (PARTITION BY m.turn_id ORDER BY m.position), whole AS (PARTITION BY m.turn_id))
  SELECT t.room_id, t.day, 0, coalesce(s.kind, 'nobody'), coalesce(s.author, ''),
         coalesce(max(s.name), ''), count(DISTINCT t.id),
         count(DISTINCT iif(t.estimated, t.id, NULL)), count(DISTINCT iif(t.priced, t.id, NULL)),
         {_SHARES}, sum(t.cost_usd * ifnull(s.said, 1) / ifnull(s.spoken, 1))
  FROM told t LEFT JOIN spoken s ON s.turn_id = t.id
  GROUP BY t.day, coalesce(s.kind, 'nobody'), coalesce(s.author, '')"""


async def settle(session: Session, room_id: str, branch_id: str, turns: int) -> None:
    """Tell a room what its path holds, once all of it is there."""
    await session.run(
        """UPDATE room SET branch_id = ?2, turn_count = ?3,
             message_count = (SELECT message_count FROM branch WHERE id = ?2)
           WHERE id = ?1""",
        room_id,
        branch_id,
        turns,
    )


async def show(session: Session, room_ids: Sequence[str], branch_ids: Sequence[str]) -> None:
    """Everything that was brought in appears."""
    for table, ids in (("room", room_ids), ("branch", branch_ids)):
        await session.many(
            f"UPDATE {table} SET trashed_at = NULL WHERE id = ? AND trashed_at = {UNSEEN}",
            [(one,) for one in ids],
        )


async def sweep(session: Session, limit: int = 20_000) -> bool:
    """Delete the next of what was never shown; whether there may be more.

    In steps, each a transaction of its own: a million messages take a while to go.
    """
    row = await session.one("SELECT id FROM room WHERE trashed_at = ? LIMIT 1", UNSEEN)
    if row is not None:
        if not await _delete_some(session, "room_id", row["id"], limit):
            await trash.delete_room(session, row["id"])
        return True
    row = await session.one("SELECT id FROM branch WHERE trashed_at = ? LIMIT 1", UNSEEN)
    if row is not None:
        if not await _delete_some(session, "branch_id", row["id"], limit):
            await session.run(
                "UPDATE branch SET parent_id = NULL, fork_position = 0 WHERE parent_id = ?",
                row["id"],
            )
            await session.run("DELETE FROM branch WHERE id = ?", row["id"])
        return True
    return False


async def _delete_some(session: Session, column: str, value: str, limit: int) -> bool:
    for table in ("message", "turn"):
        gone = await session.all(
            f"""DELETE FROM {table} WHERE number IN
                (SELECT number FROM {table} WHERE {column} = ? LIMIT ?) RETURNING 1""",
            value,
            limit,
        )
        if gone:
            return True
    return False
