"""Our own clock over an answer."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from desktop.protocol.base import DurationMs
from desktop.protocol.models import Usage
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Limits,
    RetryAnnounced,
    Started,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    UsageTold,
)
from desktop.providers.watchdog import guarded


class Script:
    """An answer that follows a script: events, and pauses in seconds."""

    def __init__(self, *steps: AnswerEvent | float) -> None:
        self.steps = steps
        self.closed = False

    async def play(self) -> AsyncGenerator[AnswerEvent, None]:
        try:
            for step in self.steps:
                if isinstance(step, float):
                    await asyncio.sleep(step)
                else:
                    yield step
        finally:
            self.closed = True


def limits(first: int = 5000, idle: int = 5000, total: int = 5000, chars: int = 1000) -> Limits:
    return Limits(
        first_text_ms=DurationMs(first),
        idle_ms=DurationMs(idle),
        total_ms=DurationMs(total),
        max_chars=chars,
    )


async def run(script: Script, given: Limits) -> list[AnswerEvent]:
    async with asyncio.timeout(20):
        events = [event async for event in guarded(script.play(), given)]
    assert script.closed
    return events


def code(events: list[AnswerEvent]) -> str:
    assert isinstance(events[-1], Failed)
    return events[-1].problem.code


HI = TextCame(text="안녕")


async def test_an_answer_within_its_limits_passes_unchanged() -> None:
    script = Script(Started(), HI, UsageTold(usage=Usage(output=3)), Finished())
    assert await run(script, limits()) == list(script.steps)


@pytest.mark.parametrize(
    ("steps", "given"),
    [
        ((Started(), 60.0), limits(first=50)),
        ((HI, 60.0), limits(idle=50)),
        ((HI, *(0.02, HI) * 500), limits(total=200)),
        ((*(0.02, ThinkingCame()) * 500,), limits(total=200)),
        ((ThinkingCame(), 60.0), limits(first=30, idle=80)),
    ],
    ids=["first text", "idle", "total with text", "total with thinking", "idle after thinking"],
)
async def test_each_limit_ends_the_answer_and_says_how_long_it_waited(
    steps: tuple[AnswerEvent | float, ...], given: Limits
) -> None:
    events = await run(Script(*steps), given)
    assert code(events) == "timed_out"
    assert isinstance(events[-1], Failed)
    assert events[-1].problem.waited_ms
    assert events[-1].problem.waited_ms >= 30


async def test_thinking_and_announced_retries_are_no_silence() -> None:
    thinking = (0.05, ThinkingCame()) * 6
    retry = RetryAnnounced(attempt=1, wait_ms=DurationMs(300))
    script = Script(*thinking, retry, 0.3, HI, Finished())
    events = await run(script, limits(first=150, idle=150))
    assert events[-1] == Finished()


async def test_too_much_text_is_cut_at_the_limit_and_ends() -> None:
    events = await run(Script(HI, HI, HI, HI), limits(chars=5))
    texts = [event.text for event in events if isinstance(event, TextCame)]
    assert "".join(texts) == "안녕안녕안"
    assert events[-1] == Finished(stop="max_tokens")


async def test_text_that_was_taken_back_does_not_count() -> None:
    events = await run(Script(HI, HI, TextDiscarded(), HI, HI, Finished()), limits(chars=5))
    assert events[-1] == Finished()


async def test_an_answer_without_an_end_is_a_cut() -> None:
    assert code(await run(Script(HI), limits())) == "cut_off"


async def test_nothing_comes_after_the_end() -> None:
    events = await run(Script(HI, Finished(), HI, Finished()), limits())
    assert events == [HI, Finished()]


async def test_closing_it_closes_the_answer() -> None:
    script = Script(HI, 60.0)
    events = guarded(script.play(), limits())
    assert await anext(events) == HI
    await events.aclose()
    assert script.closed
