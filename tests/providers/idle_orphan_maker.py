"""A program that keeps a CLI waiting or answering, says so, and is then killed outright."""

import asyncio
import sys
from pathlib import Path

from desktop.providers.process import Processes
from tests.emulator.server import Emulator
from tests.providers.conftest import CliHome, Clis
from tests.providers.warm import Warm, asked


class _Elsewhere(Emulator):
    """The emulation that runs in another process."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, scenario: str, run: str) -> str:
        return self._url


async def main(name: str, root: str, clis: str, url: str, doing: str = "idle") -> None:
    warm = Warm(Clis(Path(clis)), CliHome(Path(root)), _Elsewhere(url), Processes())
    provider = warm.provider(name, "inst", "r")
    await provider.prepare(asked(name))
    if doing == "turn":
        answer = provider.answer(asked(name))
        await anext(answer)
    print("waiting", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
