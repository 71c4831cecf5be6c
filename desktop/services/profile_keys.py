"""What opens a locked profile: its password, its recovery sheet, or this computer's keyring."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import Clock
from desktop.store import lock_file, sealing
from desktop.store.attempts import Attempts
from desktop.store.keychain import SERVICE, Keychain
from desktop.store.lock_file import Lock
from desktop.store.profile_list import FIRST

REMEMBERED = "profile-key"
_PASSWORD, _RECOVERY = "password", "recovery"
_NOBODY = ""
"""Under which all profiles that do not exist are counted."""


class ProfileKeys:
    """``folder_of`` gives the folder of a profile that exists, else ``None``."""

    def __init__(
        self, attempts: Attempts, clock: Clock, folder_of: Callable[[str], Path | None]
    ) -> None:
        self._attempts = attempts
        self._clock = clock
        self._folder_of = folder_of
        self._one_at_a_time = asyncio.Lock()

    async def by_password(self, profile_id: str, password: str) -> bytes:
        """The key. Raises ``Trouble(wrong_password)``, alike and as slowly for a profile that has
        no password or does not exist."""
        return await self._tried(profile_id, password, _PASSWORD)

    async def by_recovery(self, profile_id: str, code: str) -> bytes:
        """The same with the code of the sheet."""
        return await self._tried(profile_id, sealing.as_typed(code), _RECOVERY)

    async def by_either(self, profile_id: str, words: str) -> bytes:
        """Whichever of the two this is, for one attempt."""
        is_code = len(sealing.as_typed(words)) == sealing.GROUPS * sealing.GROUP
        opens = self.by_recovery if is_code and "-" in words else self.by_password
        return await opens(profile_id, words)

    async def _tried(self, profile_id: str, words: str, purpose: str) -> bytes:
        async with self._one_at_a_time:
            folder = self._folder_of(profile_id)
            name = profile_id if folder is not None else _NOBODY
            now = self._clock.now_ms()
            if until := self._attempts.wait_until(name, now):
                raise Trouble(problem("wrong_password", retry_at=until, detail="0"))
            # Counted before: whoever ends the program in between has used one up all the same.
            self._attempts.begin(name, now)
            lock = lock_file.read(folder) if folder is not None else None
            slot = getattr(lock, purpose) if lock else sealing.decoy()
            try:
                key = await asyncio.to_thread(sealing.unwrap, slot, words, purpose)
            except sealing.WrongSecret:
                key = b""
            if not key:
                raise Trouble(
                    problem(
                        "wrong_password",
                        retry_at=self._attempts.wait_until(name, self._clock.now_ms()),
                        detail=str(self._attempts.left(name)),
                    )
                )
            self._attempts.right(name)
            return key

    async def recalled(self, profile_id: str) -> bytes | None:
        """What the keyring remembers; ``None`` also where it is locked or there is none."""
        try:
            return sealing.recalled(await keychain_of(profile_id).get(REMEMBERED))
        except Trouble:
            return None

    async def remember(self, profile_id: str, key: bytes | None) -> None:
        """Keep the key in the system's keyring, or forget it. Raises ``Trouble(no_keyring)``."""
        keychain = keychain_of(profile_id)
        try:
            if key is None:
                await keychain.delete(REMEMBERED)
            else:
                await keychain.set(REMEMBERED, sealing.remembered(key))
        except Trouble as trouble:
            if key is None and trouble.problem.detail == "keychain_missing":
                return
            told = problem("no_keyring", detail=trouble.problem.detail)
        else:
            return
        # Outside the handler, so that nothing of what was being kept hangs on the error.
        raise Trouble(told)


def keychain_of(profile_id: str) -> Keychain:
    """Each profile has a corner of its own; the first one's is where keys lay before."""
    return Keychain(SERVICE if profile_id == FIRST else f"{SERVICE}-{profile_id}")


async def new_lock(key: bytes, password: str) -> tuple[Lock, str]:
    """A lock and the code for its recovery sheet, which nothing keeps."""
    code = sealing.recovery_code()

    def make() -> Lock:
        return Lock(
            password=sealing.wrap(key, password, _PASSWORD),
            recovery=sealing.wrap(key, sealing.as_typed(code), _RECOVERY),
        )

    return await asyncio.to_thread(make), code


async def with_password(lock: Lock, key: bytes, password: str) -> Lock:
    """The same lock for a new password; nothing is encrypted anew."""
    slot = await asyncio.to_thread(sealing.wrap, key, password, _PASSWORD)
    return replace(lock, password=slot)


async def with_new_sheet(lock: Lock, key: bytes) -> tuple[Lock, str]:
    """The same lock with a new sheet; the old one opens nothing any more."""
    code = sealing.recovery_code()
    slot = await asyncio.to_thread(sealing.wrap, key, sealing.as_typed(code), _RECOVERY)
    return replace(lock, recovery=slot), code
