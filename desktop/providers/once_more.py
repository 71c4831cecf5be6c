"""One more try where it is safe: nothing was shown yet, and the vendor had a moment's trouble."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from desktop.protocol.base import DurationMs
from desktop.protocol.problems import Problem, ProblemCode
from desktop.providers.base import AnswerEvent, Failed, RetryAnnounced, TextCame
from desktop.providers.spent import Spent

WAIT_MS = DurationMs(2_000)
LONGEST_WAIT_MS = DurationMs(10_000)
"""A vendor that asks for more patience than this is not asked again: the person is told when."""
PASSING: frozenset[ProblemCode] = frozenset({"overloaded", "network"})

Answer = Callable[[], AsyncGenerator[AnswerEvent, None]]


async def once_more(
    answer: Answer,
    wait_ms: DurationMs = WAIT_MS,
    *,
    passing: frozenset[ProblemCode] = PASSING,
    now_ms: Callable[[], int] | None = None,
) -> AsyncGenerator[AnswerEvent, None]:
    """Pass an answer on; one that fails before its first text, passingly, is asked for again once.

    A vendor that has announced tries of its own has done that work already. With a clock, the
    time a vendor names is waited for, if it is soon; then also where it says that we ask too
    often, which without such a time only asking less would mend.
    """
    failed: Failed | None = None
    settled = False
    wait: DurationMs | None = None
    spent = Spent()
    async with aclosing(answer()) as events:
        async for event in events:
            settled = settled or isinstance(event, TextCame | RetryAnnounced)
            if isinstance(event, Failed) and not settled:
                wait = _wait(event.problem, wait_ms, passing, now_ms)
                if wait is not None:
                    failed = event
                    break
            yield spent.passed(event)
    if failed is None or wait is None:
        return
    yield RetryAnnounced(attempt=1, wait_ms=wait, reason=failed.problem.code)
    await asyncio.sleep(wait / 1000)
    spent.again()
    async with aclosing(answer()) as events:
        async for event in events:
            yield spent.passed(event)


def _wait(
    why: Problem,
    usual: DurationMs,
    passing: frozenset[ProblemCode],
    now_ms: Callable[[], int] | None,
) -> DurationMs | None:
    """How long to wait before another try; ``None`` where there is to be none."""
    if now_ms is None or why.retry_at is None:
        return usual if why.code in passing else None
    left = DurationMs(max(0, why.retry_at - now_ms()))
    may = why.code in passing or why.code == "quota"
    return left if may and left <= LONGEST_WAIT_MS else None
