"""One more try where it is safe: nothing was shown yet, and the vendor had a moment's trouble."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from desktop.protocol.base import DurationMs
from desktop.protocol.problems import ProblemCode
from desktop.providers.base import AnswerEvent, Failed, RetryAnnounced, TextCame
from desktop.providers.spent import Spent

WAIT_MS = DurationMs(2_000)
_PASSING: frozenset[ProblemCode] = frozenset({"overloaded", "network"})

Answer = Callable[[], AsyncGenerator[AnswerEvent, None]]


async def once_more(
    answer: Answer, wait_ms: DurationMs = WAIT_MS
) -> AsyncGenerator[AnswerEvent, None]:
    """Pass an answer on; one that fails before its first text, passingly, is asked for again once.

    A vendor that has announced tries of its own has done that work already.
    """
    failed: Failed | None = None
    settled = False
    spent = Spent()
    async with aclosing(answer()) as events:
        async for event in events:
            settled = settled or isinstance(event, TextCame | RetryAnnounced)
            if isinstance(event, Failed) and not settled and event.problem.code in _PASSING:
                failed = event
                break
            yield spent.passed(event)
    if failed is None:
        return
    yield RetryAnnounced(attempt=1, wait_ms=wait_ms, reason=failed.problem.code)
    await asyncio.sleep(wait_ms / 1000)
    spent.again()
    async with aclosing(answer()) as events:
        async for event in events:
            yield spent.passed(event)
