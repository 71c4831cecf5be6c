from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from desktop.store.database import Database
from tests.doubles.scripted_provider import Step
from tests.providers.direct_server import DirectServer, answering, serving, streaming
from tests.services.connected import LINE, MODELS, Connected, Ring
from tests.services.table import Table

Lay = Callable[..., Awaitable[Table]]


@pytest.fixture
async def lay(tmp_path: Path) -> AsyncIterator[Lay]:
    """Lays a table whose provider plays these scripts; all are cleared away at the end."""
    tables: list[Table] = []

    async def laid(*scripts: Sequence[Step]) -> Table:
        table = await Table.laid(tmp_path / f"table{len(tables)}.db", *scripts)
        tables.append(table)
        return table

    yield laid
    for table in tables:
        await table.close()


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr("keyring.core._keyring_backend", made)
    return made


@pytest.fixture
async def server() -> AsyncIterator[DirectServer]:
    async with serving() as running:
        running.routes = {
            "/v1/models": answering(MODELS),
            "/v1/chat/completions": streaming(*LINE),
        }
        yield running


@pytest.fixture
async def one(tmp_path: Path, ring: Ring) -> AsyncIterator[Connected]:
    database = await Database.open(tmp_path / "one.db")
    connected = Connected(database)
    yield connected
    await connected.providers.close()
    await connected.ways.close()
    await database.close()
