"""The storyteller as a provider: events, pieces, pace, usage, ends."""

import asyncio
import math
import random
from itertools import pairwise

import msgspec
import pytest

from desktop.protocol.models import Stage
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Limits,
    Provider,
    Request,
    Started,
    TextCame,
    UsageTold,
)
from desktop.providers.storyteller import PACE, Storyteller
from desktop.providers.storyteller.storyteller import pieces
from tests.dialogue.tables import TABLE


def request(stage: Stage = TABLE, line: str = "누구 계세요?", seed: int = 3) -> Request:
    return Request(
        turn_id="t",
        room_id="r",
        model="",
        system="틀" * 30,
        prompt="말" * 15,
        stage=stage,
        line=line,
        seed=seed,
    )


async def answered(told: Request) -> list[AnswerEvent]:
    provider: Provider = Storyteller(pace=math.inf)
    return [event async for event in provider.answer(told)]


def text_of(events: list[AnswerEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextCame))


async def test_an_answer_starts_streams_tells_its_estimated_usage_and_ends() -> None:
    events = await answered(request())
    assert isinstance(events[0], Started)
    assert all(isinstance(event, TextCame) for event in events[1:-2])
    assert len(events) > 10
    told, end = events[-2:]
    assert isinstance(told, UsageTold)
    assert told.usage.source == "estimated"
    assert told.usage.input == 30
    assert 0 < told.usage.output < len(text_of(events))
    assert end == Finished(stop="end")


async def test_the_same_request_gives_the_same_pieces_and_another_seed_another_scene() -> None:
    once, again = await answered(request()), await answered(request())
    assert once == again
    others = {text_of(await answered(request(seed=seed))) for seed in range(10)}
    assert len(others) > 5


async def test_pieces_are_one_to_four_characters() -> None:
    lengths = {len(one.text) for one in await answered(request()) if isinstance(one, TextCame)}
    assert lengths == {1, 2, 3, 4}


async def test_a_table_where_nobody_can_speak_has_nothing_to_say() -> None:
    empty = msgspec.convert({"narrator": {"kind": "none"}}, Stage)
    *_, last = await answered(request(stage=empty))
    assert isinstance(last, Failed)
    assert last.problem.code == "nothing_to_say"


async def test_the_limit_of_an_answer_is_kept() -> None:
    told = msgspec.structs.replace(request(), limits=Limits(max_chars=20))
    events = await answered(told)
    assert len(text_of(events)) == 20
    assert events[-1] == Finished(stop="max_tokens")


async def test_it_ends_before_a_stop_text() -> None:
    whole = text_of(await answered(request()))
    tag = whole[whole.rindex("[") :][:4]
    events = await answered(msgspec.structs.replace(request(), stop=(tag,)))
    assert text_of(events) == whole[: whole.index(tag)]
    assert events[-1] == Finished(stop="end")


async def test_closing_the_provider_ends_a_running_answer() -> None:
    provider = Storyteller(pace=math.inf)
    events = []
    async for event in provider.answer(request()):
        events.append(event)
        if len(events) == 4:
            await provider.close()
    assert events[4:] == [Finished(stop="cancelled")]


async def test_a_reader_who_leaves_stops_it() -> None:
    running = Storyteller(pace=math.inf).answer(request())
    await anext(running)
    await anext(running)
    await running.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(running)


async def test_it_is_always_ready() -> None:
    status = await Storyteller().status()
    assert (status.id, status.state, status.problem) == ("storyteller", "ready", None)


def test_the_pace_is_a_fast_readers_with_breaths_and_the_first_piece_comes_soon() -> None:
    text = "[도이레]: 가나다라마바사아자차카타파하. " * 20
    told = list(pieces(text, random.Random(1), PACE))
    assert "".join(piece for _, piece in told) == text
    assert 0 < told[0][0] <= 0.4
    rate = len(text) / sum(wait for wait, _ in told)
    assert PACE * 0.6 < rate < PACE
    breaths = {wait for (_, before), (wait, _) in pairwise(told) if before.endswith(".")}
    assert min(breaths) > max(
        wait for (_, before), (wait, _) in pairwise(told) if before[-1] not in ".\n,…?"
    )


def test_an_endless_pace_never_waits() -> None:
    assert {wait for wait, _ in pieces("가나다. 라\n마", random.Random(1), math.inf)} == {0.0}


@pytest.mark.parametrize("pace", [0.0, -1.0, math.nan])
def test_a_pace_that_would_never_come_is_refused(pace: float) -> None:
    with pytest.raises(ValueError, match="pace"):
        Storyteller(pace=pace)


async def test_other_work_goes_on_while_it_speaks() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(tick())
    events = await answered(request())
    beside.cancel()
    assert ticks >= len(events) - 3
