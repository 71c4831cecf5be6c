"""How much a model sees, what a text costs it: who tells wins, what nobody tells is unknown."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.protocol.capabilities import Model
from desktop.protocol.models import Usage
from desktop.protocol.problems import Trouble, problem
from desktop.providers.storyteller import Storyteller
from desktop.services.measures import Measure, Measures
from desktop.services.ways import ListModels, Way
from desktop.store.database import Database
from tests.services.table import info


class Told(Storyteller):
    """Tells its window when it is asked, and counts how often."""

    def __init__(self, window: int | None) -> None:
        super().__init__()
        self.window = window
        self.asked = 0

    async def context_window(self, model: str) -> int | None:
        self.asked += 1
        return self.window


class Street:
    """One way to an AI, under every name."""

    def __init__(self, way: Way | None) -> None:
        self._way = way

    def way(self, provider_id: str) -> Way:
        if self._way is None:
            raise Trouble(problem("not_found", provider=provider_id))
        return self._way


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "measures.db")
    yield opened
    await opened.close()


async def window(measures: Measures, database: Database, provider: str, model: str) -> int | None:
    async with database.reading() as session:
        return (await measures.of(session, provider, model)).context_window


def reported(asked: int, window: int | None = None) -> Usage:
    return Usage(
        input=asked - 20, cache_read=10, cache_write=10, context_window=window, source="reported"
    )


async def learn(measures: Measures, database: Database, usage: Usage, estimated: int) -> None:
    async with database.transaction() as session:
        await measures.learn(session, "claude", "sonnet", usage, estimated)


@pytest.mark.parametrize(
    ("provider", "model", "expected"),
    [
        ("claude", "sonnet", 200_000),
        ("claude", "", 200_000),
        ("claude", "sonnet[1m]", 1_000_000),
        ("gemini", "", 1_048_576),
        ("gemini", "gemini-3.8-flash", 1_048_576),
        ("gemini", "gemma-4-31b-it", None),
        ("droid", "glm-4.7", None),
        ("someone", "else", None),
    ],
)
async def test_the_catalogue_tells_the_least_a_vendors_models_see_and_nothing_of_others(
    database: Database, provider: str, model: str, expected: int | None
) -> None:
    assert await window(Measures(database, Street(None)), database, provider, model) == expected


async def test_what_a_turn_told_wins_and_is_still_known_after_a_restart(database: Database) -> None:
    await learn(Measures(database), database, reported(500, 1_000_000), 0)
    assert await window(Measures(database), database, "claude", "sonnet") == 1_000_000
    assert await window(Measures(database), database, "claude", "opus") == 200_000


async def test_a_server_is_asked_once_and_its_answer_is_kept(database: Database) -> None:
    provider = Told(8_192)
    measures = Measures(database, Street(Way(info("ollama"), provider)))
    await measures.ask("ollama", "m")
    await measures.ask("ollama", "m")
    assert provider.asked == 1
    assert await window(Measures(database), database, "ollama", "m") == 8_192


async def test_a_server_that_does_not_tell_leaves_it_unknown_and_is_asked_again(
    database: Database,
) -> None:
    provider = Told(None)
    measures = Measures(database, Street(Way(info("ollama"), provider)))
    await measures.ask("ollama", "m")
    await measures.ask("ollama", "m")
    assert provider.asked == 2
    assert await window(measures, database, "ollama", "m") is None


@pytest.mark.parametrize(("model", "expected"), [("own", 64_000), ("other", None)])
async def test_a_list_of_models_tells_it_where_the_provider_itself_does_not(
    database: Database, model: str, expected: int | None
) -> None:
    async def listed() -> tuple[Model, ...]:
        return (Model(id="own", label="Own", context_window=64_000),)

    models: ListModels = listed
    measures = Measures(database, Street(Way(info("droid"), Storyteller(), models)))
    await measures.ask("droid", model)
    assert await window(measures, database, "droid", model) == expected


async def test_reports_teach_the_estimate_and_it_is_remembered(database: Database) -> None:
    measures = Measures(database)
    for _ in range(3):
        await learn(measures, database, reported(500), 1_000)
    async with database.reading() as session:
        measure = await Measures(database).of(session, "claude", "sonnet")
    assert measure.calibration.factor == pytest.approx(0.5)
    assert measure.calibration.samples == 3
    text = "안개 항로의 일곱 번째 등대" * 20
    fresh = (await measures_of(database, "opus")).tokens(text)
    assert measure.tokens(text) == pytest.approx(fresh / 2, abs=1)


async def test_an_estimate_teaches_nothing(database: Database) -> None:
    measures = Measures(database)
    await learn(measures, database, Usage(input=500, source="estimated"), 1_000)
    assert (await measures_of(database, "sonnet")).calibration.samples == 0


async def measures_of(database: Database, model: str) -> Measure:
    async with database.reading() as session:
        return await Measures(database).of(session, "claude", model)
