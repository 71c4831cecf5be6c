"""Any server that speaks OpenAI's chat completions: on this machine, in the house, far away."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import Model, ProviderStatus
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.providers.base import AnswerEvent, Failed, Request
from desktop.providers.direct_answer import answered
from desktop.providers.http_address import address
from desktop.providers.http_stream import HttpStream
from desktop.providers.once_more import PASSING, once_more
from desktop.providers.openai_reader import OpenAiReader
from desktop.providers.openai_servers import Preset
from desktop.providers.prompt_cache import PromptCache, marked_content, marked_text
from desktop.providers.server_key import ServerKey, status_from
from desktop.providers.server_models import chat_models
from desktop.providers.server_window import ask_window
from desktop.providers.sse import ServerSentEvent

_MAX_STOPS = 4
"""OpenAI refuses more."""
_OPTIONAL = ("stream_options", "stop", "max_tokens")


class OpenAiCompatible:
    """``preset`` says what is known of the server; ``base_url`` replaces its address.

    ``key`` is asked anew for every call. ``extra`` goes into every request as it is, for example
    a temperature. Raises ``Trouble`` for a ``base_url`` that may not be used.
    """

    def __init__(
        self,
        id: str,  # noqa: A002  # the seam's own word
        preset: Preset,
        now_ms: Callable[[], int],
        *,
        key: Callable[[], Awaitable[str | None]] | None = None,
        base_url: str = "",
        default_model: str = "",
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        found = address(id, base_url or preset.base_url)
        self._id = id
        self._preset = preset
        self._base = found.base
        self._near = found.near
        self._http = HttpStream(id, found, now_ms)
        self._key = ServerKey(id, key, needed=preset.needs_key)
        self._now_ms = now_ms
        self._default_model = default_model or preset.default_model
        self._extra = dict(extra or {})
        self._models: tuple[Model, ...] = ()
        self._windows: dict[str, int | None] = {}
        self._without: set[str] = set()
        self._cache = PromptCache()
        self._asking: set[asyncio.Task[None]] = set()

    @property
    def id(self) -> str:
        return self._id

    def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """See ``Provider.answer``. A program near us that is not running will not be in a moment
        either; one that is still loading its model may be."""
        passing = PASSING - {"network"} if self._near else PASSING
        return once_more(lambda: self._answer(request), passing=passing, now_ms=self._now_ms)

    async def _answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        try:
            headers = self._headers(await self._key.get())
            model = request.model or await self._some_model()
        except Trouble as trouble:
            yield Failed(problem=trouble.problem)
            return
        self._learn_window(model, headers)
        body = {**self._extra, **message_body(request, model, self._preset.max_tokens)}
        if self._preset.marked_models and model.startswith(self._preset.marked_models):
            blocks = self._cache.cut(request.room_id, request.prompt, request.line)
            body["messages"] = [
                {"role": "system", "content": marked_text(request.system)},
                {"role": "user", "content": marked_content(blocks)},
            ][not request.system.strip() :]
        reader = OpenAiReader(self._id, self._now_ms, lambda: self._windows.get(model))
        events = self._events(body, headers)
        async with aclosing(answered(self._id, request, events, reader)) as told:
            async for event in told:
                yield event

    async def models(self) -> tuple[Model, ...]:
        """What the server offers. Raises ``Trouble``; spends no tokens."""
        headers = self._headers(await self._key.get())
        try:
            found = chat_models(await self._http.document(f"{self._base}/models", headers))
        except Trouble as trouble:
            if self._preset.kind != "ollama" or trouble.problem.code == "network":
                raise
            found = ()
        if not found and self._preset.kind == "ollama":
            # Old versions of Ollama list their models only here.
            tags = await self._http.document(f"{self._root}/api/tags", headers)
            found = chat_models(tags, "models")
        self._models = found
        return found

    async def status(self) -> ProviderStatus:
        """See ``Provider.status``. A server near us that nobody answers for is not running."""
        account = "api key" if self._preset.needs_key else ""
        now = UtcMs(self._now_ms())
        return await status_from(
            self._id, now, self._check(), account=account, unreachable=self._near
        )

    async def context_window(self, model: str) -> int | None:
        """See ``TellsWindow``."""
        try:
            headers = self._headers(await self._key.get())
            chosen = model or await self._some_model()
            self._windows[chosen] = window = await self._ask_window(chosen, headers)
        except Trouble:
            return None
        return window

    async def warm(self) -> None:
        """Make the first answer faster; never raises, sends nothing."""
        await asyncio.gather(self._http.warm(), return_exceptions=True)

    async def close(self) -> None:
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        await self._http.close()

    @property
    def _root(self) -> str:
        """Where a server's own questions begin."""
        return self._base.removesuffix("/v1")

    async def _check(self) -> None:
        if self._preset.check_path == "/models":
            await self.models()
            return
        headers = self._headers(await self._key.get())
        await self._http.document(f"{self._base}{self._preset.check_path}", headers)

    async def _some_model(self) -> str:
        if self._default_model:
            return self._default_model
        models = self._models or await self.models()
        if not models:
            raise Trouble(problem("bad_model", provider=self._id))
        return models[0].id

    def _headers(self, key: str) -> dict[str, str]:
        return {"authorization": f"Bearer {key}"} if key else {}

    async def _events(
        self, body: dict[str, Any], headers: dict[str, str]
    ) -> AsyncGenerator[ServerSentEvent, None]:
        """Post; once more without what this server has refused, and never again with it."""
        url = f"{self._base}/chat/completions"
        for last in (False, True):
            sent = {name: value for name, value in body.items() if name not in self._without}
            try:
                async with aclosing(self._http.events(url, sent, headers)) as events:
                    async for event in events:
                        yield event
            except Trouble as trouble:
                refused = _refused(trouble.problem, sent)
                if last or not refused:
                    raise
                self._without |= refused
            else:
                return

    def _learn_window(self, model: str, headers: dict[str, str]) -> None:
        """Ask beside the answer, which is not to wait for it."""
        if model in self._windows:
            return
        self._windows[model] = None
        task = asyncio.create_task(self._keep_window(model, headers))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _keep_window(self, model: str, headers: dict[str, str]) -> None:
        try:
            self._windows[model] = await self._ask_window(model, headers)
        except Trouble:
            self._windows.pop(model, None)

    async def _ask_window(self, model: str, headers: dict[str, str]) -> int | None:
        listed = next((m.context_window for m in self._models if m.id == model), None)
        if listed:
            return listed
        return await ask_window(
            self._http, self._preset.kind, self._base, self._root, model, headers
        )


def message_body(request: Request, model: str, max_tokens: int | None) -> dict[str, Any]:
    """The request as it is sent."""
    messages = [{"role": "user", "content": request.prompt}]
    if request.system.strip():
        messages.insert(0, {"role": "system", "content": request.system})
    body: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    stops = [stop for stop in dict.fromkeys(request.stop) if stop.strip()]
    if stops:
        body["stop"] = stops[:_MAX_STOPS]
    if max_tokens:
        body["max_tokens"] = max_tokens
    return body


def _refused(told: Problem, sent: dict[str, Any]) -> set[str]:
    """Which of the optional fields a server has not understood; the newest one if it is silent."""
    if told.code != "invalid_request" or told.field:
        return set()
    optional = [name for name in _OPTIONAL if name in sent]
    named = {name for name in optional if name in told.detail}
    return named or set(optional[:1])
