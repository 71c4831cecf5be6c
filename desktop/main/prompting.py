"""What has to do with prompts, lore and summaries, put together."""

from collections.abc import Mapping

from desktop.bridge.dispatch import Handler
from desktop.services.lore import LoreBooks, LoreTest
from desktop.services.prompts import Prompts
from desktop.services.summaries import Summaries
from desktop.store.database import Database


def prompt_handlers(database: Database, books: LoreBooks) -> Mapping[str, Handler]:
    summaries = Summaries(database)
    return {
        "turn.prompt": Prompts(database).read,
        "lore.test": LoreTest(database, books).test,
        "summary.read": summaries.read,
        "summary.make": summaries.refuse,
        "summary.stop": summaries.read,
        "summary.save": summaries.refuse,
        "summary.delete": summaries.refuse,
    }
