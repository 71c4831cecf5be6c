"""OpenAI-compatible servers: what is sent, text, thinking, usage, the freedoms servers take."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.protocol.base import DurationMs
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
from desktop.providers.think_tags import ThinkTags
from tests.providers.direct_server import (
    KEY,
    STORY,
    DirectServer,
    answering,
    collect,
    problem_of,
    request,
    sliced,
    sse,
    streaming,
    text_of,
    the_key,
)
from tests.providers.openai_table import CHAT, DONE, chunk, server_at, told


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
