"""Rooms and their stages, as rows."""

from collections.abc import Sequence

import msgspec

from desktop.protocol.base import UtcMs
from desktop.protocol.methods import RoomShelf
from desktop.protocol.models import Room, Stage
from desktop.store.session import Row, Session

UNSEEN = 1 << 62
"""When a room or branch that is still being brought in was "thrown away": no shelf has it."""
LAST_LINE = 200
"""Characters of the newest message that a list of rooms shows."""

_SELECT = """SELECT room.*, stage.content AS stage FROM room
             JOIN stage ON stage.room_id = room.id"""


_SHELVES: dict[RoomShelf, str] = {
    "active": "room.trashed_at IS NULL AND room.archived_at IS NULL",
    "archived": "room.trashed_at IS NULL AND room.archived_at IS NOT NULL",
    "trashed": f"room.trashed_at < {UNSEEN}",
}


async def add(session: Session, room: Room) -> None:
    """Store a new room; its branch must be stored in the same transaction."""
    await session.run(
        """INSERT INTO room (id, title, branch_id, message_count, last_line, created_at,
             updated_at, draft) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        room.id,
        room.title,
        room.branch_id,
        room.message_count,
        room.last_line,
        room.created_at,
        room.updated_at,
        room.draft,
    )
    await session.run(
        "INSERT INTO stage (room_id, content) VALUES (?, ?)", room.id, _json(room.stage)
    )


async def find(session: Session, room_id: str) -> Room | None:
    row = await session.one(f"{_SELECT} WHERE room.id = ?", room_id)
    return _room(row) if row else None


async def listed(session: Session) -> tuple[Room, ...]:
    """All rooms that are neither archived nor in the trash, the one used last first."""
    rows = await session.all(
        f"{_SELECT} WHERE {_SHELVES['active']} ORDER BY room.updated_at DESC, room.rowid DESC"
    )
    return tuple(_room(row) for row in rows)


async def any_ever(session: Session) -> bool:
    """Whether a room was ever made here, also one that is in the trash by now."""
    return await session.one("SELECT 1 FROM room LIMIT 1") is not None


async def rename(session: Session, room_id: str, title: str) -> None:
    await session.run("UPDATE room SET title = ? WHERE id = ?", title, room_id)


async def restage(session: Session, room_id: str, stage: Stage) -> None:
    await session.run("UPDATE stage SET content = ? WHERE room_id = ?", _json(stage), room_id)


async def set_draft(session: Session, room_id: str, text: str) -> bool:
    """Returns whether there is such a room."""
    changed = await session.one(
        "UPDATE room SET draft = ? WHERE id = ? RETURNING id", text, room_id
    )
    return changed is not None


async def set_trashed(session: Session, room_id: str, at: UtcMs | None) -> None:
    await session.run("UPDATE room SET trashed_at = ? WHERE id = ?", at, room_id)


async def switch(session: Session, room_id: str, branch_id: str) -> None:
    """Make another branch the one that is shown and gone on with."""
    await session.run(
        """UPDATE room SET branch_id = branch.id, message_count = branch.message_count
           FROM branch WHERE room.id = ? AND branch.id = ?""",
        room_id,
        branch_id,
    )


async def refresh(session: Session, room_id: str, last_text: str) -> None:
    """Bring what the room tells of its path up to date after the path was changed."""
    await session.run(
        """UPDATE room SET message_count = branch.message_count, last_line = ?
           FROM branch WHERE room.id = ? AND branch.id = room.branch_id""",
        _line(last_text),
        room_id,
    )


async def set_archived(session: Session, room_id: str, at: UtcMs | None) -> None:
    await session.run("UPDATE room SET archived_at = ? WHERE id = ?", at, room_id)


async def set_order(session: Session, room_ids: Sequence[str]) -> None:
    """Give these rooms their places, from 1; every other room loses its place."""
    await session.run("UPDATE room SET sort_order = 0 WHERE sort_order <> 0")
    await session.many(
        "UPDATE room SET sort_order = ? WHERE id = ?",
        [(place, room_id) for place, room_id in enumerate(room_ids, 1)],
    )


async def turns_from(session: Session, room_id: str) -> int:
    """Number of the newest turn that belongs to a conversation cleared away."""
    row = await session.one("SELECT turns_from FROM room WHERE id = ?", room_id)
    return int(row["turns_from"]) if row else 0


async def set_turns_from(session: Session, room_id: str, number: int) -> None:
    await session.run("UPDATE room SET turns_from = ? WHERE id = ?", number, room_id)


async def on_shelf(session: Session, which: RoomShelf) -> tuple[Room, ...]:
    """The rooms of one shelf: in their order, before them those without a place by last use."""
    rows = await session.all(
        f"{_SELECT} WHERE {_SHELVES[which]} "
        "ORDER BY room.sort_order, room.updated_at DESC, room.rowid DESC"
    )
    return tuple(_room(row) for row in rows)


async def moved_on(session: Session, branch_id: str, last_text: str, at: UtcMs) -> None:
    """Tell the room that its branch has grown; another branch's growth leaves it as it is."""
    await session.run(
        """UPDATE room SET message_count = branch.message_count, last_line = ?, updated_at = ?
           FROM branch
           WHERE branch.id = ? AND room.id = branch.room_id AND room.branch_id = branch.id""",
        _line(last_text),
        at,
        branch_id,
    )


async def count_turn(session: Session, room_id: str) -> int:
    """One turn more; returns how many there have been, this one included."""
    row = await session.one(
        "UPDATE room SET turn_count = turn_count + 1 WHERE id = ? RETURNING turn_count", room_id
    )
    return int(row["turn_count"]) if row else 0


def _line(text: str) -> str:
    return " ".join(text[: 4 * LAST_LINE].split())[:LAST_LINE]


def _json(stage: Stage) -> str:
    return msgspec.json.encode(stage).decode()


def _room(row: Row) -> Room:
    return Room(
        id=row["id"],
        title=row["title"],
        stage=msgspec.json.decode(row["stage"], type=Stage),
        branch_id=row["branch_id"],
        message_count=row["message_count"],
        last_line=row["last_line"],
        draft=row["draft"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        trashed_at=row["trashed_at"],
        archived_at=row["archived_at"],
        sort_order=row["sort_order"],
    )
