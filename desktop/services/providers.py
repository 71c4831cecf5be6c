"""The ways to an AI: which there are, how they stand, and the one with a given id."""

import asyncio
from collections.abc import Mapping, Sequence

from desktop.protocol.capabilities import Provider as Info
from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.events import ProviderChecked
from desktop.protocol.methods import CheckParams, Nothing
from desktop.protocol.problems import Trouble, problem
from desktop.providers.base import Provider
from desktop.services.outside import Clock, Emit, ReportBug


class Providers:
    """``infos`` are the rows of the catalogue, in the order in which they are offered."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        infos: Sequence[Info],
        emit: Emit,
        clock: Clock,
        report_bug: ReportBug,
    ) -> None:
        self._providers = providers
        self._infos = tuple(info for info in infos if info.id in providers)
        self._emit = emit
        self._clock = clock
        self._report_bug = report_bug
        self._known: dict[str, ProviderStatus] = {}
        self._checks: dict[str, asyncio.Task[None]] = {}

    def infos(self) -> tuple[Info, ...]:
        return self._infos

    def statuses(self) -> tuple[ProviderStatus, ...]:
        """What the last checks found; ``checking`` where there was none yet."""
        return tuple(self._known.get(info.id) or self._unknown(info.id) for info in self._infos)

    def get(self, provider_id: str) -> Provider:
        """Raises ``Trouble(not_found)`` for an id that is not in the catalogue."""
        if (provider := self._providers.get(provider_id)) is None:
            raise Trouble(
                problem(
                    "not_found",
                    field="provider",
                    provider=provider_id,
                    ways_on=("change_provider",),
                )
            )
        return provider

    async def check(self, params: CheckParams) -> Nothing:
        """Look again in the background; each result comes as an event."""
        wanted = [params.provider_id] if params.provider_id else list(self._providers)
        for provider_id in wanted:
            provider = self.get(provider_id)
            if provider_id not in self._checks:
                check = asyncio.create_task(self._look(provider_id, provider))
                self._checks[provider_id] = check
        return Nothing()

    async def checked(self) -> tuple[ProviderStatus, ...]:
        """Check all and wait for it."""
        await self.check(CheckParams())
        await asyncio.gather(*self._checks.values())
        return self.statuses()

    async def close(self) -> None:
        """End the checks and everything that the providers still run."""
        checks = list(self._checks.values())
        for check in checks:
            check.cancel()
        closing = (provider.close() for provider in self._providers.values())
        for ended in await asyncio.gather(*checks, *closing, return_exceptions=True):
            if isinstance(ended, Exception):
                self._report_bug(ended, "closing a provider")

    async def _look(self, provider_id: str, provider: Provider) -> None:
        try:
            status = await provider.status()
        except Exception as bug:  # noqa: BLE001 - one broken provider must not hide the others
            log_id = self._report_bug(bug, f"checking {provider_id}")
            status = ProviderStatus(
                id=provider_id,
                state="unsafe",
                problem=problem("bug", provider=provider_id, log_id=log_id),
                checked_at=self._clock.now_ms(),
            )
        finally:
            self._checks.pop(provider_id, None)
        self._known[provider_id] = status
        self._emit(ProviderChecked(status=status))

    def _unknown(self, provider_id: str) -> ProviderStatus:
        return ProviderStatus(id=provider_id, state="checking", checked_at=self._clock.now_ms())
