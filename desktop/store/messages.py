"""Messages on a path: append at the tip, read backwards from any position."""

from collections.abc import Sequence

from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, Message
from desktop.store import branches, rooms
from desktop.store.session import Row, Session

_SELECT = """SELECT id, room_id, branch_id, position, turn_id, author_kind, author_id, author_name,
                    author_dye, status, created_at, text
             FROM message"""

_INSERT = """INSERT INTO message (id, room_id, branch_id, position, turn_id, author_kind, author_id,
               author_name, author_dye, status, created_at, text)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


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
    await branches.grow(session, branch, len(stored))
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


async def find(session: Session, message_id: str) -> Message | None:
    row = await session.one(f"{_SELECT} WHERE id = ? AND deleted_at IS NULL", message_id)
    return _message(row) if row else None


async def change_text(session: Session, message_id: str, text: str, at: UtcMs) -> None:
    """Put another text in place; the earlier one is kept."""
    await session.run(
        """INSERT INTO message_text (message_id, version, replaced_at, text)
           SELECT id, 1 + (SELECT coalesce(max(version), 0) FROM message_text
                           WHERE message_id = message.id), ?, text
           FROM message WHERE id = ?""",
        at,
        message_id,
    )
    await session.run(
        "UPDATE message SET text = ?, edited_at = ? WHERE id = ?", text, at, message_id
    )


def _at(message: Message, branch: branches.Branch, position: int) -> Message:
    return Message(
        id=message.id,
        room_id=branch.room_id,
        branch_id=branch.id,
        position=position,
        turn_id=message.turn_id,
        author=message.author,
        text=message.text,
        status=message.status,
        created_at=message.created_at,
    )


def _values(message: Message) -> tuple[str | int | None, ...]:
    author = message.author
    return (
        message.id,
        message.room_id,
        message.branch_id,
        message.position,
        message.turn_id or None,
        author.kind,
        author.id,
        author.name,
        author.dye,
        message.status,
        message.created_at,
        message.text,
    )


def _message(row: Row) -> Message:
    return Message(
        id=row["id"],
        room_id=row["room_id"],
        branch_id=row["branch_id"],
        position=row["position"],
        turn_id=row["turn_id"] or "",
        author=Author(
            kind=row["author_kind"],
            id=row["author_id"],
            name=row["author_name"],
            dye=row["author_dye"],
        ),
        text=row["text"],
        status=row["status"],
        created_at=row["created_at"],
    )
