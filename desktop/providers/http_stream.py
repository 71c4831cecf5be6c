"""The only HTTP of the program: post and take server-sent events, or get one document."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.protocol.problems import Problem, ProblemCode, Trouble, problem
from desktop.providers.http_address import Address
from desktop.providers.http_problems import refusal, without_secrets
from desktop.providers.sse import EventTooLong, ServerSentEvent, SseParser
from desktop.providers.text import clean

if TYPE_CHECKING:
    import httpx2

_CONNECT_S = 10.0
_WRITE_S = 60.0
_KEEP_ALIVE_S = 300.0
_REFUSAL_S = 5.0
_SOUND_S = 60.0
"""A slow machine makes a long sentence about as fast as it is said."""
_MAX_REFUSAL = 64 * 1024
MAX_DOCUMENT = 16 * 1024 * 1024
"""OpenRouter's list of models is the largest document known: about 1 MB."""


class HttpStream:
    """One server with its kept-alive connections. Knows no key: headers come with each call.

    Redirects are refused, so that a key never travels to a place nobody has typed. Servers near
    us are reached without the proxies of the environment. All raise ``Trouble`` and nothing else.
    """

    def __init__(self, provider: str, address: Address, now_ms: Callable[[], int]) -> None:
        self._provider = provider
        self._address = address
        self._now_ms = now_ms
        self._client: httpx2.AsyncClient | None = None
        self._making = asyncio.Lock()

    async def warm(self) -> None:
        """Load the library and build the client ahead of the first request."""
        async with self._making:
            if self._client is None:
                # About 0.3 s of imports and certificates: not on the loop.
                self._client = await asyncio.to_thread(self._make_client)

    async def events(
        self, url: str, body: Mapping[str, Any], headers: Mapping[str, str]
    ) -> AsyncGenerator[ServerSentEvent, None]:
        """Post ``body`` as JSON and yield what comes until the server has nothing more to say.

        ``url`` is whole. A server that answers with one JSON document yields it as one event.
        Closing the generator closes the connection.
        """
        content = msgspec.json.encode(body)
        sent = {**headers, "content-type": "application/json", "accept": "text/event-stream"}
        begun = False
        async with (
            self._troubles(headers, lambda: begun),
            self._open("POST", url, sent, content) as response,
        ):
            begun = True
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind == "application/json":
                whole = await _whole(response, MAX_DOCUMENT)
                yield ServerSentEvent("message", whole.decode())
                return
            if kind not in ("text/event-stream", ""):
                raise Trouble(self._problem("unreadable", f"content-type: {kind}"))
            parser = SseParser()
            async with aclosing(response.aiter_raw()) as blocks:
                async for block in blocks:
                    for event in parser.feed(block):
                        yield event
            for event in parser.finish():
                yield event

    async def document(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        body: Mapping[str, Any] | None = None,
        timeout_s: float = 8.0,
    ) -> Any:
        """One JSON document: by GET, or by POST if there is a ``body``. Spends no tokens."""
        content = None if body is None else msgspec.json.encode(body)
        sent = {**headers, "accept": "application/json"}
        if body is not None:
            sent["content-type"] = "application/json"
        method = "GET" if body is None else "POST"
        try:
            async with (
                asyncio.timeout(timeout_s),
                self._troubles(headers, lambda: False),
                self._open(method, url, sent, content) as response,
            ):
                return msgspec.json.decode(await _whole(response, MAX_DOCUMENT))
        except TimeoutError:
            raise Trouble(self._problem("network", "no answer in time")) from None

    async def sound(self, url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> bytes:
        """Post ``body`` and take whatever bytes come, whole."""
        sent = {**headers, "content-type": "application/json", "accept": "audio/*"}
        begun = False
        try:
            async with (
                asyncio.timeout(_SOUND_S),
                self._troubles(headers, lambda: begun),
                self._open("POST", url, sent, msgspec.json.encode(body)) as response,
            ):
                begun = True
                return await _whole(response, MAX_DOCUMENT)
        except TimeoutError:
            raise Trouble(self._problem("network", "no answer in time")) from None

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _make_client(self) -> "httpx2.AsyncClient":
        import httpx2  # noqa: PLC0415  # 0.2 s that the start of the program does not pay

        # Without TLS no certificates need to be read; this context trusts nobody at all.
        verify = True if self._address.secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx2.AsyncClient(
            verify=verify,
            trust_env=not self._address.near,
            follow_redirects=False,
            timeout=httpx2.Timeout(None, connect=_CONNECT_S, write=_WRITE_S, pool=_CONNECT_S),
            limits=httpx2.Limits(max_keepalive_connections=4, keepalive_expiry=_KEEP_ALIVE_S),
        )

    @asynccontextmanager
    async def _open(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> "AsyncGenerator[httpx2.Response, None]":
        await self.warm()
        assert self._client is not None
        # Unpacked by nobody: a small answer that unpacks to gigabytes stays small.
        sent = {"user-agent": "persona-chat", **headers, "accept-encoding": "identity"}
        async with self._client.stream(method, url, headers=sent, content=content) as response:
            if response.is_redirect:
                raise Trouble(self._problem("unsafe_setup", "redirect refused", "base_url"))
            if response.headers.get("content-encoding", "identity") != "identity":
                raise Trouble(self._problem("unreadable", "compressed"))
            if response.status_code != 200:
                raise Trouble(await self._refused(response, headers))
            yield response

    async def _refused(self, response: "httpx2.Response", headers: Mapping[str, str]) -> Problem:
        try:
            async with asyncio.timeout(_REFUSAL_S):
                body = await _whole(response, _MAX_REFUSAL)
        except (TimeoutError, EventTooLong):
            body = b""
        return refusal(
            self._provider,
            response.status_code,
            body,
            headers={name.lower(): value for name, value in response.headers.items()},
            now_ms=self._now_ms(),
            secrets=secrets_in(headers),
        )

    @asynccontextmanager
    async def _troubles(
        self, headers: Mapping[str, str], begun: Callable[[], bool]
    ) -> AsyncGenerator[None, None]:
        """Turn what the library raises into problems. ``from None``: its errors carry headers."""
        await self._ready()
        import httpx2  # noqa: PLC0415

        code: ProblemCode
        try:
            yield
        except EventTooLong:
            code, detail = "unreadable", "too long"
        except (msgspec.DecodeError, UnicodeDecodeError):
            code, detail = "unreadable", "no JSON"
        except httpx2.TransportError as error:
            code, detail = "cut_off" if begun() else "network", f"{type(error).__name__}: {error}"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            code, detail = "network", f"{type(error).__name__}: {error}"
        else:
            return
        raise Trouble(self._problem(code, without_secrets(detail, secrets_in(headers)))) from None

    async def _ready(self) -> None:
        try:
            await self.warm()
        except (ImportError, ValueError, OSError) as error:
            # A proxy of the environment that cannot be used (SOCKS), or broken certificates.
            raise Trouble(self._problem("network", str(error))) from None

    def _problem(self, code: ProblemCode, detail: str, field: str = "") -> Problem:
        return problem(code, provider=self._provider, detail=clean(detail), field=field)


def secrets_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The keys in a request's headers, in the form in which a vendor might echo them."""
    found = (headers.get("x-api-key", ""), headers.get("authorization", "").removeprefix("Bearer "))
    return tuple(secret for secret in found if secret)


async def _whole(response: "httpx2.Response", limit: int) -> bytes:
    body = bytearray()
    async with aclosing(response.aiter_raw()) as blocks:
        async for block in blocks:
            body += block
            if len(body) > limit:
                raise EventTooLong
    return bytes(body)
