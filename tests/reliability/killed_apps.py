"""The program is killed outright, with a CLI that answers or waits: nothing of it is left."""

import asyncio
import random
import sys
import time

from tests.providers.warm import Warm
from tests.reliability._home import ROOT, run

LONGEST_S = 5.0


async def one_kill(warm: Warm, name: str, doing: str, delay_s: float) -> float:
    """Seconds until nothing is left. Raises ``TimeoutError`` after five."""
    url = warm.emulator.url("vslow", "r")
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.providers.idle_orphan_maker"),
        *(name, str(warm.home.root), str(warm.clis.folder), url, doing),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert maker.stdout is not None
    assert await maker.stdout.readline() == b"waiting\n"
    await asyncio.sleep(delay_s)
    assert warm.living(), "there is nothing that could be left"
    maker.kill()
    await maker.wait()
    began = time.monotonic()
    async with asyncio.timeout(LONGEST_S):
        while warm.living():
            await asyncio.sleep(0.05)
    return time.monotonic() - began


async def killed_apps(warm: Warm, name: str, kills: int) -> str:
    chance = random.Random(11)
    took = [
        await one_kill(warm, name, ("idle", "turn")[number % 2], chance.uniform(0, 1.5))
        for number in range(kills)
    ]
    return f"{kills} kills: none left after {max(took):.1f} s at most"


if __name__ == "__main__":
    run(killed_apps, 50)
