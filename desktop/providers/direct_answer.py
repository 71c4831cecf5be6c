"""Drive one answer of a server that is asked directly: watchdogs, clean text, one last event."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from msgspec.structs import replace

from desktop.protocol.base import DurationMs
from desktop.protocol.models import Usage
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Limits,
    Request,
    StopReason,
    TextCame,
    ThinkingCame,
    UsageTold,
)
from desktop.providers.sse import ServerSentEvent
from desktop.providers.text import TextCleaner
from desktop.providers.token_estimate import estimate

_USAGE_S = 2.0
"""So long after its last word we wait for a server to tell the usage."""
_GOODBYE_S = 0.1
"""So long for the end of the response, without which the connection cannot be used again."""


class Reader(Protocol):
    """What a vendor's events mean; pure. ``read`` may raise ``Trouble``."""

    usage: Usage | None
    """As reported so far; ``None`` when nothing was."""
    stop: StopReason | None
    """Set as soon as the model has ended; only usage may follow."""
    done: bool
    """Nothing more will follow."""

    @property
    def window(self) -> int | None:
        """How many tokens the model sees, where that is known by now."""
        ...

    def read(self, event: ServerSentEvent) -> list[AnswerEvent]: ...

    def finish(self) -> list[AnswerEvent]:
        """What was held back until the end."""
        ...


async def answered(
    provider: str,
    request: Request,
    events: AsyncGenerator[ServerSentEvent, None],
    reader: Reader,
) -> AsyncGenerator[AnswerEvent, None]:
    """The events of one answer; the last one is exactly one ``Finished`` or ``Failed``.

    ``events`` is closed in any case, and with it the connection, unless it was read to its end.
    """
    drive = _Drive(request.limits, reader)
    failure: Problem | None = None
    async with aclosing(events):
        try:
            while (event := await drive.next(events)) is not None:
                for told in drive.cleaned(reader.read(event)) + drive.begun():
                    yield told
                if drive.full:
                    break
        except TimeoutError:
            failure = problem("timed_out", provider=provider, waited_ms=drive.waited_ms)
        except Trouble as trouble:
            failure = trouble.problem
    for told in drive.cleaned([*reader.finish(), TextCame(text="")], last=True):
        yield told
    if reader.usage or drive.chars:
        yield UsageTold(usage=_usage(request, reader, drive.said))
    if drive.full:
        yield Finished(stop="max_tokens")
    elif reader.stop:
        yield Finished(stop=reader.stop)
    else:
        yield Failed(problem=failure or problem("cut_off", provider=provider))


class _Drive:
    """The clock and the scale of one answer. Only time spent waiting for the server counts."""

    def __init__(self, limits: Limits, reader: Reader) -> None:
        self._reader = reader
        self._idle = limits.idle_ms / 1_000
        self._silence = limits.first_text_ms / 1_000
        self._total = limits.total_ms / 1_000
        self._max_chars = limits.max_chars
        self._waited = 0.0
        self._text = TextCleaner()
        self._thinking = TextCleaner()
        self._pieces: list[str] = []
        self._begun = False
        self.chars = 0
        self.full = False

    @property
    def waited_ms(self) -> DurationMs:
        return DurationMs(round(self._waited * 1_000))

    @property
    def said(self) -> str:
        return "".join(self._pieces)

    async def next(self, events: AsyncGenerator[ServerSentEvent, None]) -> ServerSentEvent | None:
        """The next event, ``None`` at the end. Raises ``TimeoutError``: silent for too long."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        patience = min(self._silence - self._waited, self._total)
        if self._reader.stop:
            patience = _GOODBYE_S if self._reader.done else _USAGE_S
        try:
            async with asyncio.timeout(max(0.0, patience)):
                return await anext(events, None)
        finally:
            spent = loop.time() - start
            self._waited += spent
            self._total -= spent

    def begun(self) -> list[AnswerEvent]:
        """What the answer reads, once, where it is told before the end."""
        if self._begun or self._reader.usage is None or self._reader.stop:
            return []
        self._begun = True
        usage = replace(self._reader.usage, output=0, context_window=self._reader.window)
        return [UsageTold(usage=usage, final=False)]

    def cleaned(self, told: list[AnswerEvent], *, last: bool = False) -> list[AnswerEvent]:
        """The events with clean text, up to the bound; each restarts the clock of silence."""
        kept: list[AnswerEvent] = []
        for event in told:
            if isinstance(event, TextCame):
                text = self._text.feed(event.text) + (self._text.finish() if last else "")
                kept.extend(self._measured(text))
            elif isinstance(event, ThinkingCame):
                self._heard(self._silence if not self.chars else self._idle)
                kept.append(ThinkingCame(text=self._thinking.feed(event.text)))
            else:
                kept.append(event)
        return kept

    def _measured(self, text: str) -> list[AnswerEvent]:
        room = self._max_chars - self.chars
        self.full = self.full or len(text) > room
        text = text[:room]
        if not text:
            return []
        self.chars += len(text)
        self._pieces.append(text)
        self._heard(self._idle)
        return [TextCame(text=text)]

    def _heard(self, patience: float) -> None:
        self._silence = patience
        self._waited = 0.0


def _usage(request: Request, reader: Reader, said: str) -> Usage:
    """As reported; what a server did not tell, or could not because it was cut, is estimated."""
    if reader.usage is None:
        asked = estimate(request.system) + estimate(request.prompt)
        told = Usage(input=asked, output=estimate(said), source="estimated")
    elif reader.stop is None:
        output = max(reader.usage.output, estimate(said))
        told = replace(reader.usage, output=output, source="estimated")
    else:
        told = reader.usage
    return replace(told, context_window=reader.window)
