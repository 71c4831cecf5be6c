"""Keeps the servers that can be asked in step with the settings, and their keys with them."""

from contextlib import suppress

from desktop.protocol.methods import KeyParams, Nothing, ProviderParams
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.settings import Settings
from desktop.providers.direct import recipes, usable_recipes
from desktop.services.keys import Keys
from desktop.services.providers import Providers
from desktop.services.ways import Ways


class ServerSettings:
    """``start`` comes first; afterwards ``may`` and ``follow`` belong to ``SettingsService``."""

    def __init__(self, ways: Ways, keys: Keys, providers: Providers) -> None:
        self._ways = ways
        self._keys = keys
        self._providers = providers

    def start(self, settings: Settings) -> None:
        """What lies stored and cannot be used is left out."""
        self._ways.remake(usable_recipes(settings.servers))

    def may(self, settings: Settings) -> None:
        """Raises ``Trouble`` for servers that cannot be asked or may not be."""
        self._ways.refuse_taken_ids(recipes(settings.servers))

    async def follow(self, settings: Settings) -> None:
        """Re-make what has changed; the key of an address that was given up is forgotten."""
        changed, orphans = self._ways.remake(usable_recipes(settings.servers))
        if not changed and not orphans:
            return
        for name in orphans:
            with suppress(Trouble):
                await self._keys.forget(name)
        await self._providers.changed(changed)

    async def set_key(self, params: KeyParams) -> Nothing:
        """Keep a key. Raises ``Trouble``: ``invalid_request`` for what can be no key or where none
        is taken, ``no_keyring`` where it could only be kept in memory and that was not agreed."""
        key = params.key.strip()
        if not key or not all("!" <= sign <= "~" for sign in key):
            raise Trouble(problem("invalid_request", field="key", provider=params.provider_id))
        name = self._name(params.provider_id)
        await self._keys.set(name, key, session_only=params.session_only)
        await self._providers.check_one(params.provider_id)
        return Nothing()

    async def delete_key(self, params: ProviderParams) -> Nothing:
        """Forget a key wherever it is. Raises ``Trouble``."""
        await self._keys.forget(self._name(params.provider_id))
        await self._providers.check_one(params.provider_id)
        return Nothing()

    def _name(self, provider_id: str) -> str:
        if name := self._ways.way(provider_id).key_name:
            return name
        raise Trouble(problem("invalid_request", field="provider_id", provider=provider_id))
