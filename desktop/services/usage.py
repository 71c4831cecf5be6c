"""What a turn used, shared out among those who spoke; and what all turns came to."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from desktop.dialogue.sharing import shared_out
from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, Message, Turn
from desktop.protocol.usage import SpeakerKind, UsageParams, UsageSums
from desktop.services.outside import Clock
from desktop.services.room_view import existing
from desktop.store import usage
from desktop.store.database import Database
from desktop.store.session import Session

_TOKENS = ("input", "cache_read", "cache_write", "output", "reasoning")
_COST_PARTS = 10**9
"""A cost is shared out in these parts of a dollar."""


class UsageBook:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def read(self, params: UsageParams) -> UsageSums:
        """Raises ``Trouble(not_found)`` for a room there is not."""
        day = local_day(self._clock.now_ms())
        async with self._database.reading() as session:
            if not params.room_id:
                return await usage.of_all(session, day)
            room = await existing(session, params.room_id)
            return await usage.of_room(session, room.id, day)


async def count_turn(
    session: Session, turn: Turn, rows: Sequence[Message], now: UtcMs
) -> UsageSums:
    """Add an ended turn to the sums of its room, and tell them; ``rows`` were said in it."""
    await usage.add(session, turn, shares_of(turn, rows), local_day(turn.started_at))
    return await usage.of_room(session, turn.room_id, local_day(now))


def local_day(now_ms: int) -> str:
    """The calendar day at this machine, as ``2026-11-22``."""
    return datetime.fromtimestamp(now_ms / 1_000, UTC).astimezone().date().isoformat()


def shares_of(turn: Turn, rows: Sequence[Message]) -> tuple[usage.Share, ...]:
    """As ``protocol.usage.SpeakerUsage`` says; in the order in which they spoke first."""
    said: dict[tuple[SpeakerKind, str], int] = {}
    names: dict[tuple[SpeakerKind, str], str] = {}
    for row in rows:
        if row.text:
            who = _speaker(row.author)
            said[who] = said.get(who, 0) + len(row.text)
            names[who] = row.author.name
    who_spoke = list(said) or [("nobody", "")]
    weights = [said.get(who, 1) for who in who_spoke]
    parts = {name: shared_out(getattr(turn.usage, name), weights) for name in _TOKENS}
    cost = turn.usage.cost_usd
    costs = shared_out(round((cost or 0.0) * _COST_PARTS), weights)
    return tuple(
        usage.Share(
            kind=kind,
            author=author,
            name=names.get((kind, author), ""),
            usage=replace(
                turn.usage,
                **{name: parts[name][at] for name in _TOKENS},
                cost_usd=None if cost is None else costs[at] / _COST_PARTS,
            ),
        )
        for at, (kind, author) in enumerate(who_spoke)
    )


def _speaker(author: Author) -> tuple[SpeakerKind, str]:
    if author.kind == "narrator":
        return "narrator", ""
    return "character", author.id or author.name
