"""The Messages API asked directly: text, ends, limits, usage, what is sent."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from aiohttp import web

from desktop.protocol.base import DurationMs
from desktop.providers.anthropic_api import AnthropicApi
from desktop.providers.base import (
    Finished,
    Limits,
    Started,
    TextCame,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from tests.providers.anthropic_table import MESSAGES, NOW, api, delta, message, told
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
)


@pytest.fixture
async def provider(server: DirectServer) -> AsyncGenerator[AnthropicApi, None]:
    made = api(server)
    yield made
    await made.close()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100_000])
async def test_korean_arrives_whole_however_the_bytes_are_cut(
    server: DirectServer, provider: AnthropicApi, size: int
) -> None:
    server.routes[MESSAGES] = streaming(*sliced(told(), size))
    events = await collect(provider)
    assert text_of(events) == STORY
    assert sum(isinstance(event, TextCame) for event in events) > 5
    assert isinstance(events[0], Started)
    assert events[0].model == "claude-a"
    assert events[-1] == Finished(stop="end")


async def test_text_is_handed_on_before_the_answer_has_ended(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told()[:6], ending="hang")
    answer = provider.answer(request())
    seen = [await anext(answer) for _ in range(4)]
    assert text_of(seen) == STORY[:6]
    await answer.aclose()


async def test_closing_the_answer_closes_the_connection(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told()[:6], ending="hang")
    answer = provider.answer(request())
    await anext(answer)
    assert not server.gone.is_set()
    await answer.aclose()
    await asyncio.wait_for(server.gone.wait(), 5)


async def test_cancelling_a_silent_answer_closes_the_connection(
    server: DirectServer, provider: AnthropicApi
) -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3600)
        raise AssertionError

    server.routes[MESSAGES] = silent
    waiting = asyncio.create_task(collect(provider))
    while not server.asked:
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(server.gone.wait(), 5)


@pytest.mark.parametrize("pieces", [0, 6])
async def test_a_hanging_answer_is_ended_by_our_own_clock(
    server: DirectServer, provider: AnthropicApi, pieces: int
) -> None:
    server.routes[MESSAGES] = streaming(*told()[:pieces], ending="hang")
    limits = Limits(first_text_ms=DurationMs(300), idle_ms=DurationMs(200))
    events = await collect(provider, request(limits=limits))
    failed = problem_of(events)
    assert failed.code == "timed_out"
    assert failed.waited_ms >= (200 if pieces else 300)
    assert text_of(events) == STORY[: 3 * max(0, pieces - 2)]
    await asyncio.wait_for(server.gone.wait(), 5)


async def test_a_slow_reader_is_no_silent_server(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told("안녕하세요"))
    limits = Limits(first_text_ms=DurationMs(2_000), idle_ms=DurationMs(50))
    events = []
    async for event in provider.answer(request(limits=limits)):
        events.append(event)
        await asyncio.sleep(0.12)
    assert events[-1] == Finished(stop="end")


async def test_pings_do_not_count_as_a_sign_of_text(
    server: DirectServer, provider: AnthropicApi
) -> None:
    async def pinging(asked: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(asked)
        while True:
            await response.write(b'event: ping\ndata: {"type": "ping"}\n\n')
            await asyncio.sleep(0.05)

    server.routes[MESSAGES] = pinging
    limits = Limits(first_text_ms=DurationMs(300))
    assert problem_of(await collect(provider, request(limits=limits))).code == "timed_out"


async def test_a_cut_answer_keeps_its_text_and_says_so(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told()[:6], ending="cut")
    events = await collect(provider)
    assert text_of(events) == STORY[:12]
    assert problem_of(events).code == "cut_off"
    usage = [event.usage for event in events if isinstance(event, UsageTold) and event.final]
    assert [one.source for one in usage] == ["estimated"]
    assert usage[0].output > 1


async def test_an_answer_that_ends_without_a_stop_is_cut_off(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told()[:6])
    assert problem_of(await collect(provider)).code == "cut_off"


async def test_an_overload_told_in_the_middle_is_an_overload(
    server: DirectServer, provider: AnthropicApi
) -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    server.routes[MESSAGES] = streaming(*told()[:6], *sse(error, event=True))
    events = await collect(provider)
    assert text_of(events) == STORY[:12]
    assert problem_of(events).code == "overloaded"


@pytest.mark.parametrize(
    ("status", "kind", "said", "code"),
    [
        (401, "authentication_error", "invalid x-api-key", "key_refused"),
        (403, "permission_error", "not allowed", "key_refused"),
        (404, "not_found_error", "model: nonsense", "bad_model"),
        (
            400,
            "invalid_request_error",
            "prompt is too long: 210000 tokens > 200000 maximum",
            "too_long",
        ),
        (413, "request_too_large", "Request exceeds the maximum size", "too_long"),
        (400, "invalid_request_error", "Your credit balance is too low", "quota"),
        (400, "invalid_request_error", "max_tokens: must be positive", "invalid_request"),
        (429, "rate_limit_error", "would exceed your rate limit", "quota"),
        (500, "api_error", "Internal server error", "overloaded"),
        (503, "api_error", "unavailable", "overloaded"),
        (529, "overloaded_error", "Overloaded", "overloaded"),
    ],
)
async def test_every_refusal_has_its_own_problem(
    server: DirectServer, provider: AnthropicApi, status: int, kind: str, said: str, code: str
) -> None:
    document = {
        "type": "error",
        "error": {"type": kind, "message": f"{said} \x1b[31m({KEY}, sk-of-another)"},
    }
    server.routes[MESSAGES] = answering(document, status)
    events = await collect(provider)
    found = problem_of(events)
    # What passes is asked once more; nothing else is.
    assert len(events) == (2 if code == "overloaded" else 1)
    assert (found.code, found.provider) == (code, "anthropic_api")
    assert found.detail == f"{said} (•••, •••)"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "2"}, 2_000),
        ({"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT"}, 60_000),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1_500),
        ({"anthropic-ratelimit-unified-reset": "1700003600"}, 3_600_000),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1e300"}, None),
        ({}, None),
    ],
)
async def test_the_end_of_a_limit_is_told_where_the_vendor_tells_it(
    server: DirectServer, provider: AnthropicApi, headers: dict[str, str], wait: int | None
) -> None:
    error = {"error": {"type": "rate_limit_error", "message": "slow down"}}
    server.routes[MESSAGES] = answering(error, 429, headers)
    found = problem_of(await collect(provider))
    assert found.retry_at == (None if wait is None else NOW + wait)


async def test_usage_counts_what_the_server_counted(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes["/v1/models"] = answering(
        {"data": [{"id": "a-model", "display_name": "A", "max_input_tokens": 200_000}]}
    )
    await provider.models()
    total = 0
    for output in range(5, 25):
        server.routes[MESSAGES] = streaming(*told(output=output))
        told_now = await collect(provider)
        (usage,) = [e.usage for e in told_now if isinstance(e, UsageTold) and e.final]
        assert (usage.input, usage.cache_write, usage.cache_read) == (12, 345, 6789)
        assert (usage.source, usage.context_window) == ("reported", 200_000)
        total += usage.output
    assert total == sum(range(5, 25))


async def test_one_connection_serves_many_answers(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told())
    for _ in range(5):
        await collect(provider)
    assert len(server.asked) == 5
    assert len(server.connections) == 1


async def test_a_connection_the_server_closed_meanwhile_is_replaced(
    server: DirectServer, provider: AnthropicApi
) -> None:
    good = streaming(*told())

    async def closing(asked: web.Request) -> web.StreamResponse:
        response = await good(asked)
        assert asked.transport is not None
        asked.transport.close()
        return response

    server.routes[MESSAGES] = closing
    for _ in range(3):
        assert (await collect(provider))[-1] == Finished(stop="end")
        await asyncio.sleep(0.05)
    assert len(server.connections) == 3


async def test_two_rooms_are_answered_at_the_same_time(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told())
    both = await asyncio.gather(
        collect(provider, request(room_id="a")), collect(provider, request(room_id="b"))
    )
    assert [text_of(events) for events in both] == [STORY, STORY]


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", "end"),
        ("stop_sequence", "end"),
        ("max_tokens", "max_tokens"),
        ("refusal", "refusal"),
        ("something_new", "unknown"),
    ],
)
async def test_the_reason_for_stopping_is_kept(
    server: DirectServer, provider: AnthropicApi, reason: str, stop: Any
) -> None:
    server.routes[MESSAGES] = streaming(*told(stop=reason))
    assert (await collect(provider))[-1] == Finished(stop=stop)


async def test_thinking_and_tools_are_no_text(server: DirectServer, provider: AnthropicApi) -> None:
    server.routes[MESSAGES] = streaming(
        *message(
            {
                "type": "content_block_delta",
                "delta": {"type": "thinking_delta", "thinking": "어떻게 할까"},
            },
            {"type": "content_block_start", "content_block": {"type": "tool_use", "name": "Bash"}},
            {
                "type": "content_block_delta",
                "delta": {"type": "input_json_delta", "partial_json": '{"command"'},
            },
            {"type": "a_type_of_tomorrow", "delta": 3},
            delta("안녕"),
            stop="tool_use",
        ),
        b"data: no json at all\n\n",
    )
    events = await collect(provider)
    assert text_of(events) == "안녕"
    assert ThinkingCame(text="어떻게 할까") in events
    assert ToolBlocked(name="Bash") in events


async def test_control_characters_never_reach_the_page(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(
        *message(delta("빨\x1b[3"), delta("1m강\x07\r"), delta("\n끝"))
    )
    assert text_of(await collect(provider)) == "빨강\n끝"


async def test_an_endless_answer_is_cut_at_the_bound(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told("가" * 500)[:-2], ending="hang")
    events = await collect(provider, request(limits=Limits(max_chars=100)))
    assert text_of(events) == "가" * 100
    assert events[-1] == Finished(stop="max_tokens")
    await asyncio.wait_for(server.gone.wait(), 5)


async def test_system_and_history_carry_cache_markers_and_the_newest_line_none(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told())
    story = "".join(f"[민수]: {n}번째로 하는 긴 이야기\n" for n in range(400))
    prompt = f"{story}나: 새 말\n\n이어서 쓰세요."
    await collect(provider, request(prompt=prompt, line="새 말", stop=("\n나:", " ", "\n나:")))
    (body,) = server.bodies(MESSAGES)
    marker = {"type": "ephemeral"}
    assert body["system"] == [
        {"type": "text", "text": "당신은 이야기를 씁니다.", "cache_control": marker}
    ]
    blocks = body["messages"][0]["content"]
    assert "".join(block["text"] for block in blocks) == prompt
    marked = [index for index, block in enumerate(blocks) if "cache_control" in block]
    assert marked == [len(blocks) - 2]
    assert "새 말" in blocks[-1]["text"]
    assert body["stop_sequences"] == ["\n나:"]
    assert body["stream"] is True
    assert "thinking" not in body


async def test_a_growing_story_sends_the_same_blocks_again(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told())
    lines = [f"[민수]: {n}번째로 하는 긴 이야기\n" for n in range(400)]
    for end in (300, 400):
        story = "".join(lines[:end])
        await collect(provider, request(prompt=f"{story}나: 새 말", line="새 말"))
    first, second = (
        [block["text"] for block in body["messages"][0]["content"]]
        for body in server.bodies(MESSAGES)
    )
    assert len(first) > 2
    assert second[: len(first) - 1] == first[:-1]
    last = server.bodies(MESSAGES)[1]["messages"][0]["content"]
    assert "cache_control" in last[-2]


async def test_a_sliding_window_pays_no_surcharge_for_a_cache_nobody_reads(
    server: DirectServer, provider: AnthropicApi
) -> None:
    server.routes[MESSAGES] = streaming(*told())
    lines = [f"[민수]: {n}번째로 하는 긴 이야기\n" for n in range(400)]
    for start in (0, 1):
        story = "".join(lines[start : start + 300])
        await collect(provider, request(prompt=f"{story}나: 새 말", line="새 말"))
    blocks = server.bodies(MESSAGES)[1]["messages"][0]["content"]
    assert not any("cache_control" in block for block in blocks)
