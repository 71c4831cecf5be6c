"""Where a CLI is, by the person's own choice: picked in a dialog of the system, never typed."""

from collections.abc import Awaitable, Callable

from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.methods import ProviderParams
from desktop.protocol.problems import Trouble, problem
from desktop.services.providers import Providers
from desktop.services.settings import SettingsService
from desktop.services.ways import Ways

ChooseFile = Callable[[], Awaitable[str]]
"""Lets the person pick a file; an empty path when they would rather not."""


class ProgramPaths:
    """``choose_file`` is ``None`` where there is no window to show a dialog."""

    def __init__(
        self,
        ways: Ways,
        settings: SettingsService,
        providers: Providers,
        choose_file: ChooseFile | None,
    ) -> None:
        self._ways = ways
        self._settings = settings
        self._providers = providers
        self._choose_file = choose_file

    async def choose(self, params: ProviderParams) -> ProviderStatus:
        """Keep the file the person picks, if it can be started.

        Raises ``Trouble``: ``not_installed`` if it cannot; the choice before it stays then.
        """
        provider_id = self._program(params)
        if self._choose_file is None:
            raise Trouble(problem("invalid_request", field="window"))
        before = self._settings.current().provider_paths.get(provider_id, "")
        chosen = await self._choose_file()
        if not chosen:
            return await self._providers.check_one(provider_id)
        await self._settings.choose_path(provider_id, chosen)
        status = await self._providers.check_one(provider_id)
        if status.state != "not_installed":
            return status
        await self._settings.choose_path(provider_id, before)
        await self._providers.check_one(provider_id)
        raise Trouble(problem("not_installed", provider=provider_id, detail=chosen))

    async def forget(self, params: ProviderParams) -> ProviderStatus:
        """Look for it in the usual places again."""
        provider_id = self._program(params)
        await self._settings.choose_path(provider_id, "")
        return await self._providers.check_one(provider_id)

    def _program(self, params: ProviderParams) -> str:
        if self._ways.way(params.provider_id).info.capabilities.takes_path:
            return params.provider_id
        raise Trouble(problem("invalid_request", field="provider_id"))
