"""Rooms and messages to put into a real database file."""

from itertools import count

from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, Character, Message, Room, Stage
from desktop.store import branches, messages, rooms
from desktop.store.database import Database
from desktop.store.session import Session

NOW = UtcMs(1_767_225_600_000)
_numbers = count(1)


def new_id() -> str:
    return f"id{next(_numbers)}"


def a_stage() -> Stage:
    return Stage(characters=(Character(id="haru", name="하루", dye="chija"),), provider="scripted")


def a_message(text: str, *, kind: str = "character", turn_id: str = "") -> Message:
    return Message(
        id=new_id(),
        room_id="",
        branch_id="",
        position=0,
        turn_id=turn_id,
        author=Author(kind=kind, id="haru", name="하루", dye="chija"),  # type: ignore[arg-type]
        text=text,
        status="complete",
        created_at=NOW,
    )


async def add_room(session: Session) -> Room:
    room = Room(
        id=new_id(),
        title="등대",
        stage=a_stage(),
        branch_id=new_id(),
        message_count=0,
        last_line="",
        draft="",
        created_at=NOW,
        updated_at=NOW,
    )
    await rooms.add(session, room)
    await branches.add(session, branches.Branch(id=room.branch_id, room_id=room.id, created_at=NOW))
    return room


async def room_with(database: Database, how_many: int) -> Room:
    async with database.transaction() as session:
        room = await add_room(session)
        said = [a_message(f"{number}번째 말") for number in range(1, how_many + 1)]
        await messages.append(session, room.branch_id, said, NOW)
        found = await rooms.find(session, room.id)
    assert found is not None
    return found


async def fork(session: Session, room: Room, parent_id: str, position: int, before: int) -> str:
    """A branch from ``position`` on, with ``before`` messages on its path; returns its id."""
    branch = branches.Branch(
        id=new_id(),
        room_id=room.id,
        parent_id=parent_id,
        fork_position=position,
        tip_position=position,
        message_count=before,
        kind="slot",
        created_at=NOW,
    )
    await branches.add(session, branch)
    return branch.id
