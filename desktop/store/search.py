"""Finds messages by their text, exactly, newest first, at a cost that one call bounds."""

from collections.abc import Sequence
from typing import Any

from msgspec import json

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Author
from desktop.protocol.search import SearchFound, SearchHit
from desktop.store.search_text import Query, tokens
from desktop.store.session import Row, Session

_BATCH = 200
_STEP = 50
"""Messages indexed in one step: some 30 ms, so that whoever waits does not notice."""
_EFFORT = 4_000
"""Messages looked at in one call."""
_EXCERPT, _LEAD = 160, 40
_END = 2**62

# What the program rolled stands as a note of its own; see the migration of the rolls.
_KIND = """CASE WHEN m.author_kind = 'note' AND EXISTS
             (SELECT 1 FROM roll WHERE roll.message_id = m.id) THEN 'dice'
           ELSE m.author_kind END"""
_SELECT = f"""SELECT m.number, m.id, m.room_id, m.branch_id, m.position,
              {_KIND} AS author_kind, m.author_id,
              m.author_name, m.author_dye, m.created_at, m.text"""
# A message of a conversation that was cleared or cut off is still told where a branch goes on
# behind it. Nothing is found in the trash.
_SHOWN = """JOIN branch AS b ON b.id = m.branch_id
            JOIN room AS r ON r.id = m.room_id
            WHERE m.deleted_at IS NULL AND r.trashed_at IS NULL
              AND ((b.trashed_at IS NULL AND m.position <= coalesce(b.cut_position, m.position))
                   OR EXISTS (SELECT 1 FROM branch AS c
                              WHERE c.parent_id = b.id AND c.trashed_at IS NULL
                                AND c.fork_position >= m.position))"""
_INDEXED = f"""{_SELECT} FROM message_search AS s CROSS JOIN message AS m
               ON m.number = s.rowid {_SHOWN}
               AND message_search MATCH ? AND s.rowid < ?"""
_STALE = f"""{_SELECT} FROM search_stale AS s CROSS JOIN message AS m
             ON m.number = s.number {_SHOWN} AND m.number < ?"""
_FRESH = (
    _SELECT
    + " FROM message AS m "
    + _SHOWN
    + " AND m.number > (SELECT indexed_to FROM search_progress) AND m.number < ?"
)

_NEWEST = f"{_SELECT} FROM message AS m {_SHOWN} AND m.number < ?"

_IN_RANGES = """EXISTS (SELECT 1 FROM json_each(?) AS part
                 WHERE part.value ->> 0 = m.branch_id
                   AND m.position > part.value ->> 1 AND m.position <= part.value ->> 2)"""


class Filters(Frozen, kw_only=True):
    """Where to look; everything left out is everywhere."""

    room_id: str | None = None
    ranges: tuple[tuple[str, int, int], ...] | None = None
    """Parts of branches: a branch, after which position, and up to which."""
    author: str | None = None
    """A name as it was spoken."""
    kinds: tuple[str, ...] = ()
    """Kinds of authors."""
    since: UtcMs | None = None
    until: UtcMs | None = None
    """Up to and without."""

    def narrow(self) -> bool:
        """Whether who said it, what it is or when is asked for."""
        return bool(self.author or self.kinds) or self.since is not None or self.until is not None


EVERYWHERE = Filters()


async def find(
    session: Session,
    typed: str,
    filters: Filters = EVERYWHERE,
    *,
    before: int | None = None,
    limit: int = 30,
) -> SearchFound:
    """Messages that hold every word typed, those stored last first.

    A Korean, Chinese or Japanese word is found anywhere, any other where a word begins with it;
    two consonants or more also find the words they begin (ㄷㄷㅈㄱ: 등대지기). ``"…"`` is a phrase.
    Nothing is found for signs alone; with nothing typed, everything that a narrow filter leaves.
    ``before`` comes from the page before.
    """
    if not typed.strip() and filters.narrow():
        return await _newest(session, filters, _END if before is None else before, limit)
    query = Query(typed)
    match, below = query.match, _END if before is None else before
    hits: list[SearchHit] = []
    looked_at = 0
    while match and looked_at < _EFFORT:
        rows, floor = await _candidates(session, match, filters, below)
        for row in rows:
            below = row["number"]
            if places := query.places(row["text"]):
                hits.append(_hit(row, places))
                if len(hits) == limit:
                    return SearchFound(hits=tuple(hits), before=below)
        looked_at += len(rows)
        if floor is None:
            return SearchFound(hits=tuple(hits), before=None)
        below = floor
    return SearchFound(hits=tuple(hits), before=below if match else None)


