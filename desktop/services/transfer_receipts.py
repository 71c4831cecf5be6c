"""Receipts of what was brought in, kept with what it takes to undo each."""

import msgspec

from desktop.protocol.base import Frozen
from desktop.protocol.library import LibraryKind
from desktop.protocol.transfer import Receipt
from desktop.store import settings
from desktop.store.session import Session

FACT = "transfer.receipts"
MOST = 30


class Kept(Frozen, kw_only=True):
    """A receipt, and everything that came with it."""

    receipt: Receipt
    room_ids: tuple[str, ...] = ()
    merged_into: str = ""
    """The room that goes on with what was brought in."""
    branch_before: str = ""
    """On which that room stood."""
    branch_ids: tuple[str, ...] = ()
    library: tuple[tuple[LibraryKind, str], ...] = ()
    """Kind and file of the entries that were added."""


async def read(session: Session) -> tuple[Kept, ...]:
    """The newest first; unreadable ones of a newer version are as good as none."""
    told = await settings.read(session, FACT)
    try:
        return msgspec.json.decode(told, type=tuple[Kept, ...]) if told else ()
    except msgspec.MsgspecError:
        return ()


async def add(session: Session, kept: Kept) -> None:
    await write(session, (kept, *await read(session)))


async def write(session: Session, all_of_them: tuple[Kept, ...]) -> None:
    await settings.write(session, FACT, msgspec.json.encode(all_of_them[:MOST]).decode())
