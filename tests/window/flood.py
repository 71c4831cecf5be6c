"""An AI that speaks at a set pace for as long as it is told: a server on loopback, for a window."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

WORDS = (
    "안개가", "걷히면", "등대의", "불빛이", "한", "바퀴", "더", "돈다.", "*문을", "연다.*", "저기",
    "좀", "봐,", "편지가", "아직", "젖어", "있어.",
)  # fmt: skip
SPEAKERS = ("도이레", "한마루", "윤슬")
_BUBBLE = 120
"""Tokens until somebody else speaks."""
_TICK_S = 0.004


@dataclass
class Flood:
    """``rate``: tokens a second; ``tokens``: of one answer. Both may be set between turns."""

    url: str = ""
    rate: float = 40.0
    tokens: int = 400
    sent: list[int] = field(default_factory=list)
    """How many tokens each answer had when it ended."""

    def token(self, number: int) -> str:
        words = f"{WORDS[number % len(WORDS)]} "
        if number % _BUBBLE:
            return words
        speaker = SPEAKERS[number // _BUBBLE % len(SPEAKERS)]
        return f"{chr(10) if number else ''}[{speaker}]: {words}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        began, number = time.monotonic(), 0
        while number < self.tokens:
            due = min(self.tokens, int((time.monotonic() - began) * self.rate) + 1)
            if due > number:
                # One event for each token, as a server sends them.
                told = b"".join(self._event(at) for at in range(number, due))
                await response.write(told)
                number = due
            await asyncio.sleep(_TICK_S)
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        self.sent.append(number)
        return response

    def _event(self, number: int) -> bytes:
        last = number == self.tokens - 1
        choice = {
            "index": 0,
            "delta": {"content": self.token(number)},
            "finish_reason": "stop" if last else None,
        }
        return f"data: {json.dumps({'choices': [choice]})}\n\n".encode()


@contextmanager
def flooding() -> Iterator[Flood]:
    """Serve on a loop and thread of its own while inside."""
    flood = Flood()
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    async def models(_: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "flood"}]})

    async def serve() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", flood.answer)
        app.router.add_get("/v1/models", models)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        flood.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        ready.set()
        await over.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    if not ready.wait(20):
        raise TimeoutError("the server did not start")
    try:
        yield flood
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
        loop.close()
