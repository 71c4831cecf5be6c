"""The story's memory: what falls out of the window in a few words."""

from desktop.protocol.problems import Trouble, problem
from desktop.protocol.prompt_methods import SummaryParams
from desktop.protocol.prompting import SummarySaveParams, SummaryState
from desktop.services.room_view import existing
from desktop.store.database import Database


class Summaries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, params: SummaryParams) -> SummaryState:
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
        return SummaryState(room_id=room.id)

    async def refuse(self, _: SummaryParams | SummarySaveParams) -> SummaryState:
        raise Trouble(problem("invalid_request", field="summary"))
