"""Takes back what was brought in, by its receipt."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from desktop.protocol.base import UtcMs
from desktop.protocol.events import AnyEvent, PathChanged, RoomChanged
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.transfer import Receipt
from desktop.services import transfer_receipts as receipts
from desktop.services.library_place import LibraryPlace
from desktop.services.story_told import shown_path
from desktop.services.transfer_library import Shelved
from desktop.services.transfer_receipts import Kept
from desktop.store import branches, messages, rooms
from desktop.store.database import Database
from desktop.store.session import Session


async def take_back(
    database: Database,
    place: LibraryPlace,
    receipt_id: str,
    now: UtcMs,
    busy: Callable[[str], bool],
) -> tuple[Receipt, tuple[AnyEvent, ...]]:
    """New rooms go to the trash, a room that went on stands where it stood before.

    Nothing is destroyed: the trash keeps it for its usual time. Raises ``Trouble``: ``not_found``,
    ``busy`` while an answer is coming in one of the rooms.
    """
    async with database.transaction() as session:
        all_of_them = await receipts.read(session)
        kept = next((one for one in all_of_them if one.receipt.id == receipt_id), None)
        if kept is None:
            raise Trouble(problem("not_found", field="receipt_id"))
        if kept.receipt.undone_at is not None:
            return kept.receipt, ()
        if any(busy(one) for one in (*kept.room_ids, kept.merged_into) if one):
            raise Trouble(problem("busy"))
        told = await _rooms(session, kept, now) + await _branches(session, kept, now)
        undone = replace(kept, receipt=replace(kept.receipt, undone_at=now))
        rest = tuple(undone if one is kept else one for one in all_of_them)
        await receipts.write(session, rest)
    await _library(place, kept, now)
    return undone.receipt, told


async def _rooms(session: Session, kept: Kept, now: UtcMs) -> tuple[AnyEvent, ...]:
    told: list[AnyEvent] = []
    for room_id in kept.room_ids:
        room = await rooms.find(session, room_id)
        if room is not None and room.trashed_at is None:
            await rooms.set_trashed(session, room_id, now)
            told.append(RoomChanged(room=replace(room, trashed_at=now)))
    return tuple(told)


async def _branches(session: Session, kept: Kept, now: UtcMs) -> tuple[AnyEvent, ...]:
    room = await rooms.find(session, kept.merged_into) if kept.merged_into else None
    if room is None or not kept.branch_ids:
        return ()
    stands_there = await branches.is_above(session, kept.branch_ids[0], room.branch_id)
    if stands_there:
        await rooms.switch(session, room.id, kept.branch_before)
        last = await messages.newest(session, kept.branch_before, 1)
        await rooms.refresh(session, room.id, last[0].text if last else "")
    for branch_id in kept.branch_ids:
        branch = await branches.find(session, branch_id)
        if branch is not None:
            await branches.set_mark(session, branch_id, now, branch.cut_position)
    room = await rooms.find(session, kept.merged_into)
    assert room is not None
    path = await shown_path(session, room)
    return (
        PathChanged(
            room=room,
            messages=path.messages,
            has_more=path.has_more,
            last_turn=path.last_turn,
        ),
    )


async def _library(place: LibraryPlace, kept: Kept, now: UtcMs) -> None:
    if not kept.library:
        return
    shelved = Shelved()
    shelved.added = list(kept.library)
    async with place.lock:
        if place.ready():
            await asyncio.to_thread(shelved.take_back, place.folder(), now)
