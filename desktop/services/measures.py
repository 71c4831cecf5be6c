"""How much a model sees, and how many tokens a text costs it: known, asked or learnt."""

import asyncio
from typing import Protocol

from msgspec.structs import replace

from desktop.protocol.base import Frozen
from desktop.protocol.capabilities import Provider as Info
from desktop.protocol.models import Usage
from desktop.protocol.problems import Trouble
from desktop.providers.base import TellsWindow
from desktop.providers.catalog import least_window
from desktop.providers.token_estimate import Calibration, estimate
from desktop.services.ways import Way
from desktop.store import model_facts
from desktop.store.database import Database
from desktop.store.model_facts import ModelFact
from desktop.store.session import Session

PATIENCE_S = 10.0
"""How long a server may take to tell how much its model sees; nobody waits for it."""


class Measure(Frozen, kw_only=True):
    """One model, as far as it is known now."""

    context_window: int | None = None
    """Tokens it takes in and gives out together; ``None`` where nobody has told."""
    calibration: Calibration = Calibration()
    counts: bool = False
    """A model behind a provider that reports usage: where a report is missing, it is estimated."""

    def tokens(self, *texts: str) -> int:
        """An estimate of what the model will count, rather too high than too low."""
        return self.calibration.corrected(sum(map(estimate, texts)))


class LooksUp(Protocol):
    """Knows the ways to an AI. ``services.ways.Ways`` is one."""

    def way(self, provider_id: str) -> Way: ...


class Measures:
    """A model is named by its provider and as the room names it; empty is the provider's default.

    What a turn reported counts before what a server says of itself, and that before the
    catalogue, which tells the least a vendor's models see. What nobody tells stays unknown.
    """

    def __init__(self, database: Database, ways: LooksUp | None = None) -> None:
        self._database = database
        self._ways = ways
        self._facts: dict[tuple[str, str], ModelFact] | None = None
        self._heard: set[tuple[str, str]] = set()

    async def of(self, session: Session, provider_id: str, model: str) -> Measure:
        """Never asks anybody: reads what is stored, once."""
        known = await self._known(session)
        fact = known.get((provider_id, model), ModelFact())
        window = fact.context_window or self._listed(provider_id, model)
        window = window or least_window(provider_id, model)
        return Measure(
            context_window=window,
            counts=self._counts(provider_id),
            calibration=Calibration(factor=fact.factor, samples=fact.samples),
        )

    async def learn(
        self, session: Session, provider_id: str, model: str, usage: Usage, estimated: int = 0
    ) -> None:
        """Take what a turn reported. ``estimated`` is our plain estimate of all that it asked,
        0 where the two cannot be compared."""
        if usage.source != "reported" and usage.context_window is None:
            return
        known = await self._known(session)
        before = known.get((provider_id, model), ModelFact())
        calibration = Calibration(factor=before.factor, samples=before.samples)
        if usage.source == "reported":
            asked = usage.input + usage.cache_read + usage.cache_write
            calibration = calibration.learned(estimated, asked)
        after = ModelFact(
            context_window=usage.context_window or before.context_window,
            factor=calibration.factor,
            samples=calibration.samples,
        )
        await self._keep(session, provider_id, model, before, after)

    async def ask(self, provider_id: str, model: str) -> None:
        """Have the provider tell how much the model sees, and keep it: once while we run.

        Costs no tokens. Raises ``Trouble`` only for what the disk does.
        """
        if (provider_id, model) in self._heard:
            return
        try:
            async with asyncio.timeout(PATIENCE_S):
                window = await self._asked(provider_id, model)
        except (TimeoutError, Trouble):
            return
        if window is None:
            return
        self._heard.add((provider_id, model))
        async with self._database.transaction() as session:
            before = (await self._known(session)).get((provider_id, model), ModelFact())
            after = replace(before, context_window=window)
            await self._keep(session, provider_id, model, before, after)

    async def _asked(self, provider_id: str, model: str) -> int | None:
        if self._ways is None:
            return None
        way = self._ways.way(provider_id)
        if isinstance(way.provider, TellsWindow):
            return await way.provider.context_window(model)
        found = await way.models() if way.models and model else ()
        return next((one.context_window for one in found if one.id == model), None)

    def _listed(self, provider_id: str, model: str) -> int | None:
        models = info.models if (info := self._info(provider_id)) else ()
        return next((one.context_window for one in models if one.id == model), None)

    def _counts(self, provider_id: str) -> bool:
        info = self._info(provider_id)
        return info is not None and info.capabilities.reports_usage

    def _info(self, provider_id: str) -> Info | None:
        try:
            return self._ways.way(provider_id).info if self._ways else None
        except Trouble:
            return None

    async def _known(self, session: Session) -> dict[tuple[str, str], ModelFact]:
        if self._facts is None:
            self._facts = await model_facts.all_known(session)
        return self._facts

    async def _keep(
        self, session: Session, provider_id: str, model: str, before: ModelFact, after: ModelFact
    ) -> None:
        if after != before:
            await model_facts.keep(session, provider_id, model, after)
            (await self._known(session))[provider_id, model] = after
