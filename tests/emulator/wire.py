"""Server-sent events, and the ways in which a connection goes wrong."""

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.emulator.scenarios import BREAK_AT, Scenario
from tests.emulator.told import Count, told_in

TOLD: web.RequestKey[Count] = web.RequestKey("told", dict)
"""What a request was told about its usage."""


class Cut(Exception):
    """The connection was cut on purpose; there is nothing more to answer."""


class Stream:
    """One streamed answer, counting its pieces of text."""

    def __init__(self, request: web.Request, scenario: Scenario) -> None:
        self._request = request
        self._scenario = scenario
        self._count = 0
        self.response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-cache",
                "request-id": "req_emulated",
            }
        )

    async def open(self) -> None:
        await self.response.prepare(self._request)

    async def send(self, body: dict[str, Any], event: str = "", end: str = "\n") -> None:
        data = f"data: {json.dumps(body, ensure_ascii=False)}{end}{end}"
        await self.response.write(
            (f"event: {event}{end}" if event else "").encode() + data.encode()
        )
        self._request[TOLD].update(told_in(body))

    async def before_piece(self) -> bool:
        """Call before each piece. Cuts or hangs if the scenario says so; true: send an error."""
        self._count += 1
        if self._count == BREAK_AT:
            if self._scenario.kind == "cut":
                if self._request.transport:
                    self._request.transport.abort()
                raise Cut
            if self._scenario.kind == "hangmid":
                await hang()
            if self._scenario.kind == "errmid":
                return True
        if self._scenario.delay_s:
            await asyncio.sleep(self._scenario.delay_s)
        return False

    async def close(self) -> web.StreamResponse:
        await self.response.write_eof()
        return self.response


async def hang() -> None:
    await asyncio.sleep(3600)
