"""The keys of servers that are asked directly: kept by the system's keyring, or in memory only."""

from collections.abc import Awaitable
from typing import TypeVar

from desktop.protocol.capabilities import KeyPlace
from desktop.protocol.problems import Trouble, problem
from desktop.store.keychain import Keychain

MISSING = "keychain_missing"
T = TypeVar("T")


class Keys:
    """By key name; see ``direct.Recipe.key_name``. A key goes to its provider and nowhere else.

    What cannot be kept is told as ``Trouble(no_keyring)``, with the keychain's own detail.
    """

    def __init__(self, keychain: Keychain) -> None:
        self._keychain = keychain
        self._session: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        """Where the system has no keyring at all there is simply no key."""
        if key := self._session.get(name):
            return key
        try:
            return await _kept(self._keychain.get(name))
        except Trouble as trouble:
            if trouble.problem.detail == MISSING:
                return None
            raise

    async def place(self, name: str) -> KeyPlace:
        """Where the key is; never raises, for a locked keyring shows none."""
        if name in self._session:
            return "session"
        try:
            return "keyring" if await self._keychain.present(name) else "none"
        except Trouble:
            return "none"

    async def set(self, name: str, key: str, *, session_only: bool) -> None:
        """Replace whatever key there was under this name."""
        if session_only:
            self._session[name] = key
            return
        await _kept(self._keychain.set(name, key))
        self._session.pop(name, None)

    async def forget(self, name: str) -> None:
        """Also where the keyring is locked, as far as it can be."""
        self._session.pop(name, None)
        try:
            await _kept(self._keychain.delete(name))
        except Trouble as trouble:
            if trouble.problem.detail != MISSING:
                raise


async def _kept(asking: Awaitable[T]) -> T:
    try:
        return await asking
    except Trouble as trouble:
        told = problem("no_keyring", detail=trouble.problem.detail)
    # Outside the handler, so that nothing of what was being kept hangs on the error.
    raise Trouble(told)
