"""What turns were sent: the texts their records point at, and the story as it read then."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from desktop.protocol.models import Message
from desktop.store.messages import read_as_first_said
from desktop.store.session import Session


async def keep(session: Session, room_id: str, texts: Mapping[str, str]) -> None:
    """Store the texts by their fingerprints; those that are there stay as they are."""
    rows = await session.all(
        """SELECT mark FROM prompt_text
           WHERE room_id = ? AND mark IN (SELECT value FROM json_each(?))""",
        room_id,
        _listed(texts),
    )
    known = {row["mark"] for row in rows}
    if fresh := [(room_id, mark, text) for mark, text in texts.items() if mark not in known]:
        await session.many("INSERT INTO prompt_text (room_id, mark, text) VALUES (?, ?, ?)", fresh)


async def texts(session: Session, room_id: str, marks: Iterable[str]) -> dict[str, str]:
    """The texts by fingerprint; those that are lost are not among them."""
    rows = await session.all(
        """SELECT mark, text FROM prompt_text
           WHERE room_id = ? AND mark IN (SELECT value FROM json_each(?))""",
        room_id,
        _listed(marks),
    )
    return {row["mark"]: row["text"] for row in rows}


async def reworded(session: Session, messages: Sequence[Message]) -> frozenset[str]:
    """The ids of those messages that read otherwise before."""
    rows = await session.all(
        """SELECT DISTINCT message_id FROM message_text
           WHERE message_id IN (SELECT value FROM json_each(?))""",
        _listed(one.id for one in messages),
    )
    return frozenset(row["message_id"] for row in rows)


async def told(session: Session, branch_id: str, first: int, last: int) -> tuple[Message, ...]:
    """A branch's own messages between two positions as they were first said, deleted ones too."""
    return await read_as_first_said(session, branch_id, first, last)


async def lore(session: Session, turn_id: str) -> str | None:
    """What is stored of a turn's lore, as JSON; ``None`` where no lorebook was in force."""
    row = await session.one("SELECT lore FROM turn WHERE id = ?", turn_id)
    return row["lore"] if row else None


async def went_on(session: Session, turn_id: str) -> bool:
    row = await session.one("SELECT went_on FROM turn WHERE id = ?", turn_id)
    return bool(row and row["went_on"])


async def mark_sent(session: Session, turn_id: str, *, lore: str | None, went_on: bool) -> None:
    await session.run("UPDATE turn SET lore = ?, went_on = ? WHERE id = ?", lore, went_on, turn_id)


def _listed(values: Iterable[str]) -> str:
    return msgspec.json.encode(list(values)).decode()
