"""Messages on a path: append at the tip, read backwards from any position, change one."""

from collections.abc import AsyncIterator, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from desktop.protocol.base import UtcMs
from desktop.protocol.dice import SealedRoll
from desktop.protocol.models import AnsweredBy, Author, Message, MessageStatus
from desktop.protocol.story import TextVersion
from desktop.store import branches, rolls, rooms
from desktop.store.branches import Point
from desktop.store.fingerprint import digest
from desktop.store.session import Row, Session

_SELECT = """SELECT id, room_id, branch_id, position, turn_id, author_kind, author_id, author_name,
                    author_dye, status, hidden, created_at, edited_at, text,
                    CASE WHEN author_kind = 'note' THEN
                      (SELECT sealed FROM roll WHERE roll.message_id = message.id) END AS roll,
                    (SELECT json_object('provider', provider, 'model', model,
                       'line_id', coalesce(line_id, '')) FROM turn
                     WHERE turn.id = message.turn_id AND turn.voice <> ''
                       AND turn.line_id IS NOT message.id) AS answered_by
             FROM message"""

_SELECT_ANY = _SELECT.replace("edited_at", "edited_at, deleted_at")

_SELECT_FIRST = _SELECT.replace(
    "edited_at, text",
    """edited_at, coalesce((SELECT text FROM message_text
         WHERE message_id = message.id AND version = 1), text) AS text""",
)

_INSERT = """INSERT INTO message (id, room_id, branch_id, position, turn_id, author_kind, author_id,
               author_name, author_dye, status, hidden, created_at, edited_at, text)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


async def append(
    session: Session, branch_id: str, messages: Sequence[Message], at: UtcMs
) -> tuple[Message, ...]:
    """Store messages at the tip of a branch and keep the counts; the positions given are ignored.

    Returns them as they are stored. Raises ``LookupError`` if there is no such branch.
    """
    branch = await branches.find(session, branch_id)
    if branch is None:
        raise LookupError(branch_id)
    if not messages:
        return ()
    stored = tuple(
        _at(message, branch, branch.tip_position + step) for step, message in enumerate(messages, 1)
    )
    await session.many(_INSERT, [_values(message) for message in stored])
    for message in stored:
        if message.roll is not None:
            await rolls.add(session, message.room_id, message.id, message.roll)
    await branches.grow(session, branch, len(stored), at)
    await rooms.moved_on(session, branch.id, stored[-1].text, at)
    return stored


async def newest(
    session: Session,
    branch_id: str,
    limit: int,
    *,
    before: int | None = None,
    after: int = 0,
    for_ai: bool = False,
) -> tuple[Message, ...]:
    """The last ``limit`` messages of the path under ``before`` and over ``after``, oldest first.

    Deleted ones are left out, with ``for_ai`` those hidden from the AI too. The work grows with
    ``limit`` and with the branches it has to step back through, never with the room's length.
    """
    hidden = "AND hidden = 0" if for_ai else ""
    found: list[Message] = []
    async for part in branches.path(session, branch_id):
        last = part.last if before is None else min(part.last, before - 1)
        if last <= part.after:
            continue
        rows = await session.all(
            f"""{_SELECT}
                WHERE branch_id = ? AND position > ? AND position <= ?
                  AND deleted_at IS NULL {hidden}
                ORDER BY position DESC LIMIT ?""",
            part.branch_id,
            max(part.after, after),
            last,
            limit - len(found),
        )
        found += [_message(row) for row in rows]
        if len(found) >= limit or part.after <= after:
            break
    return tuple(reversed(found))


async def read_as_first_said(
    session: Session, branch_id: str, first: int, last: int
) -> tuple[Message, ...]:
    """A branch's own messages between two positions with their first texts, deleted ones too."""
    rows = await session.all(
        f"""{_SELECT_FIRST} WHERE branch_id = ? AND position BETWEEN ? AND ? ORDER BY position""",
        branch_id,
        first,
        last,
    )
    return tuple(_message(row) for row in rows)


async def turns_before(session: Session, branch_id: str, before: int) -> int:
    """How many turns left messages on the path under a position."""
    count = 0
    async for part in branches.path(session, branch_id):
        row = await session.one(
            """SELECT count(DISTINCT turn_id) FROM message
               WHERE branch_id = ? AND position > ? AND position <= ? AND deleted_at IS NULL""",
            part.branch_id,
            part.after,
            min(part.last, before - 1),
        )
        count += int(row[0]) if row else 0
    return count


async def first_after(session: Session, branch_id: str, position: int) -> Message | None:
    """The first message of the path behind a position that is not deleted.

    The work grows with the branches that the path takes after it.
    """
    following: Row | None = None
    async for part in branches.path(session, branch_id):
        row = await session.one(
            f"""{_SELECT} WHERE branch_id = ? AND position > ? AND position <= ?
                  AND deleted_at IS NULL ORDER BY position LIMIT 1""",
            part.branch_id,
            max(part.after, position),
            part.last,
        )
        following = row or following
        if part.after <= position:
            break
    return _message(following) if following else None


async def find(session: Session, message_id: str) -> Message | None:
    row = await session.one(f"{_SELECT} WHERE id = ? AND deleted_at IS NULL", message_id)
    return _message(row) if row else None


async def find_any(session: Session, message_id: str) -> tuple[Message, UtcMs | None] | None:
    """A message, and when it was deleted if it was."""
    row = await session.one(f"{_SELECT_ANY} WHERE id = ?", message_id)
    return (_message(row), row["deleted_at"]) if row else None


