from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.store.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "data" / "table.db", busy_timeout_ms=50)
    yield opened
    await opened.close()
