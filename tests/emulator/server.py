"""The vendors' APIs on loopback, so that the real CLIs run without an account.

``<url>/s/<scenario>/<run>/<vendor path>``: the scenario says what happens, the run whose requests
belong together.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.emulator import anthropic, gemini, openai
from tests.emulator.scenarios import Bait, Scenario
from tests.emulator.told import Count, sum_of
from tests.emulator.wire import TOLD, Cut

SECRET = "the-secret-nobody-may-read"


@dataclass
class Seen:
    """A request as it came in. ``client_gone``: the other side left before the answer ended."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    raw: str
    told: Count = field(default_factory=dict)
    """What it was told about its usage."""
    client_gone: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def header(self, name: str) -> str:
        """By name in lower case; empty if it was not sent."""
        return {key.lower(): value for key, value in self.headers.items()}.get(name, "")

    @property
    def is_generation(self) -> bool:
        """A request for an answer of the model, not telemetry or counting."""
        ends = ("/v1/messages", ":streamGenerateContent", ":generateContent", "/chat/completions")
        return self.path.split("?")[0].endswith(ends)


class Emulator:
    """Made by ``running``."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._seen: dict[str, list[Seen]] = {}
        self._arrived = asyncio.Condition()
        self._markers = folder / "markers"
        self._markers.mkdir(parents=True)
        self.secret = folder / "secret.txt"
        self.secret.write_text(SECRET)

    def url(self, scenario: str, run: str) -> str:
        """What to give a CLI as the vendor's base URL."""
        return f"{self._address}/s/{scenario}/{run}"

    def requests(self, run: str) -> list[Seen]:
        """All requests of a run so far, in order."""
        return self._seen.setdefault(run, [])

    def generations(self, run: str) -> list[Seen]:
        """Those that asked the model for something."""
        return [seen for seen in self.requests(run) if seen.is_generation]

    def told(self, run: str) -> Count:
        """All usage that the requests of a run were told."""
        return sum_of(seen.told for seen in self.generations(run))

    def marker(self, run: str) -> Path:
        """A file that exists only if a tool, a hook or a server really ran."""
        return self._markers / run

    async def generation(self, run: str) -> Seen:
        """Wait for the first request for an answer, twenty seconds at most."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: self.generations(run))
        return self.generations(run)[0]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        found = re.fullmatch(r"/s/([^/]+)/([^/]+)(/.*)", request.path)
        raw = await request.read()
        if not found:
            return web.json_response({}, status=404)
        scenario, run, path = Scenario(found[1]), found[2], found[3]
        seen = Seen(
            request.method, path, dict(request.headers), _json(raw), raw.decode("utf-8", "replace")
        )
        self.requests(run).append(seen)
        async with self._arrived:
            self._arrived.notify_all()
        request[TOLD] = seen.told
        leak = self.url("leak", run) + "/leak"
        bait = Bait(marker=self.marker(run), secret=self.secret, leak_url=leak)
        try:
            return await _route(request, scenario, path, seen.body, bait)
        except (ConnectionResetError, asyncio.CancelledError):
            seen.client_gone.set()
            raise
        except Cut:
            return web.Response()
        finally:
            seen.answered.set()


async def _route(
    request: web.Request, scenario: Scenario, path: str, body: dict[str, Any], bait: Bait
) -> web.StreamResponse:
    if path == "/leak":
        return web.Response(text="leaked")
    if path.endswith("/messages/count_tokens"):
        return web.json_response({"input_tokens": 123})
    if path.endswith("/v1/messages"):
        return await anthropic.answer(request, scenario, body, bait)
    if asked := re.search(r"/models/([^:/]+):(\w+)$", path):
        return await gemini.answer(request, scenario, body, bait, model=asked[1], method=asked[2])
    if path.endswith("/chat/completions"):
        return await openai.answer(request, scenario, body, bait)
    if path.endswith("/models"):
        listed = [{"id": name, "object": "model"} for name in openai.MODELS]
        ours = path.endswith("/v1/models") and "anthropic-version" not in request.headers
        return web.json_response({"object": "list", "data": listed if ours else [], "models": []})
    return web.json_response({"type": "error", "error": {"message": "not emulated"}}, status=404)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else {}
    except ValueError:
        return {}


@asynccontextmanager
async def running(folder: Path) -> AsyncGenerator[Emulator, None]:
    """Serve on a free port of the loopback while inside. ``folder`` holds markers and bait."""
    app = web.Application(client_max_size=64 << 20)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.2)
    handlers: list[Emulator] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        return await handlers[0].handle(request)

    app.router.add_route("*", "/{tail:.*}", handle)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        handlers.append(Emulator(f"http://127.0.0.1:{port}", folder))
        yield handlers[0]
    finally:
        await runner.cleanup()
