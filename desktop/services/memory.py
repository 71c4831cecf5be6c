"""Which summary holds for a path of the story."""

from collections.abc import AsyncIterator

from desktop.protocol.models import Stage
from desktop.protocol.prompting import Summary
from desktop.store import branches, messages, summaries
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.session import Session
from desktop.store.summaries import SummaryRow


async def on_path(
    session: Session, room_id: str, branch_id: str, before: int
) -> AsyncIterator[SummaryRow]:
    """What was written for places of the path under a position, the furthest first."""
    for row in await summaries.of_room(session, room_id):
        if row.position < before:
            point = await branches.point_at(session, branch_id, row.position)
            if point.branch_id == row.branch_id:
                yield row


async def in_force(
    session: Session, room_id: str, branch_id: str, before: int
) -> SummaryRow | None:
    """The one that reaches furthest under a position; ``None`` for none."""
    async for row in on_path(session, room_id, branch_id, before):
        return row
    return None


async def is_stale(session: Session, branch_id: str, row: SummaryRow) -> bool:
    """Whether something it covers was edited, deleted, hidden or shown since."""
    return await timeline_fingerprint(session, branch_id, row.position) != row.fingerprint


async def held_marks(
    session: Session, stage: Stage, room_id: str, branch_id: str, before: int
) -> frozenset[str]:
    """Marks of the summaries that a provider's own conversation may have been told."""
    if stage.summary == "off":
        return frozenset()
    rows = [row async for row in on_path(session, room_id, branch_id, before)]
    return frozenset(mark(row.text) for row in rows)


def mark(text: str) -> str:
    return f"summary\n{text}"


async def told(session: Session, branch_id: str, row: SummaryRow) -> Summary:
    """A row as the page gets it."""
    last = await messages.newest(session, branch_id, 1, before=row.position + 1)
    return Summary(
        id=row.id,
        room_id=row.room_id,
        upto_id=last[0].id if last else "",
        upto=row.position,
        text=row.text,
        by=row.provider,
        model=row.model,
        stale=await is_stale(session, branch_id, row),
        created_at=row.created_at,
    )
