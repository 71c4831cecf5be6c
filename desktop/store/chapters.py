"""Chapters: slots that begin a chapter of a book instead of being a place to come back to.

A chapter hangs on a message's place, so it is on every path that leads through that message and
on no other, and it stays where it is while the story around it is edited.
"""

from desktop.protocol.base import UtcMs
from desktop.protocol.books import ChapterMark
from desktop.store import messages
from desktop.store.branches import UP, Point
from desktop.store.session import Session

KIND = "chapter"
"""In the column that says what a slot was put there before."""
_FAR = 2**62


async def add(
    session: Session, chapter_id: str, room_id: str, point: Point, name: str, at: UtcMs
) -> None:
    await session.run(
        """INSERT INTO slot (id, room_id, branch_id, position, name, before, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        chapter_id,
        room_id,
        point.branch_id,
        point.position,
        name,
        KIND,
        at,
    )


async def room_of(session: Session, chapter_id: str) -> str | None:
    row = await session.one(
        "SELECT room_id FROM slot WHERE id = ? AND before = ? AND deleted_at IS NULL",
        chapter_id,
        KIND,
    )
    return None if row is None else str(row["room_id"])


async def at_place(session: Session, point: Point) -> str | None:
    """The chapter that stands at a place already."""
    row = await session.one(
        """SELECT id FROM slot
           WHERE branch_id = ? AND position = ? AND before = ? AND deleted_at IS NULL""",
        point.branch_id,
        point.position,
        KIND,
    )
    return None if row is None else str(row["id"])


async def on_path(session: Session, branch_id: str) -> tuple[ChapterMark, ...]:
    """The chapters of the path to a branch's tip, in reading order.

    Several whose messages between them were deleted begin with the same message: the last of
    them is meant, for the others have nothing in them.
    """
    rows = await session.all(
        f"""{UP} SELECT slot.id, slot.name, slot.position FROM up JOIN slot
            ON slot.branch_id = up.id AND slot.position > up.fork AND slot.position <= up.upper
            WHERE slot.before = ?3 AND slot.deleted_at IS NULL ORDER BY slot.position, slot.number
         """,
        branch_id,
        _FAR,
        KIND,
    )
    found: list[ChapterMark] = []
    for row in rows:
        first = await messages.first_after(session, branch_id, row["position"] - 1)
        mark = ChapterMark(
            id=row["id"],
            number=len(found) + 1,
            name=row["name"],
            position=row["position"],
            message_id=first.id if first else "",
        )
        if found and found[-1].message_id == mark.message_id:
            number = found[-1].number
            found[-1] = ChapterMark(
                id=mark.id,
                number=number,
                name=mark.name,
                position=mark.position,
                message_id=mark.message_id,
            )
        else:
            found.append(mark)
    return tuple(one for one in found if one.message_id)
