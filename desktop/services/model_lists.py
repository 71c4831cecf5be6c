"""Which models an AI offers: asked of it, and remembered for a while."""

import asyncio

from desktop.protocol.capabilities import Model
from desktop.protocol.methods import ModelList, ModelsParams
from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import Clock
from desktop.services.ways import ListModels, Ways

FRESH_MS = 300_000
PATIENCE_S = 15.0
MOST = 2_000


class ModelLists:
    """Forgets what it knows of a provider that the settings have replaced."""

    def __init__(self, ways: Ways, clock: Clock) -> None:
        self._ways = ways
        self._clock = clock
        self._known: dict[str, tuple[ListModels, int, tuple[Model, ...]]] = {}

    async def models(self, params: ModelsParams) -> ModelList:
        """The provider's own list, or the catalogue's where it cannot be asked.

        Raises ``Trouble``: whatever keeps the provider from answering.
        """
        way = self._ways.way(params.provider_id)
        if way.models is None:
            return ModelList(models=way.info.models)
        known = self._known.get(params.provider_id)
        now = self._clock.monotonic_ms()
        if known and not params.fresh and known[0] == way.models and now - known[1] < FRESH_MS:
            return ModelList(models=known[2])
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = (await way.models())[:MOST]
        except TimeoutError:
            raise Trouble(problem("network", provider=params.provider_id)) from None
        self._known[params.provider_id] = (way.models, now, found)
        return ModelList(models=found)
