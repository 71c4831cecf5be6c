"""Beginning anew at the providers, with every word of the story kept."""

from collections.abc import Callable

from desktop.protocol.methods import SessionResetParams, SessionsReset
from desktop.services.room_view import existing
from desktop.store import lanes
from desktop.store.database import Database


class Sessions:
    """``let_go`` ends what the providers keep alive for a room, or for all."""

    def __init__(
        self, database: Database, let_go: Callable[[str | None], None] = lambda _: None
    ) -> None:
        self._database = database
        self._let_go = let_go

    async def reset(self, params: SessionResetParams) -> SessionsReset:
        """Forget where a room's conversation lives at its providers, or every room's."""
        async with self._database.transaction() as session:
            if params.room_id is not None:
                await existing(session, params.room_id)
            count = await lanes.forget_all(session, params.room_id)
        self._let_go(params.room_id)
        return SessionsReset(count=count)
