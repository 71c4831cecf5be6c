"""Has the room's own AI write a summary, in requests that nothing else follows."""

from collections.abc import Callable, Mapping
from contextlib import aclosing

from desktop.dialogue import summing
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble, problem
from desktop.providers.base import Failed, Finished, Limits, Provider, Request, TextCame
from desktop.providers.base import TextDiscarded as Discarded
from desktop.providers.watchdog import guarded
from desktop.services.measures import Measures
from desktop.services.outside import NewId
from desktop.services.plain_text import storable
from desktop.services.summary_plan import Plan
from desktop.services.turn_history import context_of
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
    ) -> None:
        self._database = database
        self._providers = providers
        self._limits = limits
        self._new_id = new_id
        self.measures = measures

    async def write(self, room: Room, plan: Plan) -> str:
        """The summary of all the plan names. Raises ``Trouble``: what kept the AI from it."""
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
            text = await self._said(provider, self._request(room, asked))
        return text

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

    async def _said(self, provider: Provider, request: Request) -> str:
        said: list[str] = []
        ended = False
        answer = guarded(provider.answer(request), request.limits, provider=provider.id)
        async with aclosing(answer) as events:
            async for event in events:
                match event:
                    case TextCame(text=text):
                        said.append(text)
                    case Discarded():
                        said.clear()
                    case Failed(problem=told):
                        raise Trouble(told)
                    case Finished(stop=stop):
                        if stop in ("refusal", "cancelled"):
                            raise Trouble(problem("refused", provider=provider.id))
                        ended = True
                        break
        text = summing.tidy(storable("".join(said)))
        if not (ended and text):
            raise Trouble(problem("unreadable", provider=provider.id))
        return text
