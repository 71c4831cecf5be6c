"""OpenAI-compatible servers: refusals, retries, model lists, windows, addresses."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from aiohttp import web

from desktop.protocol.base import DurationMs
from desktop.protocol.problems import Trouble
from desktop.providers.base import (
    Finished,
    Limits,
    UsageTold,
)
from desktop.providers.openai_compatible import OpenAiCompatible
from desktop.providers.openai_servers import PRESETS, Preset
from tests.emulator.openai import USAGE
from tests.emulator.scenarios import KO
from tests.emulator.server import Emulator
from tests.providers.direct_server import (
    STORY,
    DirectServer,
    answering,
    collect,
    problem_of,
    request,
    streaming,
    text_of,
    the_key,
)
from tests.providers.openai_table import CHAT, NOW, server_at, told


@pytest.fixture
async def provider(server: DirectServer) -> AsyncGenerator[OpenAiCompatible, None]:
    made = server_at(server)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("status", "document", "code"),
    [
        (
            401,
            {"error": {"message": "Incorrect API key", "code": "invalid_api_key"}},
            "key_refused",
        ),
        (402, {"error": {"message": "Insufficient credits", "code": 402}}, "quota"),
        (403, {"error": {"message": "Your input was flagged", "code": 403}}, "refused"),
        (404, {"error": {"message": 'model "x" not found, try pulling it first'}}, "bad_model"),
        (400, {"error": {"message": "x is not a valid model ID", "code": 400}}, "bad_model"),
        (
            400,
            {"error": {"message": "too many", "code": "context_length_exceeded"}},
            "too_long",
        ),
        (
            400,
            {"error": {"message": "n", "type": "exceed_context_size_error", "n_ctx": 4096}},
            "too_long",
        ),
        (400, [{"error": {"code": 400, "message": "API key not valid."}}], "key_refused"),
        (429, {"error": {"message": "Rate limit reached"}}, "quota"),
        (503, {"error": {"message": "Loading model", "type": "unavailable_error"}}, "overloaded"),
        (500, {"error": "model requires more system memory"}, "overloaded"),
    ],
)
async def test_every_refusal_has_its_own_problem(
    server: DirectServer, provider: OpenAiCompatible, status: int, document: Any, code: str
) -> None:
    server.routes[CHAT] = answering(document, status)
    assert problem_of(await collect(provider)).code == code
    # What passes is asked once more; nothing else is.
    assert len(server.bodies(CHAT)) == (2 if code == "overloaded" else 1)


@pytest.mark.parametrize(
    ("document", "headers", "wait"),
    [
        ([{"error": {"details": [{"retryDelay": "21s"}]}}], {}, 21_000),
        ({"error": {}}, {"x-ratelimit-reset-requests": "6m0s"}, 360_000),
        ({"error": {}}, {"x-ratelimit-reset": str(NOW + 5_000)}, 5_000),
    ],
)
async def test_the_end_of_a_limit_is_read_from_what_each_vendor_tells(
    server: DirectServer,
    provider: OpenAiCompatible,
    document: Any,
    headers: dict[str, str],
    wait: int,
) -> None:
    server.routes[CHAT] = answering(document, 429, headers)
    assert problem_of(await collect(provider)).retry_at == NOW + wait


async def test_a_server_that_does_not_know_stream_options_is_asked_once_more_without(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    good = streaming(*told())

    async def old(asked: web.Request) -> web.StreamResponse:
        if "stream_options" in await asked.json():
            error = {"error": {"message": "unknown field: stream_options"}}
            return web.json_response(error, status=400)
        return await good(asked)

    server.routes[CHAT] = old
    for _ in range(2):
        assert text_of(await collect(provider)) == STORY
    assert ["stream_options" in body for body in server.bodies(CHAT)] == [True, False, False]


async def test_a_server_that_refuses_everything_is_asked_twice_and_no_more(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    server.routes[CHAT] = answering({"error": {"message": "bad request"}}, 400)
    events = await collect(provider, request(stop=("\n나:",)))
    assert problem_of(events).code == "invalid_request"
    assert len(server.bodies(CHAT)) == 2


async def test_a_cut_and_a_hang_are_told_apart(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    server.routes[CHAT] = streaming(*told()[:6], ending="cut")
    events = await collect(provider)
    assert (text_of(events), problem_of(events).code) == (STORY[:15], "cut_off")
    server.routes[CHAT] = streaming(*told()[:6], ending="hang")
    events = await collect(provider, request(limits=Limits(idle_ms=DurationMs(200))))
    assert (text_of(events), problem_of(events).code) == (STORY[:15], "timed_out")


async def test_closing_the_answer_closes_the_connection(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    server.routes[CHAT] = streaming(*told()[:6], ending="hang")
    answer = provider.answer(request())
    await anext(answer)
    assert not server.gone.is_set()
    await answer.aclose()
    await asyncio.wait_for(server.gone.wait(), 5)


async def test_models_come_from_the_server_without_those_one_cannot_talk_to(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    rows = [
        {"id": "a", "context_length": 8_192, "name": "Model A"},
        {"id": "models/b", "max_model_len": 4_096},
        {"id": "nomic-embed-text"},
        {"id": 7},
        "no row",
    ]
    server.routes["/v1/models"] = answering({"data": rows})
    assert [(m.id, m.label, m.context_window) for m in await provider.models()] == [
        ("a", "Model A", 8_192),
        ("models/b", "b", 4_096),
    ]


async def test_an_old_ollama_lists_its_models_its_own_way(server: DirectServer) -> None:
    server.routes["/api/tags"] = answering({"models": [{"name": "exaone3.5:7.8b", "size": 1}]})
    server.routes[CHAT] = streaming(*told())
    provider = server_at(server, "ollama")
    assert [model.id for model in await provider.models()] == ["exaone3.5:7.8b"]
    await collect(provider, request(model=""))
    assert server.bodies(CHAT)[0]["model"] == "exaone3.5:7.8b"
    await provider.close()


@pytest.mark.parametrize(
    ("preset", "routes", "window"),
    [
        (
            "ollama",
            {"/api/ps": {"models": [{"name": "m:latest", "context_length": 4_096}]}},
            4_096,
        ),
        (
            "ollama",
            {
                "/api/ps": {"models": []},
                "/api/show": {
                    "parameters": "temperature 1\nnum_ctx    16384",
                    "model_info": {"exaone.context_length": 32_768},
                },
            },
            16_384,
        ),
        (
            "ollama",
            {
                "/api/ps": {"models": []},
                "/api/show": {"model_info": {"exaone.context_length": 32_768}},
            },
            32_768,
        ),
        ("llamacpp", {"/props": {"default_generation_settings": {"n_ctx": 8_192}}}, 8_192),
        ("gemini_api", {"/v1/models/m": {"inputTokenLimit": 1_048_576}}, 1_048_576),
        ("koboldcpp", {"/api/extra/true_max_context_length": {"value": 6_144}}, 6_144),
        (
            "lmstudio",
            {
                "/api/v0/models": {
                    "data": [
                        {"id": "m", "loaded_context_length": 2_048, "max_context_length": 131_072}
                    ]
                }
            },
            2_048,
        ),
        ("vllm", {"/v1/models": {"data": [{"id": "m", "max_model_len": 1_024}]}}, 1_024),
        ("vllm", {"/v1/models": {"data": [{"id": "m"}]}}, None),
        ("llamacpp", {"/props": ["odd"]}, None),
        ("ollama", {}, None),
    ],
)
async def test_the_context_window_is_what_the_server_tells(
    server: DirectServer, preset: str, routes: dict[str, Any], window: int | None
) -> None:
    server.routes = {path: answering(document) for path, document in routes.items()}
    provider = server_at(server, preset, key=a_key)
    assert await provider.context_window("m") == window
    await provider.close()


async def a_key() -> str:
    return "a-key"


async def test_the_window_is_learnt_beside_an_answer_and_asked_only_once(
    server: DirectServer,
) -> None:
    server.routes["/props"] = answering({"default_generation_settings": {"n_ctx": 8_192}})
    server.routes[CHAT] = streaming(*told())
    provider = server_at(server, "llamacpp")
    for _ in range(3):
        events = await collect(provider)
        await asyncio.sleep(0.05)
    (usage,) = [event.usage for event in events if isinstance(event, UsageTold)]
    assert usage.context_window == 8_192
    assert len(server.bodies("/props")) == 1
    await provider.close()


async def test_closing_ends_the_question_beside_an_answer(server: DirectServer) -> None:
    server.routes["/props"] = streaming(ending="hang")
    server.routes[CHAT] = streaming(*told())
    provider = server_at(server, "llamacpp")
    await collect(provider)
    while not server.bodies("/props"):
        await asyncio.sleep(0.01)
    assert not server.gone.is_set()
    async with asyncio.timeout(4):
        await provider.close()
    await asyncio.wait_for(server.gone.wait(), 5)


async def test_a_list_open_to_all_says_nothing_about_the_key(server: DirectServer) -> None:
    server.routes["/v1/models"] = answering({"data": [{"id": "a"}]})
    server.routes["/v1/key"] = answering({"error": {"message": "No auth", "code": 401}}, 401)
    provider = server_at(server, "openrouter", key=the_key)
    assert (await provider.status()).state == "signed_out"
    server.routes["/v1/key"] = answering({"data": {"label": "x"}})
    assert (await provider.status()).state == "ready"
    await provider.close()


async def test_a_server_that_is_not_running_is_told_so(server: DirectServer) -> None:
    provider = server_at(server, "ollama", base_url="http://127.0.0.1:9/v1")
    status = await provider.status()
    assert status.state == "not_installed"
    assert status.problem is not None
    assert status.problem.code == "network"
    assert problem_of(await collect(provider)).code == "network"
    await provider.close()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_every_preset_may_be_used_and_keys_travel_encrypted(preset: Preset) -> None:
    OpenAiCompatible("x", preset, lambda: NOW)
    assert preset.base_url.startswith("https://") == preset.needs_key


def test_an_open_network_is_never_reached_without_encryption() -> None:
    with pytest.raises(Trouble):
        OpenAiCompatible("x", PRESETS["openrouter"], lambda: NOW, base_url="http://openrouter.ai")


@pytest.mark.parametrize(
    "scenario", ["ko", "inst", "ansi", "empty", "maxtok", "think", "tool-Read"]
)
async def test_the_emulated_model_is_understood_and_its_count_kept(
    emulator: Emulator, scenario: str
) -> None:
    provider = OpenAiCompatible(
        "x", PRESETS["openai_api"], lambda: NOW, key=the_key, base_url=emulator.url(scenario, "r")
    )
    events = await collect(provider)
    assert isinstance(events[-1], Finished)
    if scenario == "ko":
        assert text_of(events) == KO
    assert "\x1b" not in text_of(events)
    (usage,) = [event.usage for event in events if isinstance(event, UsageTold)]
    assert usage.input + usage.cache_read == USAGE["prompt_tokens"]
    assert usage.output == USAGE["completion_tokens"]
    assert emulator.generations("r")[0].body["messages"][0]["role"] == "system"
    await provider.close()


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("401", "key_refused"),
        ("403", "key_refused"),
        ("404", "bad_model"),
        ("429", "quota"),
        ("500", "overloaded"),
        ("503", "overloaded"),
        ("529", "overloaded"),
        ("cut", "cut_off"),
        ("hang", "timed_out"),
        ("hangmid", "timed_out"),
    ],
)
async def test_every_trouble_of_the_emulation_has_its_problem(
    emulator: Emulator, scenario: str, code: str
) -> None:
    provider = OpenAiCompatible(
        "x", PRESETS["openai_api"], lambda: NOW, key=the_key, base_url=emulator.url(scenario, "r")
    )
    limits = Limits(first_text_ms=DurationMs(300), idle_ms=DurationMs(300))
    found = problem_of(await collect(provider, request(limits=limits)))
    assert found.code == code
    if code == "timed_out":
        await asyncio.wait_for(emulator.generations("r")[0].client_gone.wait(), 5)
    await provider.close()
