"""What has to do with prompts, lore and summaries, put together."""

from collections.abc import Callable, Mapping

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.providers.base import Limits
from desktop.services.looking_back import LookingBack
from desktop.services.lore import LoreBooks, LoreTest
from desktop.services.measures import Measures
from desktop.services.outside import Clock, Emit, fresh_id
from desktop.services.prompts import Prompts
from desktop.services.summaries import Summaries
from desktop.services.summary_writer import SummaryWriter
from desktop.services.ways import Ways
from desktop.store.database import Database


class PromptPart:
    """``summaries`` overhears the turns and is closed before the database."""

    def __init__(
        self,
        database: Database,
        ways: Ways,
        measures: Measures,
        books: LoreBooks,
        limits: Callable[[], Limits],
        emit: Emit,
        clock: Clock,
    ) -> None:
        writer = SummaryWriter(database, ways, measures, limits, fresh_id, clock)
        self._prompts = Prompts(database)
        self._test = LoreTest(database, books)
        self._back = LookingBack(database)

        def is_practice(provider_id: str) -> bool:
            return provider_id in ways and ways.way(provider_id).info.capabilities.is_practice

        self.summaries = Summaries(
            database, writer, emit, clock, fresh_id, log.report_bug, is_practice
        )

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "turn.prompt": self._prompts.read,
            "lore.test": self._test.test,
            "lore.used": self._back.used,
            "room.days": self._back.days,
            "summary.read": self.summaries.read,
            "summary.make": self.summaries.make,
            "summary.stop": self.summaries.stop,
            "summary.save": self.summaries.save,
            "summary.delete": self.summaries.delete,
        }
