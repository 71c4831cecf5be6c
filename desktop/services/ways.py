"""Who can be asked now: the providers that are always there and those the settings make."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from desktop.protocol.capabilities import Model
from desktop.protocol.capabilities import Provider as Info
from desktop.protocol.problems import Trouble, problem
from desktop.providers import direct
from desktop.providers.base import Provider
from desktop.providers.direct import Recipe

ListModels = Callable[[], Awaitable[tuple[Model, ...]]]
"""Spends no tokens. Raises ``Trouble``."""


class Way(NamedTuple):
    """One way to an AI."""

    info: Info
    provider: Provider
    models: ListModels | None = None
    recipe: Recipe | None = None
    """Of a server that is asked directly."""

    @property
    def key_name(self) -> str:
        """Under which its key is kept; empty for what takes none."""
        return self.recipe.key_name if self.recipe else ""


class Ways(Mapping[str, Provider]):
    """Looked up by id at every turn, so a change of the settings holds from the next one on.

    ``infos`` is one list that is kept up to date, in the order in which they are offered.
    """

    def __init__(
        self,
        fixed: Sequence[Way],
        ask_key: Callable[[str], Awaitable[str | None]],
        now_ms: Callable[[], int],
    ) -> None:
        self._fixed = {way.info.id: way for way in fixed}
        self._ask_key = ask_key
        self._now_ms = now_ms
        self._all = dict(self._fixed)
        self._retired: list[Provider] = []
        self.infos: list[Info] = [way.info for way in fixed]

    def __getitem__(self, provider_id: str) -> Provider:
        return self._all[provider_id].provider

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def way(self, provider_id: str) -> Way:
        """Raises ``Trouble(not_found)``."""
        if (way := self._all.get(provider_id)) is None:
            raise Trouble(problem("not_found", field="provider_id", provider=provider_id))
        return way

    def refuse_taken_ids(self, recipes: Sequence[Recipe]) -> None:
        """Raises ``Trouble`` if a server has the id of something that is always there."""
        for recipe in recipes:
            if recipe.id in self._fixed:
                raise Trouble(problem("invalid_request", field="settings.servers.id"))

    def remake(self, recipes: Sequence[Recipe]) -> tuple[list[str], list[str]]:
        """Make what is new or another now. Returns the ids that changed, and the key names that
        belong to nobody any more.

        A provider that is replaced ends with the program: an answer may still be coming from it.
        """
        before = self._all
        fresh = {recipe.id: recipe for recipe in recipes if recipe.id not in self._fixed}
        self._all = dict(self._fixed)
        for recipe in fresh.values():
            old = before.get(recipe.id)
            same = old is not None and old.recipe == recipe
            self._all[recipe.id] = old if old and same else self._made(recipe)
        self.infos[:] = [way.info for way in self._all.values()]
        gone = [way for way in before.values() if self._all.get(way.info.id) is not way]
        self._retired += [way.provider for way in gone]
        changed = [each for each, way in self._all.items() if before.get(each) is not way]
        kept = {way.key_name for way in self._all.values()}
        return changed, [way.key_name for way in gone if way.key_name not in kept]

    async def close(self) -> None:
        """Close those that were replaced. Never raises."""
        closing = (provider.close() for provider in self._retired)
        await asyncio.gather(*closing, return_exceptions=True)
        self._retired.clear()

    def _made(self, recipe: Recipe) -> Way:
        name = recipe.key_name
        provider = direct.made(recipe, lambda: self._ask_key(name), self._now_ms)
        return Way(direct.info(recipe), provider, provider.models, recipe)
