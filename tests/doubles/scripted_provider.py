"""A provider that does exactly what a test wrote down: events, waits, hangs, cuts, failures."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.problems import Problem, ProblemCode, problem
from desktop.providers.base import AnswerEvent, Failed, Finished, Request, Started, TextCame


@dataclass(frozen=True)
class Wait:
    """Say nothing for so long."""

    seconds: float


@dataclass(frozen=True)
class Hang:
    """Say nothing until the answer is closed."""


@dataclass(frozen=True)
class Hold:
    """Say nothing until the test sets ``gate``; no clock in the test."""

    gate: asyncio.Event


Step = AnswerEvent | Wait | Hang | Hold | BaseException


def texts(*parts: str) -> tuple[Step, ...]:
    """A whole answer that comes in these pieces."""
    return (Started(), *(TextCame(text=part) for part in parts), Finished())


def cut(*parts: str, code: ProblemCode = "cut_off") -> tuple[Step, ...]:
    """An answer that breaks off after these pieces."""
    return (*texts(*parts)[:-1], Failed(problem=problem(code, provider="scripted")))


def hanging(*parts: str) -> tuple[Step, ...]:
    """An answer that falls silent after these pieces and never ends by itself."""
    return (*texts(*parts)[:-1], Hang())


@dataclass
class ScriptedProvider:
    """Plays one script per request, the last one again and again.

    ``requests`` are all requests so far; ``closed_early`` counts answers that were closed before
    their script ended; ``running`` counts answers that are still open. An exception among the
    steps is raised, which no real provider may do: it tests what happens to a bug.
    """

    scripts: Sequence[Sequence[Step]]
    id: str = "scripted"
    state_problem: Problem | None = None
    requests: list[Request] = field(default_factory=list)
    closed_early: int = 0
    running: int = 0
    closed: bool = False

    async def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        script = self.scripts[min(len(self.requests), len(self.scripts) - 1)]
        self.requests.append(request)
        self.running += 1
        whole = False
        try:
            for step in script:
                match step:
                    case Wait(seconds):
                        await asyncio.sleep(seconds)
                    case Hang():
                        await asyncio.Event().wait()
                    case Hold(gate):
                        await gate.wait()
                    case BaseException():
                        raise step
                    case _:
                        await asyncio.sleep(0)
                        # Whoever stops reading after the last event has still heard it all.
                        whole = isinstance(step, Finished | Failed)
                        yield step
            whole = True
        finally:
            self.running -= 1
            self.closed_early += not whole

    async def status(self) -> ProviderStatus:
        return ProviderStatus(
            id=self.id,
            state="ready" if self.state_problem is None else "signed_out",
            problem=self.state_problem,
            checked_at=UtcMs(0),
        )

    async def close(self) -> None:
        self.closed = True
