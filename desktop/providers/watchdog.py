"""Our own clock over an answer: no CLI gives up by itself in the middle of one."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable

from desktop.protocol.base import DurationMs
from desktop.protocol.problems import problem
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Limits,
    RetryAnnounced,
    TextCame,
    TextDiscarded,
    ThinkingCame,
)

Clock = Callable[[], float]
"""Seconds that only grow."""


async def guarded(
    events: AsyncGenerator[AnswerEvent, None],
    limits: Limits,
    now: Clock = time.monotonic,
    *,
    provider: str = "",
) -> AsyncGenerator[AnswerEvent, None]:
    """Pass an answer on within its limits, with exactly one ``Finished`` or ``Failed``, last.

    Silence before the first text and between two pieces, and the time as a whole, end in
    ``timed_out``; too much text in ``max_tokens``. Thinking and announced retries are no silence,
    but they do not stretch the whole. ``events`` is closed in every case.
    """
    watch = _Watch(limits, now)
    try:
        while True:
            try:
                async with asyncio.timeout(watch.left()):
                    event = await anext(events, None)
            except TimeoutError:
                waited = DurationMs(watch.silent_ms())
                yield Failed(problem=problem("timed_out", provider=provider, waited_ms=waited))
                return
            if event is None:
                yield Failed(problem=problem("cut_off", provider=provider))
                return
            for passed in watch.saw(event):
                yield passed
                if isinstance(passed, Finished | Failed):
                    return
    finally:
        await events.aclose()


class _Watch:
    def __init__(self, limits: Limits, now: Clock) -> None:
        self._limits = limits
        self._now = now
        self._began = self._life = now()
        self._until = self._began + limits.first_text_ms / 1000
        self._chars = 0
        self._text_came = False

    def left(self) -> float:
        """Seconds until patience ends."""
        end = min(self._until, self._began + self._limits.total_ms / 1000)
        return max(0.0, end - self._now())

    def silent_ms(self) -> int:
        """How long it was waited in vain: since the last sign of life, or for the whole."""
        total_s = self._now() - self._began
        over = total_s * 1000 >= self._limits.total_ms
        return round((total_s if over else self._now() - self._life) * 1000)

    def saw(self, event: AnswerEvent) -> tuple[AnswerEvent, ...]:
        match event:
            case TextCame(text=text):
                self._text_came = True
                self._alive(0)
                return self._within_length(text)
            case RetryAnnounced(wait_ms=wait):
                self._alive(wait or 0)
            case ThinkingCame():
                self._alive(0)
            case TextDiscarded():
                self._chars = 0
                self._alive(0)
            case _:
                pass
        return (event,)

    def _alive(self, announced_ms: int) -> None:
        self._life = self._now()
        until = self._life + (self._limits.idle_ms + announced_ms) / 1000
        # Before the first text a sign of life only ever adds time.
        self._until = until if self._text_came else max(self._until, until)

    def _within_length(self, text: str) -> tuple[AnswerEvent, ...]:
        room = self._limits.max_chars - self._chars
        self._chars += len(text)
        if len(text) <= room:
            return (TextCame(text=text),)
        kept = (TextCame(text=text[:room]),) if room > 0 else ()
        return (*kept, Finished(stop="max_tokens"))
