"""The key of a server that is asked directly, and what its first answer says about it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import ProviderState, ProviderStatus
from desktop.protocol.problems import Trouble, problem

_LONGEST = 4_096
_PATIENCE_S = 9.0
"""A little less than ``Provider.status`` may take."""


class ServerKey:
    """Asks for the key whenever it is needed and keeps no copy."""

    def __init__(
        self, provider: str, ask: Callable[[], Awaitable[str | None]] | None, *, needed: bool
    ) -> None:
        self._provider = provider
        self._ask = ask
        self._needed = needed

    async def get(self) -> str:
        """The key, or an empty string where none is needed.

        Raises ``Trouble``: ``signed_out`` without a key, ``key_refused`` for what can be none.
        """
        key = ((await self._ask() if self._ask else None) or "").strip()
        if not key and self._needed:
            raise Trouble(problem("signed_out", provider=self._provider))
        # Anything else cannot be sent in a header, and the library would quote it in its error.
        if not all("!" <= sign <= "~" for sign in key) or len(key) > _LONGEST:
            raise Trouble(problem("key_refused", provider=self._provider))
        return key


async def status_from(
    provider: str, now: UtcMs, asking: Awaitable[Any], *, account: str, unreachable: bool = False
) -> ProviderStatus:
    """How a server stands, judged by a question that costs nothing.

    ``unreachable``: nobody there means that it is not running, not that the network is down.
    """
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await asking
    except Trouble as trouble:
        found = trouble.problem
    except TimeoutError:
        found = problem("network", provider=provider, detail="no answer in time")
    else:
        return ProviderStatus(id=provider, state="ready", account=account, checked_at=now)
    state: ProviderState
    match found.code:
        case "signed_out" | "key_refused" | "no_keyring":
            state = "signed_out"
        case "unsafe_setup":
            state = "unsafe"
        case "network" if unreachable:
            state = "not_installed"
        case _:
            state = "installed"
    return ProviderStatus(id=provider, state=state, problem=found, checked_at=now)
