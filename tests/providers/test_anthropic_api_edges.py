"""The Messages API asked directly: keys, addresses, bounds, the emulation's troubles."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from aiohttp import web

from desktop.protocol.base import DurationMs
from desktop.protocol.problems import Trouble
from desktop.providers.anthropic_api import AnthropicApi
from desktop.providers.base import (
    Failed,
    Finished,
    Limits,
    UsageTold,
)
from tests.emulator.anthropic import OUTPUT_TOKENS
from tests.emulator.anthropic import USAGE as COUNTED
from tests.emulator.scenarios import KO
from tests.emulator.server import Emulator
from tests.providers.anthropic_table import MESSAGES, NOW, api, told
from tests.providers.direct_server import (
    KEY,
    STORY,
    DirectServer,
    answering,
    collect,
    problem_of,
    request,
    serving,
    streaming,
    text_of,
    the_key,
)


@pytest.fixture
async def provider(server: DirectServer) -> AsyncGenerator[AnthropicApi, None]:
    made = api(server)
    yield made
    await made.close()


async def test_without_a_key_nothing_is_sent(server: DirectServer) -> None:
    async def none() -> str | None:
        return None

    provider = AnthropicApi(none, server.url, lambda: NOW)
    assert problem_of(await collect(provider)).code == "signed_out"
    assert (await provider.status()).state == "signed_out"
    assert server.asked == []
    await provider.close()


@pytest.mark.parametrize("key", ["two words", "줄\n바꿈", "bad\x00key", "k" * 10_000])
async def test_what_can_be_no_key_is_refused_before_it_is_sent(
    server: DirectServer, key: str
) -> None:
    async def odd() -> str | None:
        return key

    provider = AnthropicApi(odd, server.url, lambda: NOW)
    found = problem_of(await collect(provider))
    assert found.code == "key_refused"
    assert key not in repr(found)
    assert server.asked == []
    await provider.close()


async def test_the_key_is_in_no_log_problem_or_repr(
    server: DirectServer, provider: AnthropicApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.routes[MESSAGES] = answering({"error": {"message": f"bad key {KEY}"}}, 401)
    events = await collect(provider)
    server.routes[MESSAGES] = streaming(*told()[:4], ending="cut")
    events += await collect(provider)
    status = await provider.status()
    assert server.asked[0].headers["x-api-key"] == KEY
    shown = (repr(events), repr(status), repr(provider), str(vars(provider)), caplog.text)
    assert not any(KEY in text for text in shown)


async def test_models_are_read_from_the_server_and_bound_the_answer(
    server: DirectServer, provider: AnthropicApi
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "claude-opus-9", "display_name": "Opus\n9", "max_tokens": 100_000},
        {
            "id": "claude-sonnet-9",
            "display_name": "Sonnet 9",
            "max_input_tokens": 1_000_000,
            "max_tokens": 4_000,
        },
        {"display_name": "nameless"},
        {"id": "bad\x1b[31m"},
    ]
    server.routes["/v1/models"] = answering({"data": rows})
    server.routes[MESSAGES] = streaming(*told())
    models = await provider.models()
    assert [(m.id, m.label, m.context_window) for m in models] == [
        ("claude-opus-9", "Opus 9", None),
        ("claude-sonnet-9", "Sonnet 9", 1_000_000),
    ]
    await collect(provider, request(model=""))
    (body,) = server.bodies(MESSAGES)
    assert (body["model"], body["max_tokens"]) == ("claude-sonnet-9", 4_000)


async def test_status_spends_no_tokens_and_knows_a_bad_key(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes["/v1/models"] = answering({"data": []})
    assert (await provider.status()).state == "ready"
    server.routes["/v1/models"] = answering({"error": {"type": "authentication_error"}}, 401)
    status = await provider.status()
    assert (status.state, status.checked_at) == ("signed_out", NOW)
    assert status.problem is not None
    assert status.problem.code == "key_refused"
    assert server.bodies(MESSAGES) == []


async def test_a_silent_server_does_not_hold_the_status(
    server: DirectServer, provider: AnthropicApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.providers.server_key._PATIENCE_S", 0.3)
    server.routes["/v1/models"] = streaming(ending="hang")
    async with asyncio.timeout(4):
        status = await provider.status()
    assert status.state == "installed"
    assert status.problem is not None
    assert status.problem.code == "network"
    await asyncio.wait_for(server.gone.wait(), 5)


async def test_nobody_there_is_a_network_problem(server: DirectServer) -> None:
    provider = AnthropicApi(the_key, "http://127.0.0.1:9", lambda: NOW)
    assert problem_of(await collect(provider)).code == "network"
    assert (await provider.status()).state == "installed"
    await provider.close()


async def test_a_redirect_is_refused_and_the_key_stays_here(
    server: DirectServer, provider: AnthropicApi
) -> None:
    async with serving() as elsewhere:
        target = f"{elsewhere.url}{MESSAGES}"

        async def redirecting(_: web.Request) -> web.StreamResponse:
            return web.Response(status=307, headers={"Location": target})

        server.routes[MESSAGES] = redirecting
        found = problem_of(await collect(provider))
        assert (found.code, found.field) == ("unsafe_setup", "base_url")
        assert elsewhere.asked == []


async def test_the_proxies_of_the_environment_are_not_asked_for_loopback(
    server: DirectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.routes[MESSAGES] = streaming(*told())
    provider = api(server)
    assert text_of(await collect(provider)) == STORY
    await provider.close()


@pytest.mark.parametrize(
    "url",
    ["http://api.anthropic.com", "http://8.8.8.8", "http://[::ffff:8.8.8.8]", "http://a.local.com"],
)
def test_an_open_network_is_never_reached_without_encryption(url: str) -> None:
    with pytest.raises(Trouble) as caught:
        AnthropicApi(the_key, url, lambda: NOW)
    assert caught.value.problem.code == "unsafe_setup"


@pytest.mark.parametrize(
    "url",
    ["", "ftp://localhost", "https://", "https://user:pass@x.org", "http://localhost:port", "x y"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Trouble) as caught:
        AnthropicApi(the_key, url, lambda: NOW)
    assert (caught.value.problem.code, caught.value.problem.field) == (
        "invalid_request",
        "base_url",
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://api.anthropic.com/v1/",
        "http://localhost:1",
        "http://192.168.0.7",
        "http://[::1]:8080",
        "http://nas:11434",
        "http://box.local",
        "http://100.101.102.103",
        "http://[::ffff:100.101.102.103]",
    ],
)
def test_encrypted_and_near_addresses_are_allowed(url: str) -> None:
    AnthropicApi(the_key, url, lambda: NOW)


async def test_a_line_of_64_megabytes_is_refused_and_never_held(
    server: DirectServer, provider: AnthropicApi
) -> None:
    written = 0

    async def flooding(asked: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(asked)
        await response.write(b"data: ")
        for _ in range(64):
            await response.write(b"x" * (1 << 20))
            written += 1 << 20
        return response

    server.routes[MESSAGES] = flooding
    assert problem_of(await collect(provider)).code == "unreadable"
    assert written < 32 << 20


@pytest.mark.parametrize("headers", [{"Content-Type": "text/html"}, {"Content-Encoding": "gzip"}])
async def test_what_is_no_stream_is_unreadable(
    server: DirectServer, provider: AnthropicApi, headers: dict[str, str]
) -> None:
    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"<html>Sign in to the network</html>", headers=headers)

    server.routes[MESSAGES] = page
    assert problem_of(await collect(provider)).code == "unreadable"


async def test_a_refusal_of_endless_length_is_still_a_refusal(
    server: DirectServer, provider: AnthropicApi
) -> None:
    async def endless(asked: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=429)
        await response.prepare(asked)
        while True:
            await response.write(b"y" * 65_536)

    server.routes[MESSAGES] = endless
    assert problem_of(await collect(provider)).code == "quota"


async def test_the_library_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys, desktop.providers.anthropic_api, desktop.providers.openai_compatible as o;"
        "o.OpenAiCompatible('x', __import__('desktop.providers.openai_servers', fromlist=['x'])"
        ".PRESETS['ollama'], int);"
        "print([m for m in sys.modules if m.split('.')[0] in ('httpx2', 'httpcore2', 'anyio')])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert json.loads(out) == []


async def test_exactly_one_end_for_every_way_to_end(
    server: DirectServer, provider: AnthropicApi
) -> None:
    for count in range(len(told("안녕")) + 1):
        for ending in ("end", "cut"):
            server.routes[MESSAGES] = streaming(*told("안녕")[:count], ending=ending)
            events = await collect(provider)
            ends = [event for event in events if isinstance(event, Finished | Failed)]
            assert ends == events[-1:]


async def test_over_a_hundred_mixed_turns_usage_adds_up_to_the_emulations_own_count(
    emulator: Emulator,
) -> None:
    sums = {"input": 0, "cache_read": 0, "cache_write": 0, "output": 0}
    for scenario, turns in {"ko": 30, "inst": 30, "think": 20, "maxtok": 20}.items():
        provider = AnthropicApi(the_key, emulator.url(scenario, "sum"), lambda: NOW)
        for _ in range(turns):
            events = await collect(provider)
            assert isinstance(events[-1], Finished)
            (usage,) = [e.usage for e in events if isinstance(e, UsageTold) and e.final]
            for name in sums:
                sums[name] += getattr(usage, name)
        await provider.close()
    assert len(emulator.generations("sum")) == 100
    assert sums == {
        "input": 100 * COUNTED["input_tokens"],  # type: ignore[operator]
        "cache_read": 100 * COUNTED["cache_read_input_tokens"],  # type: ignore[operator]
        "cache_write": 100 * COUNTED["cache_creation_input_tokens"],  # type: ignore[operator]
        "output": 100 * OUTPUT_TOKENS,
    }


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("401", "key_refused"),
        ("403", "key_refused"),
        ("404", "bad_model"),
        ("400-toolong", "too_long"),
        ("400", "quota"),
        ("429", "quota"),
        ("500", "overloaded"),
        ("529", "overloaded"),
        ("errmid", "overloaded"),
        ("cut", "cut_off"),
        ("hang", "timed_out"),
        ("hangmid", "timed_out"),
    ],
)
async def test_every_trouble_of_the_emulation_has_its_problem(
    emulator: Emulator, scenario: str, code: str
) -> None:
    provider = AnthropicApi(the_key, emulator.url(scenario, "r"), lambda: NOW)
    limits = Limits(first_text_ms=DurationMs(300), idle_ms=DurationMs(300))
    events = await collect(provider, request(limits=limits))
    assert problem_of(events).code == code
    assert KO.startswith(text_of(events))
    if code == "timed_out":
        await asyncio.wait_for(emulator.generations("r")[0].client_gone.wait(), 5)
    await provider.close()
