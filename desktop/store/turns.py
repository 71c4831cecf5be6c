"""Turns, and the journal that keeps a running answer until it is stored."""

import msgspec

from desktop.protocol.base import DurationMs, Frozen
from desktop.protocol.models import Turn, Usage
from desktop.protocol.problems import Problem
from desktop.store.session import Row, Session

_SELECT = """SELECT id, room_id, branch_id, line_id, provider, model, outcome, started_at,
                    first_text_ms, total_ms, input, cache_read, cache_write, output, reasoning,
                    cost_usd, context_window, usage_source, problem, voice
             FROM turn"""


class Place(Frozen, kw_only=True):
    """Where a turn's messages belong."""

    turn: Turn
    branch_id: str
    line_id: str
    """The message that is answered; empty if there is none."""


async def add(session: Session, turn: Turn, branch_id: str, line_id: str) -> None:
    await session.run(
        """INSERT INTO turn (id, room_id, branch_id, line_id, provider, model, voice, outcome,
             started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        turn.id,
        turn.room_id,
        branch_id,
        line_id or None,
        turn.provider,
        turn.model,
        turn.voice,
        turn.outcome,
        turn.started_at,
    )


async def finish(session: Session, turn: Turn, *, raw: str, session_id: str, segments: str) -> None:
    """Store how the turn ended and empty its journal.

    ``raw`` is the whole reply as it came, ``segments`` a JSON array of what the prompt held.
    """
    usage = turn.usage
    await session.run(
        """UPDATE turn SET model = ?, outcome = ?, problem = ?, first_text_ms = ?, total_ms = ?,
             input = ?, cache_read = ?, cache_write = ?, output = ?, reasoning = ?, cost_usd = ?,
             context_window = ?, usage_source = ?, session = ?, segments = ?, raw = ?
           WHERE id = ?""",
        turn.model,
        turn.outcome,
        msgspec.json.encode(turn.problem).decode() if turn.problem else None,
        turn.first_text_ms,
        turn.total_ms,
        usage.input,
        usage.cache_read,
        usage.cache_write,
        usage.output,
        usage.reasoning,
        usage.cost_usd,
        usage.context_window,
        usage.source,
        session_id,
        segments,
        raw,
        turn.id,
    )
    await clear_journal(session, turn.id)


async def note_usage(session: Session, turn_id: str, usage: Usage) -> None:
    """What a running turn has cost so far, for the case that its end is never stored."""
    await session.run(
        """UPDATE turn SET input = ?, cache_read = ?, cache_write = ?, context_window = ?,
             usage_source = ? WHERE id = ?""",
        usage.input,
        usage.cache_read,
        usage.cache_write,
        usage.context_window,
        usage.source,
        turn_id,
    )


async def find(session: Session, turn_id: str) -> Place | None:
    row = await session.one(f"{_SELECT} WHERE id = ?", turn_id)
    return _place(row) if row else None


async def segments(session: Session, turn_id: str) -> str:
    """What the prompt of a turn held, as JSON; an empty list where nothing is known."""
    row = await session.one("SELECT segments FROM turn WHERE id = ?", turn_id)
    return str(row["segments"]) if row else "[]"


async def running(session: Session) -> tuple[Place, ...]:
    """Turns whose end was never stored, the oldest first."""
    rows = await session.all(f"""{_SELECT} WHERE outcome = 'running' ORDER BY number""")
    return tuple(_place(row) for row in rows)


async def newest_ended(session: Session, room_id: str) -> Turn | None:
    """The last turn that ended since the conversation was last cleared."""
    row = await session.one(
        f"""{_SELECT} WHERE room_id = ?1 AND outcome <> 'running'
              AND number > (SELECT turns_from FROM room WHERE id = ?1)
            ORDER BY number DESC LIMIT 1""",
        room_id,
    )
    return _turn(row) if row else None


async def newest_number(session: Session, room_id: str) -> int:
    """The number of a room's newest turn; 0 if there never was one."""
    row = await session.one("SELECT max(number) FROM turn WHERE room_id = ?", room_id)
    return int(row[0] or 0) if row else 0


async def write_journal(session: Session, turn_id: str, part: int, text: str) -> None:
    """Add the next piece of a running answer; ``part`` counts from 1."""
    await session.run(
        "INSERT INTO journal (turn_id, part, text) VALUES (?, ?, ?)", turn_id, part, text
    )


async def read_journal(session: Session, turn_id: str) -> str:
    rows = await session.all("SELECT text FROM journal WHERE turn_id = ? ORDER BY part", turn_id)
    return "".join(row["text"] for row in rows)


async def clear_journal(session: Session, turn_id: str) -> None:
    await session.run("DELETE FROM journal WHERE turn_id = ?", turn_id)


def _place(row: Row) -> Place:
    return Place(turn=_turn(row), branch_id=row["branch_id"], line_id=row["line_id"] or "")


def _turn(row: Row) -> Turn:
    return Turn(
        id=row["id"],
        room_id=row["room_id"],
        provider=row["provider"],
        model=row["model"],
        voice=row["voice"],
        outcome=row["outcome"],
        problem=msgspec.json.decode(row["problem"], type=Problem) if row["problem"] else None,
        usage=Usage(
            input=row["input"],
            cache_read=row["cache_read"],
            cache_write=row["cache_write"],
            output=row["output"],
            reasoning=row["reasoning"],
            cost_usd=row["cost_usd"],
            context_window=row["context_window"],
            source=row["usage_source"],
        ),
        first_text_ms=_duration(row["first_text_ms"]),
        total_ms=_duration(row["total_ms"]),
        started_at=row["started_at"],
    )


def _duration(value: int | None) -> DurationMs | None:
    return None if value is None else DurationMs(value)
