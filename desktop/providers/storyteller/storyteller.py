"""The offline practice provider: scripted scenes with the room's own people. Not an AI."""

import asyncio
import math
import random
import time
from collections.abc import AsyncGenerator, Iterator

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.models import Usage
from desktop.protocol.problems import problem
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Request,
    Started,
    TextCame,
    UsageTold,
)
from desktop.providers.storyteller.scene import scene

PACE = 45.0
"""Characters a second: a fast reader's pace."""

_FIRST_WAIT_S = 0.15
_PAUSES = {"\n": 11.0, ".": 5.0, "。": 5.0, "?": 5.0, "？": 5.0, "…": 6.0, ",": 2.0, "、": 2.0}
"""How long a breath is taken after a mark, in characters of the pace."""


class Storyteller:
    """Implements ``providers.base.Provider``; needs no network, no account, no model.

    ``pace`` is in characters a second; ``math.inf`` streams without waiting. The same request
    (seed, history, line, stage) always gives the same text in the same pieces.
    """

    id = "storyteller"

    def __init__(self, pace: float = PACE) -> None:
        if not pace > 0:
            raise ValueError("pace must be positive")
        self._pace = pace
        self._closed = False

    async def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """Stream a scene; ``nothing_to_say`` if nobody at the table can speak."""
        yield Started(model=self.id)
        text = scene(request.stage, request.history, request.line, request.seed)
        if not text:
            yield Failed(problem=problem("nothing_to_say", provider=self.id))
            return
        text = _before(text, request.stop)
        whole, text = text, text[: request.limits.max_chars]
        rng = random.Random(f"pieces:{request.seed}:{len(request.history)}")
        clock = asyncio.get_running_loop().time
        due = clock()
        for wait_s, piece in pieces(text, rng, self._pace):
            due += wait_s
            await asyncio.sleep(max(0.0, due - clock()))
            if self._closed:
                yield Finished(stop="cancelled")
                return
            yield TextCame(text=piece)
        yield UsageTold(usage=_usage(request, text))
        yield Finished(stop="end" if text == whole else "max_tokens")

    async def status(self) -> ProviderStatus:
        """Always ready."""
        return ProviderStatus(
            id=self.id, state="ready", checked_at=UtcMs(time.time_ns() // 1_000_000)
        )

    async def close(self) -> None:
        """Running answers end at their next piece."""
        self._closed = True


def pieces(text: str, rng: random.Random, pace: float) -> Iterator[tuple[float, str]]:
    """The text in pieces of 1 to 4 characters, each with the seconds to wait before it."""
    wait_s = 0.0 if math.isinf(pace) else min(_FIRST_WAIT_S, 4 / pace)
    at = 0
    while at < len(text):
        piece = text[at : at + rng.randint(1, 4)]
        at += len(piece)
        yield wait_s, piece
        wait_s = (len(piece) + _PAUSES.get(piece[-1], 0.0)) / pace


def _before(text: str, stops: tuple[str, ...]) -> str:
    found = [at for at in (text.find(stop) for stop in stops if stop) if at >= 0]
    return text[: min(found)] if found else text


def _usage(request: Request, text: str) -> Usage:
    return Usage(
        input=_tokens(request.system) + _tokens(request.prompt),
        output=_tokens(text),
        source="estimated",
    )


def _tokens(text: str) -> int:
    """A rough count: four Latin letters or one and a half syllables to a token."""
    latin = sum(char.isascii() for char in text)
    return math.ceil(latin / 4 + (len(text) - latin) / 1.5)
