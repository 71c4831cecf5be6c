from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from tests.doubles.scripted_provider import Step
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