async def _newest(session: Session, filters: Filters, below: int, limit: int) -> SearchFound:
    condition, values = _condition(filters)
    rows = await session.all(
        f"{_NEWEST}{condition} ORDER BY m.number DESC LIMIT ?", below, *values, limit
    )
    hits = tuple(_hit(row, ((0, 0),)) for row in rows)
    return SearchFound(hits=hits, before=rows[-1]["number"] if len(rows) == limit else None)


async def catch_up(session: Session, limit: int = _STEP) -> bool:
    """Index the next messages that are not in the index yet; whether there may be more.

    Call it inside a transaction, soon after writing and until it says no, and leave the
    loop free between the steps.
    """
    stale = await session.all(
        """SELECT s.number, s.indexed, m.text, m.number <= p.indexed_to AS counted
           FROM search_stale AS s, search_progress AS p
           LEFT JOIN message AS m ON m.number = s.number LIMIT ?""",
        limit,
    )
    await _take_out(session, stale)
    await _put_in(session, [row for row in stale if row["counted"]])
    await session.many(
        "DELETE FROM search_stale WHERE number = ?", [(row["number"],) for row in stale]
    )
    new = await session.all(
        """SELECT number, text FROM message
           WHERE number > (SELECT indexed_to FROM search_progress)
             AND number NOT IN (SELECT number FROM search_stale)
           ORDER BY number LIMIT ?""",
        limit - len(stale),
    )
    if new:
        await _put_in(session, new)
        await session.run("UPDATE search_progress SET indexed_to = ?", new[-1]["number"])
    return len(stale) + len(new) == limit


async def _take_out(session: Session, rows: Sequence[Row]) -> None:
    await session.many(
        "INSERT INTO message_search (message_search, rowid, body) VALUES ('delete', ?, ?)",
        [(row["number"], tokens(row["indexed"])) for row in rows],
    )


async def _put_in(session: Session, rows: Sequence[Row]) -> None:
    await session.many(
        "INSERT INTO message_search (rowid, body) VALUES (?, ?)",
        [(row["number"], tokens(row["text"])) for row in rows],
    )


async def _candidates(
    session: Session, match: str, filters: Filters, below: int
) -> tuple[list[Row], int | None]:
    """The next messages that may hold the words, and the number down to which they are all.

    ``None`` if there are no others.
    """
    condition, values = _condition(filters)
    streams = [
        await session.all(
            f"{_INDEXED}{condition} ORDER BY s.rowid DESC LIMIT {_BATCH}", match, below, *values
        )
    ]
    streams += [
        await session.all(
            f"{unindexed}{condition} ORDER BY m.number DESC LIMIT {_BATCH}", below, *values
        )
        for unindexed in (_STALE, _FRESH)
    ]
    floor = max((rows[-1]["number"] for rows in streams if len(rows) == _BATCH), default=None)
    by_number = {row["number"]: row for rows in streams for row in rows}
    numbers = sorted((one for one in by_number if floor is None or one >= floor), reverse=True)
    return [by_number[one] for one in numbers], floor


def _condition(filters: Filters) -> tuple[str, list[Any]]:
    """More conditions for the WHERE clause, and their values."""
    told: list[tuple[str, Sequence[Any]]] = []
    if filters.room_id is not None:
        told.append(("m.room_id = ?", [filters.room_id]))
    if filters.ranges is not None:
        told.append((_IN_RANGES, [json.encode(filters.ranges).decode()]))
    if filters.author is not None:
        told.append(("m.author_name = ?", [filters.author]))
    if filters.kinds:
        marks = ", ".join("?" for _ in filters.kinds)
        told.append((f"{_KIND} IN ({marks})", filters.kinds))
    if filters.since is not None:
        told.append(("m.created_at >= ?", [filters.since]))
    if filters.until is not None:
        told.append(("m.created_at < ?", [filters.until]))
    return "".join(f" AND {sql}" for sql, _ in told), [one for _, many in told for one in many]


def _hit(row: Row, places: tuple[tuple[int, int], ...]) -> SearchHit:
    text = row["text"]
    start = max(0, min(places[0][0] - _LEAD, len(text) - _EXCERPT))
    end = min(len(text), start + _EXCERPT)
    inside = ((max(one, start) - start, min(two, end) - start) for one, two in places)
    return SearchHit(
        message_id=row["id"],
        room_id=row["room_id"],
        branch_id=row["branch_id"],
        position=row["position"],
        author=Author(
            kind=row["author_kind"],
            id=row["author_id"],
            name=row["author_name"],
            dye=row["author_dye"],
        ),
        created_at=row["created_at"],
        excerpt=text[start:end],
        spans=tuple((one, two) for one, two in inside if one < two),
    )
