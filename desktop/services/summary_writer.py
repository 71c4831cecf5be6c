"""Has the room's own AI write a summary, in requests that nothing else follows."""

from collections.abc import Callable, Mapping
from contextlib import aclosing

from desktop.dialogue import summing
from desktop.protocol.models import Room, TurnOutcome, Usage
from desktop.protocol.problems import Trouble, problem
from desktop.providers.base import Failed, Finished, Limits, Provider, Request, TextCame
from desktop.providers.base import TextDiscarded as Discarded
from desktop.providers.watchdog import guarded
from desktop.services.measures import Measure, Measures
from desktop.services.outside import Clock, NewId
from desktop.services.plain_text import storable
from desktop.services.summary_plan import Plan
from desktop.services.turn_history import context_of
from desktop.services.turn_usage import Spending
from desktop.services.usage import local_day
from desktop.store import usage
from desktop.store.database import Database

_PIECE = 30_000
"""Tokens of the story for one request at most."""
_MOST_PIECES = 4
"""Of a story that is longer the newest pieces are summed up: each one costs a request."""


class SummaryWriter:
    def __init__(
        self,
        database: Database,
        providers: Mapping[str, Provider],
        measures: Measures,
        limits: Callable[[], Limits],
        new_id: NewId,
        clock: Clock,
    ) -> None:
        self._database = database
        self._providers = providers
        self._limits = limits
        self._new_id = new_id
        self._clock = clock
        self.measures = measures

    async def write(self, room: Room, plan: Plan) -> str:
        """The summary of all the plan names. Raises ``Trouble``: what kept the AI from it.

        What each request used is counted for the room, whatever became of it.
        """
        stage = room.stage
        if (provider := self._providers.get(stage.provider)) is None:
            raise Trouble(problem("not_found", provider=stage.provider))
        async with self._database.reading() as session:
            measure = await self.measures.of(session, stage.provider, stage.model)
        most = min(_PIECE, context_of(measure) // 2)
        pieces = list(summing.parted(plan.messages, most, measure.tokens))[-_MOST_PIECES:]
        text = plan.so_far
        for piece in pieces:
            asked = summing.asked(stage, text, piece)
            answering = _Answering(self._request(room, asked), measure)
            try:
                text = await answering.text(provider)
            finally:
                await self._count(room, answering.usage())
        return text

    async def _count(self, room: Room, used: Usage) -> None:
        way, day = (room.stage.provider, room.stage.model), local_day(self._clock.now_ms())
        async with self._database.transaction() as session:
            await usage.add_aside(session, room.id, way, used, day)

    def _request(self, room: Room, asked: str) -> Request:
        return Request(
            turn_id=self._new_id(),
            # A room of its own: what is kept for the story's turns is not touched by it.
            room_id=self._new_id(),
            model=room.stage.model,
            system=summing.rules(room.stage.language),
            prompt=asked,
            stage=room.stage,
            line=asked,
            limits=self._limits(),
            one_off=True,
        )


class _Answering:
    """One request and what it came to."""

    def __init__(self, request: Request, measure: Measure) -> None:
        self._request = request
        self._spending = Spending()
        self._spending.asked(request, measure)
        self._said: list[str] = []
        self._outcome: TurnOutcome = "stopped"

    async def text(self, provider: Provider) -> str:
        """Raises ``Trouble``."""
        answer = guarded(provider.answer(self._request), self._request.limits, provider=provider.id)
        async with aclosing(answer) as events:
            async for event in events:
                self._spending.hear(event)
                match event:
                    case TextCame(text=text):
                        self._said.append(text)
                    case Discarded():
                        self._said.clear()
                    case Failed(problem=told):
                        self._outcome = "failed"
                        raise Trouble(told)
                    case Finished(stop=stop):
                        self._outcome = "complete"
                        if stop in ("refusal", "cancelled"):
                            raise Trouble(problem("refused", provider=provider.id))
                        break
        text = summing.tidy(storable("".join(self._said)))
        if self._outcome != "complete" or not text:
            raise Trouble(problem("unreadable", provider=provider.id))
        return text

    def usage(self) -> Usage:
        """Of the request as it has ended."""
        return self._spending.usage(self._outcome, "".join(self._said))
