"""Reading back along a room's story."""

from desktop.protocol.methods import MessagePage, PageParams
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble, problem
from desktop.services.room_view import existing, page_before
from desktop.store import branches
from desktop.store.database import Database
from desktop.store.session import Session


class Timeline:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, params: PageParams) -> MessagePage:
        """The messages right before a position of a path, oldest first."""
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            branch_id = await _branch(session, room, params.branch_id)
            return await page_before(session, branch_id, params.limit, params.before)


async def _branch(session: Session, room: Room, branch_id: str | None) -> str:
    """The one asked for, of this room only."""
    if branch_id is None:
        return room.branch_id
    branch = await branches.find(session, branch_id)
    if branch is None or branch.room_id != room.id:
        raise Trouble(problem("not_found", field="branch_id"))
    return branch.id
