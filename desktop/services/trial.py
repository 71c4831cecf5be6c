"""The five-second test: one short line from an AI, and how long it took to come."""

from contextlib import aclosing

from desktop.protocol.base import DurationMs
from desktop.protocol.methods import Trial, TrialParams
from desktop.protocol.models import Character, Language, Narrator, Persona, Stage
from desktop.protocol.problems import Trouble, problem
from desktop.providers.base import Failed, Finished, Limits, Provider, Request, Started, TextCame
from desktop.services.outside import Clock, NewId
from desktop.services.ways import Ways

MAX_CHARS = 200
_LIMITS = Limits(
    # A model on this machine may have to be loaded first.
    first_text_ms=DurationMs(45_000),
    idle_ms=DurationMs(10_000),
    total_ms=DurationMs(60_000),
    max_chars=MAX_CHARS,
)
_SYSTEM = "You answer with one short, friendly line of at most ten words and nothing else."
_PROMPTS: dict[Language, str] = {
    "ko": "한국어로 짧게 인사해 주세요.",
    "en": "Please say a short hello in English.",
    "ja": "日本語で短くあいさつしてください。",
}


class Trials:
    """At most one at a time for each provider."""

    def __init__(self, ways: Ways, clock: Clock, new_id: NewId) -> None:
        self._ways = ways
        self._clock = clock
        self._new_id = new_id
        self._running: set[str] = set()

    async def test(self, params: TrialParams, language: Language) -> Trial:
        """Ask for a line and stop at its end. Spends some tens of tokens where they cost.

        Raises ``Trouble``: what kept the AI from answering, ``busy`` during another test of it.
        """
        provider = self._ways.way(params.provider_id).provider
        if params.provider_id in self._running:
            raise Trouble(problem("busy", provider=params.provider_id))
        self._running.add(params.provider_id)
        try:
            return await self._heard(provider, self._request(params.model, language))
        finally:
            self._running.discard(params.provider_id)

    async def _heard(self, provider: Provider, request: Request) -> Trial:
        began = self._clock.monotonic_ms()
        first: int | None = None
        model, said = request.model, ""
        async with aclosing(provider.answer(request)) as events:
            async for event in events:
                match event:
                    case Started(model=named) if named:
                        model = named
                    case TextCame(text=text):
                        first = first or self._clock.monotonic_ms()
                        said += text
                    case Failed(problem=told):
                        raise Trouble(told)
                    case Finished():
                        break
                if "\n" in said.strip():
                    break
        if first is None or not said.strip():
            raise Trouble(problem("nothing_to_say", provider=provider.id))
        return Trial(
            first_text_ms=DurationMs(first - began),
            total_ms=DurationMs(self._clock.monotonic_ms() - began),
            model=model,
            text=said.strip().splitlines()[0][:MAX_CHARS],
        )

    def _request(self, model: str, language: Language) -> Request:
        # A provider that is no language model plays its scenes from the stage.
        stage = Stage(
            language=language,
            me=Persona(name="A"),
            narrator=Narrator(kind="none"),
            characters=(Character(id="b", name="B"),),
        )
        prompt = _PROMPTS[language]
        return Request(
            turn_id=self._new_id(),
            # A room of its own: nothing that is kept for a story may be touched by it.
            room_id=self._new_id(),
            model=model,
            system=_SYSTEM,
            prompt=prompt,
            line=prompt,
            stage=stage,
            limits=_LIMITS,
            one_off=True,
        )
