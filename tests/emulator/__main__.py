"""Run the emulation by hand: ``python -m tests.emulator``; prints a base URL to fill in."""

import asyncio
import tempfile
from pathlib import Path

from tests.emulator.server import running


async def _serve() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as emulator:
            print(emulator.url("<scenario>", "<run>"), flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
