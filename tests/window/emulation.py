"""The vendors' APIs beside a window test: the emulation on a loop and thread of its own."""

import asyncio
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.emulator.server import Emulator, running
from tests.providers.conftest import Clis


@contextmanager
def emulated_vendors(folder: Path) -> Iterator[Emulator]:
    """Serve while inside. Only read the emulator's lists from here: it lives on its own loop."""
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()
    served: list[Emulator] = []

    async def serve() -> None:
        async with running(folder) as emulator:
            served.append(emulator)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(20), "the emulation did not start"
    try:
        yield served[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
        loop.close()


class Ai(NamedTuple):
    """A real CLI that is pointed at the emulation: what the program needs to find and ask it."""

    provider: str
    model: str
    env: dict[str, str]


def signed_in(
    provider: str, clis: Clis, emulator: Emulator, home: Path, scenario: str
) -> tuple[Ai, str]:
    """Sign a made-up person in at ``home``; returns the AI and the name of its requests."""
    run = secrets.token_hex(4)
    url = emulator.url(scenario, run)
    home.mkdir(parents=True, exist_ok=True)
    path = {"PATH": f"{clis.folder / '.bin'}{os.pathsep}{os.environ['PATH']}"}
    if provider == "claude":
        keys = {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "sk-ant-dummy-000"}
        return Ai(provider, "sonnet", path | keys), run
    if provider == "gemini":
        _write(home / ".gemini", {"security": {"auth": {"selectedType": "gemini-api-key"}}})
        keys = {"GOOGLE_GEMINI_BASE_URL": url, "GEMINI_API_KEY": "dummy"}
        return Ai(provider, "", path | keys), run
    own = {
        "model": "emul-claude",
        "displayName": "Emulated",
        "baseUrl": url,
        "apiKey": "dummy",
        "provider": "anthropic",
        "maxOutputTokens": 4096,
    }
    _write(home / ".factory", {"customModels": [own]})
    return Ai("droid", "custom:emul-claude", path), run


def _write(folder: Path, settings: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
