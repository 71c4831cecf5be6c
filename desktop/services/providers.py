"""The ways to an AI: which there are, how they stand, and the one with a given id."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from msgspec.structs import replace

from desktop.protocol.capabilities import KeyPlace, ProviderStatus
from desktop.protocol.capabilities import Provider as Info
from desktop.protocol.events import ProviderChecked, ProvidersChanged
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
        key_place: Callable[[str], Awaitable[KeyPlace]] | None = None,
    ) -> None:
        """Both ``providers`` and ``infos`` may grow and shrink meanwhile. ``key_place`` tells by
        a provider's id where its key is kept."""
        self._providers = providers
        self._offered = infos
        self._key_place = key_place
        self._emit = emit
        self._clock = clock
        self._report_bug = report_bug
        self._known: dict[str, ProviderStatus] = {}
        self._checks: dict[str, asyncio.Task[None]] = {}

    def infos(self) -> tuple[Info, ...]:
        return tuple(info for info in self._offered if info.id in self._providers)

    def statuses(self) -> tuple[ProviderStatus, ...]:
        """What the last checks found; ``checking`` where there was none yet."""
        return tuple(self._known.get(info.id) or self._unknown(info.id) for info in self.infos())

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

    async def changed(self, ids: Sequence[str]) -> None:
        """These are new or others now: forget how they stood, tell the page, and look."""
        for provider_id in ids:
            self._known.pop(provider_id, None)
            if check := self._checks.pop(provider_id, None):
                check.cancel()
        self._known = {each: one for each, one in self._known.items() if each in self._providers}
        self._emit(ProvidersChanged(providers=self.infos(), statuses=self.statuses()))
        for provider_id in ids:
            await self.check(CheckParams(provider_id=provider_id))

    async def check_one(self, provider_id: str) -> ProviderStatus:
        """Look again now, whatever is being looked at already, and tell."""
        if check := self._checks.get(provider_id):
            await asyncio.wait([check])
        await self.check(CheckParams(provider_id=provider_id))
        await asyncio.wait([self._checks[provider_id]])
        return self._known.get(provider_id) or self._unknown(provider_id)

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
            status = await self._with_key(await provider.status())
        except Exception as bug:  # noqa: BLE001 - one broken provider must not hide the others
            log_id = self._report_bug(bug, f"checking {provider_id}")
            status = ProviderStatus(
                id=provider_id,
                state="unsafe",
                problem=problem("bug", provider=provider_id, log_id=log_id),
                checked_at=self._clock.now_ms(),
            )
        finally:
            if self._checks.get(provider_id) is asyncio.current_task():
                del self._checks[provider_id]
        # What was replaced while it was being looked at has nothing to tell any more.
        if self._providers.get(provider_id) is provider:
            self._known[provider_id] = status
            self._emit(ProviderChecked(status=status))

    async def _with_key(self, status: ProviderStatus) -> ProviderStatus:
        if self._key_place is None:
            return status
        return replace(status, key=await self._key_place(status.id))

    def _unknown(self, provider_id: str) -> ProviderStatus:
        return ProviderStatus(id=provider_id, state="checking", checked_at=self._clock.now_ms())
