"""Anthropic's Messages API, asked directly: what is sent, and what its events mean."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import msgspec
from msgspec.structs import replace

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import Model, ProviderStatus
from desktop.protocol.models import Usage
from desktop.protocol.problems import Trouble, problem
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Request,
    Started,
    StopReason,
    TextCame,
    ThinkingCame,
    ToolBlocked,
)
from desktop.providers.direct_answer import answered
from desktop.providers.http_address import address
from desktop.providers.http_problems import refusal
from desktop.providers.http_stream import HttpStream
from desktop.providers.once_more import once_more
from desktop.providers.prompt_cache import Blocks, PromptCache, marked_content, marked_text
from desktop.providers.server_key import ServerKey, status_from
from desktop.providers.server_models import count, label, rows
from desktop.providers.sse import ServerSentEvent

BASE_URL = "https://api.anthropic.com"
_VERSION = "2023-06-01"
_MAX_STOPS = 16

_STOPS: dict[str, StopReason] = {
    "end_turn": "end",
    "stop_sequence": "end",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "max_tokens",
    "refusal": "refusal",
}


class AnthropicApi:
    """``key`` is asked anew for every call; ``None`` or empty means signed out.

    ``max_tokens`` bounds an answer (the API demands a bound) and is lowered to what the model
    allows. Thinking stays off. Raises ``Trouble`` for a ``base_url`` that may not be used.
    """

    def __init__(
        self,
        key: Callable[[], Awaitable[str | None]],
        base_url: str,
        now_ms: Callable[[], int],
        *,
        max_tokens: int = 8_192,
        default_model: str = "",
    ) -> None:
        found = address(self.id, base_url)
        self._base = found.base.removesuffix("/v1")
        self._http = HttpStream(self.id, found, now_ms)
        self._key = ServerKey(self.id, key, needed=True)
        self._now_ms = now_ms
        self._max_tokens = max_tokens
        self._default_model = default_model
        self._cache = PromptCache()
        self._models: tuple[Model, ...] = ()
        self._bounds: dict[str, int] = {}

    @property
    def id(self) -> str:
        return "anthropic_api"

    def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """See ``Provider.answer``."""
        return once_more(lambda: self._answer(request), now_ms=self._now_ms)

    async def _answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        try:
            headers = self._headers(await self._key.get())
            model = request.model or await self._some_model()
        except Trouble as trouble:
            yield Failed(problem=trouble.problem)
            return
        body = message_body(
            request,
            model=model,
            max_tokens=min(self._max_tokens, self._bounds.get(model, self._max_tokens)),
            blocks=self._cache.cut(request.room_id, request.prompt, request.line),
        )
        reader = AnthropicReader(self.id, self._now_ms, self._window(model))
        events = self._http.events(f"{self._base}/v1/messages", body, headers)
        async with aclosing(answered(self.id, request, events, reader)) as told:
            async for event in told:
                yield event

    async def models(self) -> tuple[Model, ...]:
        """What the key may use, newest first. Raises ``Trouble``; spends no tokens."""
        headers = self._headers(await self._key.get())
        found = await self._http.document(f"{self._base}/v1/models?limit=1000", headers)
        told = rows(found, "data")
        self._models = tuple(
            Model(
                id=row["id"],
                label=label(row.get("display_name"), row["id"]),
                context_window=count(row.get("max_input_tokens")),
            )
            for row in told
        )
        self._bounds = {row["id"]: bound for row in told if (bound := count(row.get("max_tokens")))}
        return self._models

    async def context_window(self, model: str) -> int | None:
        """See ``TellsWindow``: the list of models tells it."""
        try:
            await self.models()
            return self._window(model or await self._some_model())
        except Trouble:
            return None

    async def status(self) -> ProviderStatus:
        """See ``Provider.status``."""
        return await status_from(self.id, UtcMs(self._now_ms()), self.models(), account="api key")

    async def warm(self) -> None:
        """Make the first answer faster; never raises, sends nothing."""
        await asyncio.gather(self._http.warm(), return_exceptions=True)

    async def close(self) -> None:
        await self._http.close()

    def _window(self, model: str) -> int | None:
        return next((one.context_window for one in self._models if one.id == model), None)

    async def _some_model(self) -> str:
        """The newest of the middle size, when the person has chosen none."""
        if self._default_model:
            return self._default_model
        models = self._models or await self.models()
        if not models:
            raise Trouble(problem("bad_model", provider=self.id))
        return next((model.id for model in models if "sonnet" in model.id), models[0].id)

    def _headers(self, key: str) -> dict[str, str]:
        return {"x-api-key": key, "anthropic-version": _VERSION}


def message_body(
    request: Request, *, model: str, max_tokens: int, blocks: Blocks
) -> dict[str, Any]:
    """The request as it is sent. Cached: the system prompt and the story before the newest line."""
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": max_tokens,
        "stream": True,
        "messages": [{"role": "user", "content": marked_content(blocks)}],
    }
    if request.system.strip():
        body["system"] = marked_text(request.system)
    stops = [stop for stop in dict.fromkeys(request.stop) if stop.strip()]
    if stops:
        body["stop_sequences"] = stops[:_MAX_STOPS]
    return body


class AnthropicReader:
    """See ``Reader``."""

    def __init__(self, provider: str, now_ms: Callable[[], int], window: int | None) -> None:
        self._provider = provider
        self._now_ms = now_ms
        self.window = window
        self.usage: Usage | None = None
        self.stop: StopReason | None = None
        self.done = False

    def read(self, event: ServerSentEvent) -> list[AnswerEvent]:
        """Raises ``Trouble`` for an error told in the stream; what is unknown is skipped."""
        try:
            told = msgspec.json.decode(event.data)
        except (msgspec.DecodeError, RecursionError):
            return []
        if not isinstance(told, dict):
            return []
        match told.get("type"):
            case "message_start":
                return self._started(_dict(told, "message"))
            case "content_block_start":
                return _block(_dict(told, "content_block"))
            case "content_block_delta":
                return _delta(_dict(told, "delta"))
            case "message_delta":
                self._count(_dict(told, "usage"))
                reason = _dict(told, "delta").get("stop_reason")
                if reason:
                    self.stop = _STOPS.get(str(reason), "unknown")
            case "message_stop":
                self.stop = self.stop or "unknown"
                self.done = True
            case "error":
                now = self._now_ms()
                raise Trouble(refusal(self._provider, None, event.data.encode(), now_ms=now))
        return []

    def finish(self) -> list[AnswerEvent]:
        return []

    def _started(self, message: dict[str, Any]) -> list[AnswerEvent]:
        self._count(_dict(message, "usage"))
        return [Started(session=_text(message, "id"), model=_text(message, "model"))]

    def _count(self, told: dict[str, Any]) -> None:
        """Counts are cumulative; ``input_tokens`` is without what the caches took or gave."""
        if not told:
            return
        before = self.usage or Usage(source="reported")
        self.usage = replace(
            before,
            input=count(told.get("input_tokens"), before.input),
            cache_read=count(told.get("cache_read_input_tokens"), before.cache_read),
            cache_write=count(told.get("cache_creation_input_tokens"), before.cache_write),
            output=count(told.get("output_tokens"), before.output),
        )


def _block(block: dict[str, Any]) -> list[AnswerEvent]:
    kind = _text(block, "type")
    if kind.endswith("tool_use"):
        return [ToolBlocked(name=label(block.get("name"), kind))]
    return [TextCame(text=_text(block, "text"))] if kind == "text" else []


def _delta(delta: dict[str, Any]) -> list[AnswerEvent]:
    match delta.get("type"):
        case "text_delta":
            return [TextCame(text=_text(delta, "text"))]
        case "thinking_delta":
            return [ThinkingCame(text=_text(delta, "thinking"))]
    return []


def _dict(of: dict[str, Any], name: str) -> dict[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _text(of: dict[str, Any], name: str) -> str:
    found = of.get(name)
    return found if isinstance(found, str) else ""
