"""A program that asks Claude and is then killed outright: what is left of it?"""

import asyncio
import sys
from pathlib import Path

from desktop.providers import claude
from desktop.providers.catalog import CLAUDE
from desktop.providers.process import Processes
from tests.providers.asking import a_provider, a_request, ask
from tests.providers.conftest import CliHome


async def main(executable: str, root: str, url: str) -> None:
    home = CliHome(Path(root))
    environ = {"PATH": "/usr/bin:/bin", "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "dummy"}
    place = home.place((executable,), "2.1.330")
    provider = a_provider(CLAUDE, claude.DIALECT, place, Processes(), environ)
    await ask(provider, a_request())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
