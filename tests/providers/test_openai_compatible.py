"""Servers that speak OpenAI's chat completions, with the freedoms each of them takes."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from desktop.protocol.base import DurationMs
from desktop.protocol.problems import Trouble
from desktop.providers.base import (
    Finished,
    Limits,
    Started,
    TextCame,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from desktop.providers.openai_compatible import OpenAiCompatible
from desktop.providers.openai_servers import PRESETS, Preset
from desktop.providers.think_tags import ThinkTags
from tests.emulator.openai import USAGE
from tests.emulator.scenarios import KO
from tests.emulator.server import Emulator
from tests.providers.direct_server import (
    KEY,
    STORY,
    DirectServer,
    answering,
    collect,
    problem_of,
    request,
    serving,
    sliced,
    sse,
    streaming,
    text_of,
    the_key,
)

NOW = 1_700_000_000_000
CHAT = "/v1/chat/completions"
DONE = b"data: [DONE]\n\n"


def chunk(text: str = "", reason: str | None = None, **said: Any) -> dict[str, Any]:
    delta = {"content": text, **said} if text else said
    return {
        "id": "chat-1",
        "model": "a-model",
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
    }


def told(
    text: str = STORY, reason: str = "stop", usage: dict[str, Any] | None = None
) -> list[bytes]:
    pieces = [chunk(text[i : i + 3]) for i in range(0, len(text), 3)]
    counted = [{"id": "chat-1", "choices": [], "usage": usage}] if usage else []
    return [*sse(chunk(role="assistant"), *pieces, chunk(reason=reason), *counted), DONE]


def server_at(
    server: DirectServer, preset: str = "vllm", base_url: str = "", **options: Any
) -> OpenAiCompatible:
    url = base_url or f"{server.url}/v1"
    return OpenAiCompatible("local", PRESETS[preset], lambda: NOW, base_url=url, **options)


@pytest.fixture
async def server() -> AsyncGenerator[DirectServer, None]:
    async with serving() as running:
        yield running


@pytest.fixture
async def provider(server: DirectServer) -> AsyncGenerator[OpenAiCompatible, None]:
    made = server_at(server)
    yield made
    await made.close()


@pytest.mark.parametrize("size", [1, 2, 5, 100_000])
async def test_korean_arrives_whole_however_the_bytes_are_cut(
    server: DirectServer, provider: OpenAiCompatible, size: int
) -> None:
    server.routes[CHAT] = streaming(*sliced(told(), size))
    events = await collect(provider)
    assert text_of(events) == STORY
    assert sum(isinstance(event, TextCame) for event in events) > 5
    assert events[0] == Started(session="chat-1", model="a-model")
    assert events[-1] == Finished(stop="end")


async def test_system_and_prompt_are_sent_as_they_are(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    server.routes[CHAT] = streaming(*told())
    await collect(provider, request(stop=("\n나:", "", "b", "c", "d", "e")))
    (body,) = server.bodies(CHAT)
    assert body["messages"] == [
        {"role": "system", "content": "당신은 이야기를 씁니다."},
        {"role": "user", "content": "지금까지의 이야기\n나: 안녕"},
    ]
    assert body["stop"] == ["\n나:", "b", "c", "d"]
    assert body["stream_options"] == {"include_usage": True}
    assert "tools" not in body


@pytest.mark.parametrize(("model", "marks"), [("anthropic/claude-a", 2), ("qwen/qwen-9", 0)])
async def test_openrouter_is_given_cache_markers_for_models_that_need_them(
    server: DirectServer, model: str, marks: int
) -> None:
    server.routes[CHAT] = streaming(*told())
    provider = server_at(server, "openrouter", key=the_key)
    prompt = "[민수]: 한 줄의 이야기\n" * 400 + "나: 새 말"
    await collect(provider, request(model=model, prompt=prompt, line="새 말"))
    system, user = server.bodies(CHAT)[0]["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert str([system, user]).count("cache_control") == marks
    parts = user["content"]
    sent = parts if isinstance(parts, str) else "".join(part["text"] for part in parts)
    assert sent == prompt
    await provider.close()


async def test_a_key_is_sent_only_where_there_is_one(server: DirectServer) -> None:
    server.routes[CHAT] = streaming(*told())
    for key in (the_key, None):
        provider = server_at(server, key=key)
        await collect(provider)
        await provider.close()
    sent = [asked.headers.get("authorization") for asked in server.asked if asked.path == CHAT]
    assert sent == [f"Bearer {KEY}", None]


async def test_without_a_needed_key_nothing_is_sent(server: DirectServer) -> None:
    provider = server_at(server, "openrouter")
    assert problem_of(await collect(provider)).code == "signed_out"
    assert (await provider.status()).state == "signed_out"
    assert server.asked == []
    await provider.close()


async def test_usage_is_split_into_new_and_cached(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    counted = {
        "prompt_tokens": 7146,
        "completion_tokens": 87,
        "prompt_tokens_details": {"cached_tokens": 6789},
        "completion_tokens_details": {"reasoning_tokens": 5},
        "cost": 0.0125,
    }
    server.routes[CHAT] = streaming(*told(usage=counted))
    (usage,) = [e.usage for e in await collect(provider) if isinstance(e, UsageTold)]
    assert (usage.input, usage.cache_read, usage.output) == (357, 6789, 87)
    assert (usage.reasoning, usage.cost_usd, usage.source) == (5, 0.0125, "reported")


@pytest.mark.parametrize(
    "counted",
    [
        {"prompt_tokens": None, "completion_tokens": "87", "prompt_tokens_details": None},
        {"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}, "cost": "free"},
        {"prompt_tokens": -4, "completion_tokens": 10**20, "cost": float(10**9)},
    ],
)
async def test_nonsense_in_usage_is_no_number(
    server: DirectServer, provider: OpenAiCompatible, counted: dict[str, Any]
) -> None:
    server.routes[CHAT] = streaming(*told(usage=counted))
    (usage,) = [e.usage for e in await collect(provider) if isinstance(e, UsageTold)]
    assert (usage.input, usage.output, usage.cost_usd) == (0, 0, None)


async def test_what_a_server_does_not_count_is_estimated_and_marked(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    server.routes[CHAT] = streaming(*told())
    (usage,) = [e.usage for e in await collect(provider) if isinstance(e, UsageTold)]
    assert usage.source == "estimated"
    assert 0.5 * len(STORY) < usage.output < 2 * len(STORY)
    assert usage.input > 0


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_is_thinking_and_no_text(
    server: DirectServer, provider: OpenAiCompatible, field: str
) -> None:
    server.routes[CHAT] = streaming(
        *sse(chunk(**{field: "곰곰이"}), chunk("안녕"), chunk(reason="stop")), DONE
    )
    events = await collect(provider)
    assert ThinkingCame(text="곰곰이") in events
    assert text_of(events) == "안녕"


@pytest.mark.parametrize("size", [1, 2, 3, 50])
async def test_think_tags_at_the_start_are_thinking_however_they_are_cut(
    server: DirectServer, provider: OpenAiCompatible, size: int
) -> None:
    text = "\n<think>1 < 2, </thin 그러면…</think>\n\n안녕 <think>이건 이야기</think>"
    pieces = [chunk(text[i : i + size]) for i in range(0, len(text), size)]
    server.routes[CHAT] = streaming(*sse(*pieces, chunk(reason="stop")), DONE)
    events = await collect(provider)
    thinking = "".join(e.text for e in events if isinstance(e, ThinkingCame))
    assert thinking == "1 < 2, </thin 그러면…"
    assert text_of(events) == "안녕 <think>이건 이야기</think>"


@given(st.text("<think>/ a\n", max_size=30), st.lists(st.integers(0, 30), max_size=6))
def test_think_tags_are_the_same_for_any_slicing(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]

    def split(pieces: list[str]) -> tuple[str, str]:
        tags = ThinkTags()
        found = [tags.feed(piece) for piece in pieces] + [tags.finish()]
        return "".join(p.text for p in found), "".join(p.thinking for p in found)

    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert split(pieces) == split([text])
    if "<think>" not in text and "<thinking>" not in text:
        assert split(pieces) == (text, "")


async def test_a_tool_call_is_told_once_and_never_done(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    calls: list[dict[str, Any]] = [
        {"tool_calls": [{"index": 0, "function": {"name": "Execute", "arguments": ""}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"command"'}}]},
        {"tool_calls": [{"index": 0, "function": {"name": "Execute", "arguments": ": 1}"}}]},
    ]
    server.routes[CHAT] = streaming(
        *sse(chunk("잠깐"), *(chunk(**call) for call in calls), chunk(reason="tool_calls")), DONE
    )
    events = await collect(provider)
    assert [e for e in events if isinstance(e, ToolBlocked)] == [ToolBlocked(name="Execute")]
    assert events[-1] == Finished(stop="unknown")


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("stop", "end"),
        ("length", "max_tokens"),
        ("content_filter", "refusal"),
        ("something_new", "unknown"),
    ],
)
async def test_the_reason_for_stopping_is_kept(
    server: DirectServer, provider: OpenAiCompatible, reason: str, stop: Any
) -> None:
    server.routes[CHAT] = streaming(*told(reason=reason))
    assert (await collect(provider))[-1] == Finished(stop=stop)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.replace(b"data: ", b"data:"),
        lambda whole: whole.replace(b"\n", b"\r\n"),
        lambda whole: whole.replace(DONE, b""),
        lambda whole: whole.replace(DONE, b"").rstrip(b"\n"),
        lambda whole: whole.replace(b"data: {", b": OPENROUTER PROCESSING\n\ndata: {"),
        lambda whole: whole.replace(b"data: {", b"data: not json\n\ndata: {", 1),
        lambda whole: b"\n\n" + whole,
    ],
)
async def test_the_freedoms_servers_take_do_no_harm(
    server: DirectServer, provider: OpenAiCompatible, change: Any
) -> None:
    server.routes[CHAT] = streaming(change(b"".join(told())))
    events = await collect(provider)
    assert text_of(events) == STORY
    assert events[-1] == Finished(stop="end")


async def test_a_server_that_never_hangs_up_does_not_hold_the_answer(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    patient = request(limits=Limits(idle_ms=DurationMs(60_000)))
    for blocks in (told(), told()[:-1]):
        server.routes[CHAT] = streaming(*blocks, ending="hang")
        async with asyncio.timeout(10):
            assert (await collect(provider, patient))[-1] == Finished(stop="end")


async def test_a_server_that_does_not_stream_is_understood(
    server: DirectServer, provider: OpenAiCompatible
) -> None:
    message = {"role": "assistant", "content": STORY}
    server.routes[CHAT] = answering(
        {
            "id": "1",
            "choices": [{"message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 4},
        }
    )
    events = await collect(provider)
    assert text_of(events) == STORY
    assert events[-1] == Finished(stop="end")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"error": {"message": "slow down", "code": 429}}, "quota"),
        ({"error": {"message": "Provider returned error", "code": 502}}, "overloaded"),
        ({"error": {"message": "no", "type": "overloaded_error"}}, "overloaded"),
        ({"error": {"message": "The context length is exceeded"}}, "too_long"),
        ({"error": "model runner has stopped"}, "crashed"),
        ([{"error": {"code": 400, "message": "API key not valid.", "status": "X"}}], "key_refused"),
    ],
)
async def test_an_error_inside_a_good_stream_ends_it_with_its_problem(
    server: DirectServer, provider: OpenAiCompatible, error: Any, code: str
) -> None:
    server.routes[CHAT] = streaming(*sse(chunk("안녕"), error))
    events = await collect(provider)
    assert text_of(events) == "안녕"
    assert problem_of(events).code == code


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
    assert len(server.bodies(CHAT)) == 1


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
    provider = server_at(server, preset)
    assert await provider.context_window("m") == window
    await provider.close()


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
