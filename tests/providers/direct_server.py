"""A server on loopback that answers as it is told and remembers what it was asked."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from desktop.protocol.base import DurationMs
from desktop.protocol.models import Stage
from desktop.providers.base import AnswerEvent, Failed, Limits, Provider, Request, TextCame

STORY = "[민수]: 안녕! 오늘은 비가 오네 ☕\n[지현]: *창밖을 보며* 같이 쓰고 갈래? 👩‍👧\n"
KEY = "geheim/0123456789+xyz"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class DirectServer:
    """``routes``: path → handler. ``gone`` is set when a client left before its answer's end."""

    url: str = ""
    routes: dict[str, Handler] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    connections: set[Any] = field(default_factory=set)

    def bodies(self, path: str) -> list[Any]:
        return [asked.body for asked in self.asked if asked.path == path]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if raw else None
        self.asked.append(
            Asked(
                request.method,
                request.path,
                {name.lower(): value for name, value in request.headers.items()},
                body,
            )
        )
        assert request.transport is not None
        self.connections.add(request.transport.get_extra_info("peername"))
        handler = self.routes.get(request.path)
        if handler is None:
            return web.json_response({"error": {"message": "no such path"}}, status=404)
        try:
            return await handler(request)
        except (ConnectionResetError, asyncio.CancelledError):
            self.gone.set()
            raise


@asynccontextmanager
async def serving() -> AsyncGenerator[DirectServer, None]:
    server = DirectServer()
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/{tail:.*}", server.handle)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()


def streaming(*pieces: bytes, ending: str = "end") -> Handler:
    """Send the pieces one by one. ``ending``: ``end``, ``cut`` the connection, or ``hang``."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
            await asyncio.sleep(0)
        if ending == "hang":
            await asyncio.sleep(3600)
        if ending == "cut":
            # What was written is to arrive before the reset.
            await asyncio.sleep(0.05)
            assert request.transport is not None
            request.transport.abort()
            return response
        await response.write_eof()
        return response

    return handler


def answering(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response(document, status=status, headers=headers)

    return handler


def sse(*documents: Any, event: bool = False) -> list[bytes]:
    """One event each; with ``event`` the type is named in a line of its own."""
    return [
        (f"event: {document['type']}\n" if event else "").encode()
        + f"data: {json.dumps(document, ensure_ascii=False)}\n\n".encode()
        for document in documents
    ]


def sliced(blocks: list[bytes], size: int) -> list[bytes]:
    """The same bytes, cut anywhere, also within a character."""
    whole = b"".join(blocks)
    return [whole[i : i + size] for i in range(0, len(whole), size)]


def request(**fields: Any) -> Request:
    given: dict[str, Any] = {
        "turn_id": "t1",
        "room_id": "r1",
        "model": "a-model",
        "system": "당신은 이야기를 씁니다.",
        "prompt": "지금까지의 이야기\n나: 안녕",
        "line": "안녕",
        "stage": Stage(),
        "limits": Limits(first_text_ms=DurationMs(5_000), idle_ms=DurationMs(5_000)),
        **fields,
    }
    return Request(**given)


async def collect(provider: Provider, asked: Request | None = None) -> list[AnswerEvent]:
    return [event async for event in provider.answer(asked or request())]


def text_of(events: list[AnswerEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextCame))


def problem_of(events: list[AnswerEvent]) -> Any:
    """The problem of the last event, which must be the only end."""
    assert isinstance(events[-1], Failed), events
    return events[-1].problem


async def the_key() -> str | None:
    return KEY
