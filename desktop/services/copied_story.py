"""A copy of what a room's path shows, in another room: its messages, and the summaries of them."""

from msgspec.structs import replace

from desktop.protocol.base import UtcMs
from desktop.protocol.models import Room
from desktop.services.outside import NewId
from desktop.store import messages, summaries
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.session import Session
from desktop.store.summaries import SummaryRow


async def copy_story(session: Session, source: Room, copy: Room, now: UtcMs, new_id: NewId) -> None:
    """In batches, whatever its length."""
    waiting = await _holding(session, source)
    placed: list[tuple[SummaryRow, int]] = []
    count = 0
    async for batch in messages.whole_path(session, source.branch_id):
        fresh = [replace(one, id=new_id(), roll=None) for one in batch]
        await messages.append(session, copy.branch_id, fresh, now)
        for one in batch:
            # What was deleted is not copied, so places are counted anew.
            while waiting and waiting[-1].position < one.position:
                placed.append((waiting.pop(), count))
            count += 1
    placed += [(row, count) for row in reversed(waiting)]
    for row, position in placed:
        mark = await timeline_fingerprint(session, copy.branch_id, position)
        copied = replace(
            row,
            id=new_id(),
            room_id=copy.id,
            branch_id=copy.branch_id,
            position=position,
            fingerprint=mark,
        )
        await summaries.add(session, copied)


async def _holding(session: Session, source: Room) -> list[SummaryRow]:
    """The summaries that hold on the path the room shows, the furthest place first."""
    found = []
    for row in await summaries.of_room(session, source.id):
        mark = await timeline_fingerprint(session, source.branch_id, row.position)
        if mark == row.fingerprint:
            found.append(row)
    return found
