"""What every long run needs: the emulation, a home, the CLIs, and the process table."""

import asyncio
import os
import secrets
import shutil
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from desktop.providers.process import Processes
from tests.emulator.server import running
from tests.providers.conftest import CliHome, Clis
from tests.providers.warm import KINDS, Warm

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def warm_home() -> AsyncGenerator[Warm, None]:
    """Everything of it is ended and removed afterwards."""
    clis = Clis(Path(os.environ.get("PERSONA_TEST_CLIS", ROOT / "out/clis/node_modules")))
    root = ROOT / "out" / "tests" / secrets.token_hex(4)
    root.mkdir(parents=True, mode=0o700)
    home = CliHome(root)
    for folder in (home.user_home, home.work, home.temp, home.vendor):
        folder.mkdir(mode=0o700)
    processes = Processes()
    try:
        async with running(root / "emulator") as emulator:
            warm = Warm(clis, home, emulator, processes)
            try:
                yield warm
            finally:
                await warm.close()
                await processes.close()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def run(
    what: Callable[[Warm, str, int], Awaitable[str]], times: int, names: Iterable[str] = KINDS
) -> None:
    """``[times] [provider …]``, all CLIs where none is named; prints a line for each."""
    given = sys.argv[1:]
    count = int(given.pop(0)) if given and given[0].isdigit() else times

    async def each() -> None:
        for name in given or names:
            async with warm_home() as warm:
                told = await what(warm, name, count)
            print(f"{name:<10}{told}   (load {os.getloadavg()[0]:.1f})", flush=True)

    asyncio.run(each())
