"""How a room comes into being: its row, its stage and its first branch together."""

from desktop.protocol.base import UtcMs
from desktop.protocol.models import Room, Stage
from desktop.services.outside import NewId
from desktop.store import branches, rooms
from desktop.store.session import Session


async def add_room(session: Session, title: str, stage: Stage, now: UtcMs, new_id: NewId) -> Room:
    room = Room(
        id=new_id(),
        title=title,
        stage=stage,
        branch_id=new_id(),
        message_count=0,
        last_line="",
        draft="",
        created_at=now,
        updated_at=now,
    )
    await rooms.add(session, room)
    main = branches.Branch(id=room.branch_id, room_id=room.id, created_at=now)
    await branches.add(session, main)
    return room
