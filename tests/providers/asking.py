"""Ask a provider in a test, and look at what came."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.models import Stage
from desktop.protocol.problems import Problem
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Limits,
    Provider,
    Request,
    TextCame,
    TextDiscarded,
)
from desktop.providers.catalog import Row
from desktop.providers.cli import CliProvider, Dialect
from desktop.providers.process import Processes
from desktop.providers.talk import Place


@dataclass
class Standing:
    """A finder that knows one place."""

    known: Place
    path: str = "/usr/bin:/bin"

    async def place(self, row: Row) -> Place:
        return self.known

    async def status(self, row: Row) -> ProviderStatus:
        return ProviderStatus(id=row.id, state="ready", checked_at=UtcMs(0))

    async def search_path(self) -> str:
        return self.path


@dataclass
class Answered:
    """All events of one answer."""

    events: list[AnswerEvent] = field(default_factory=list)

    @property
    def pieces(self) -> list[str]:
        """Text as the reader has it in the end: what was taken back is gone."""
        kept: list[str] = []
        for event in self.events:
            if isinstance(event, TextDiscarded):
                kept.clear()
            elif isinstance(event, TextCame):
                kept.append(event.text)
        return kept

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def problem(self) -> Problem:
        last = self.events[-1]
        assert isinstance(last, Failed), self.events
        return last.problem

    @property
    def stop(self) -> str:
        last = self.events[-1]
        assert isinstance(last, Finished), self.events
        return last.stop

    def of(self, kind: type[AnswerEvent]) -> list[AnswerEvent]:
        return [event for event in self.events if isinstance(event, kind)]


def a_request(prompt: str = "안녕", **fields: object) -> Request:
    """A turn with the least it can have."""
    given: dict[str, object] = {
        "turn_id": "t1",
        "room_id": "r1",
        "model": "",
        "system": "너는 이야기를 쓰는 작가다.",
        "stage": Stage(),
        "limits": Limits(first_text_ms=20_000, idle_ms=20_000, total_ms=60_000),  # type: ignore[arg-type]
    }
    return Request(prompt=prompt, **(given | fields))  # type: ignore[arg-type]


def a_provider(
    row: Row, dialect: Dialect, place: Place, processes: Processes, environ: Mapping[str, str]
) -> CliProvider:
    """A CLI at a known place, with exactly this environment to pick from."""
    return CliProvider(
        row, dialect, processes=processes, finder=Standing(place), environ=dict(environ)
    )


async def ask(provider: Provider, request: Request) -> Answered:
    """Take the whole answer, checking that exactly one end came, and came last."""
    answered = Answered([event async for event in provider.answer(request)])
    ends = [e for e in answered.events if isinstance(e, Finished | Failed)]
    assert ends == answered.events[-1:], answered.events
    return answered