async def whole_path(
    session: Session, branch_id: str, batch: int = 500
) -> AsyncIterator[tuple[Message, ...]]:
    """Everything on a path that is not deleted, from the first message on, in batches."""
    parts = [part async for part in branches.path(session, branch_id)]
    for part in reversed(parts):
        after = part.after
        while found := await between(session, part.branch_id, after, part.last, batch):
            after = found[-1].position
            yield found


async def between(
    session: Session, branch_id: str, after: int, last: int, limit: int
) -> tuple[Message, ...]:
    """A branch's own first messages behind a position, up to another, that are not deleted."""
    rows = await session.all(
        f"""{_SELECT} WHERE branch_id = ? AND position > ? AND position <= ?
              AND deleted_at IS NULL ORDER BY position LIMIT ?""",
        branch_id,
        after,
        last,
        limit,
    )
    return tuple(_message(row) for row in rows)


async def change_text(
    session: Session,
    message_id: str,
    text: str,
    at: UtcMs,
    *,
    edited_at: UtcMs | Literal["now"] | None = "now",
) -> None:
    """Put another text in place; the earlier one is kept.

    ``edited_at`` is ``at`` when left out. Raises ``LookupError`` if there is no such message.
    """
    before, deleted_at = await _any(session, message_id)
    await session.run(
        """INSERT INTO message_text (message_id, version, replaced_at, text)
           SELECT id, 1 + (SELECT coalesce(max(version), 0) FROM message_text
                           WHERE message_id = message.id), ?, text
           FROM message WHERE id = ? AND NOT EXISTS (
             SELECT 1 FROM message_text AS kept
             WHERE kept.message_id = message.id AND kept.text = message.text)""",
        at,
        message_id,
    )
    await session.run(
        "UPDATE message SET text = ?, edited_at = ? WHERE id = ?",
        text,
        at if edited_at == "now" else edited_at,
        message_id,
    )
    await _drift(session, before, replace(before, text=text), deleted_at, deleted_at)


async def change_status(session: Session, message_id: str, status: MessageStatus) -> None:
    before, deleted_at = await _any(session, message_id)
    await session.run("UPDATE message SET status = ? WHERE id = ?", status, message_id)
    await _drift(session, before, replace(before, status=status), deleted_at, deleted_at)


async def earlier_texts(session: Session, message_id: str) -> tuple[TextVersion, ...]:
    """What the message said before, the oldest first."""
    rows = await session.all(
        "SELECT text, replaced_at FROM message_text WHERE message_id = ? ORDER BY version",
        message_id,
    )
    return tuple(TextVersion(text=row["text"], replaced_at=row["replaced_at"]) for row in rows)


async def set_hidden(session: Session, message_id: str, hidden: bool) -> None:
    """Keep a message from the AI, or show it again."""
    before, deleted_at = await _any(session, message_id)
    await session.run("UPDATE message SET hidden = ? WHERE id = ?", hidden, message_id)
    await _drift(session, before, replace(before, hidden=hidden), deleted_at, deleted_at)


async def set_deleted(session: Session, message_id: str, at: UtcMs | None) -> None:
    """Take a message off every path it is on, or put it back where it was."""
    message, before = await _any(session, message_id)
    await session.run("UPDATE message SET deleted_at = ? WHERE id = ?", at, message_id)
    await _drift(session, message, message, before, at)
    if (before is None) != (at is None):
        point = Point(branch_id=message.branch_id, position=message.position)
        await branches.count_deleted(session, point, 1 if at is None else -1)


async def _any(session: Session, message_id: str) -> tuple[Message, UtcMs | None]:
    found = await find_any(session, message_id)
    if found is None:
        raise LookupError(message_id)
    return found


async def _drift(
    session: Session,
    before: Message,
    after: Message,
    deleted_before: UtcMs | None,
    deleted_after: UtcMs | None,
) -> None:
    """Note how far what an AI is shown has moved."""
    moved = digest(after, deleted=deleted_after is not None) - digest(
        before, deleted=deleted_before is not None
    )
    if moved:
        await session.run("UPDATE message SET drift = drift + ? WHERE id = ?", moved, before.id)


def _at(message: Message, branch: branches.Branch, position: int) -> Message:
    return replace(
        message,
        room_id=branch.room_id,
        branch_id=branch.id,
        position=position,
        alternatives=1,
        alternative=1,
    )


def _values(message: Message) -> tuple[str | int | None, ...]:
    author = message.author
    return (
        message.id,
        message.room_id,
        message.branch_id,
        message.position,
        message.turn_id or None,
        "note" if author.kind == "dice" else author.kind,
        author.id,
        author.name,
        author.dye,
        message.status,
        message.hidden,
        message.created_at,
        message.edited_at,
        message.text,
    )


def _message(row: Row) -> Message:
    roll = msgspec.json.decode(row["roll"], type=SealedRoll) if row["roll"] else None
    by = row["answered_by"]
    return Message(
        id=row["id"],
        room_id=row["room_id"],
        branch_id=row["branch_id"],
        position=row["position"],
        turn_id=row["turn_id"] or "",
        author=Author(
            kind="dice" if roll else row["author_kind"],
            id=row["author_id"],
            name=row["author_name"],
            dye=row["author_dye"],
        ),
        text=row["text"],
        status=row["status"],
        created_at=row["created_at"],
        edited_at=row["edited_at"],
        hidden=bool(row["hidden"]),
        roll=roll,
        by=msgspec.json.decode(by, type=AnsweredBy) if by else None,
    )
