"""Reading back along a room's story."""

from desktop.protocol.methods import MessagePage, PageParams
from desktop.services.room_view import existing
from desktop.store import messages
from desktop.store.database import Database


class Timeline:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, params: PageParams) -> MessagePage:
        """The messages right before a position of the current path, oldest first."""
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            found = await messages.newest(
                session, room.branch_id, params.limit + 1, before=params.before
            )
        return MessagePage(messages=found[-params.limit :], has_more=len(found) > params.limit)
