"""What a person does about profiles: make, open, lock, convert, rename, put away."""

import asyncio
from collections.abc import Callable, Mapping
from typing import cast

from msgspec.structs import replace

from desktop.bridge.dispatch import Handler
from desktop.main.door import Door, file_set, opened
from desktop.main.residence import Residence
from desktop.protocol.events import ProfileConverting
from desktop.protocol.method import Nothing
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.profiles import (
    ConversionStep,
    PasswordChangeParams,
    PasswordParams,
    ProfileCreateParams,
    ProfileDeleteParams,
    ProfileLabelParams,
    ProfileMade,
    ProfileOpenParams,
    ProfileParams,
    Profiles,
    ProtectParams,
    RememberParams,
)
from desktop.services.profile_keys import (
    keychain_of,
    new_lock,
    with_new_sheet,
    with_password,
)
from desktop.services.settings import SettingsService
from desktop.store import conversion, lock_file, sealing
from desktop.store.conversion import Tell
from desktop.store.lock_file import Lock
from desktop.store.profile_files import FileSet
from desktop.store.profile_list import ProfileRow

Conversion = Callable[[FileSet, Lock, bytes, Tell], None]


class ProfileHandlers:
    def __init__(self, residence: Residence) -> None:
        self._at = residence

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "profile.list": self.list,
            "profile.create": self.create,
            "profile.rename": self.rename,
            "profile.delete": self.delete,
            "profile.restore": self.restore,
            "profile.open": self.open,
            "profile.lock": self.lock,
            "profile.protect": self.protect,
            "profile.unprotect": self.unprotect,
            "profile.password": self.password,
            "profile.recovery": self.recovery,
            "profile.remember": self.remember,
        }

    async def list(self, _: Nothing) -> Profiles:
        return self._at.profiles()

    async def create(self, params: ProfileCreateParams) -> ProfileMade:
        """Another profile, beside the one that is open. A locked one is encrypted from its first
        byte on."""
        code = ""
        async with self._at.moving:
            row = self._at.shelf.add(_label(params.label), self._at.clock.now_ms())
            if params.password is not None:
                key = sealing.fresh_key()
                lock, code = await new_lock(key, params.password)
                paths = self._at.paths_of(row.id)
                lock_file.write(paths.data, lock)
                database, sealed = await opened(paths, Door(keychain_of(row.id), key))
                try:
                    if params.language:
                        settings = SettingsService(database, lambda _event: None)
                        await settings.keep_language(params.language)
                finally:
                    await database.close()
                    if sealed is not None:
                        sealed.close()
            return ProfileMade(profiles=self._at.profiles(), profile_id=row.id, recovery=code)

    async def rename(self, params: ProfileLabelParams) -> Profiles:
        row = self._found(params.profile_id)
        self._at.shelf.change(replace(row, label=_label(params.label)))
        return self._at.profiles()

    async def delete(self, params: ProfileDeleteParams) -> Profiles:
        """Put a profile away, never the one that is shown. Raises ``Trouble(busy)`` for that."""
        async with self._at.moving:
            if params.profile_id == self._at.current:
                raise Trouble(problem("busy", field="profile_id"))
            rows = self._at.shelf.list.profiles
            row = next((each for each in rows if each.id == params.profile_id), None)
            if row is None or (row.deleted_at is not None and not params.forever):
                raise Trouble(problem("not_found", field="profile_id"))
            if params.forever:
                await asyncio.to_thread(self._at.shelf.forget, row.id)
                await self._at.keys.remember(row.id, None)
            else:
                self._at.shelf.change(replace(row, deleted_at=self._at.clock.now_ms()))
            return self._at.profiles()

    async def restore(self, params: ProfileParams) -> Profiles:
        async with self._at.moving:
            rows = self._at.shelf.list.profiles
            row = next((each for each in rows if each.id == params.profile_id), None)
            if row is None:
                raise Trouble(problem("not_found", field="profile_id"))
            self._at.shelf.change(replace(row, deleted_at=None))
            return self._at.profiles()

    async def open(self, params: ProfileOpenParams) -> Profiles:
        """Show another profile, or unlock the one whose door is shown.

        Raises ``Trouble(wrong_password)``; what was open stays so.
        """
        key: bytes | None = None
        if params.recovery is not None:
            key = await self._at.keys.by_recovery(params.profile_id, params.recovery)
        elif params.password is not None:
            key = await self._at.keys.by_password(params.profile_id, params.password)
        async with self._at.moving:
            if key is not None and params.remember:
                # First: where there is no keyring the door stays shut until that was read.
                await self._at.keys.remember(params.profile_id, key)
            await self._at.enter(params.profile_id, key)
            return self._at.profiles()

    async def lock(self, _: Nothing) -> Profiles:
        """Shut the current profile, also where the keyring would open it again."""
        async with self._at.moving:
            if not self._at.has_lock(self._at.current):
                raise Trouble(problem("invalid_request", field="profile"))
            self._at.shut.add(self._at.current)
            await self._at.leave()
            return self._at.profiles()

    async def protect(self, params: ProtectParams) -> ProfileMade:
        """Lock the current profile. Its house is closed meanwhile, and opens again."""
        async with self._at.moving:
            current = self._at.current
            house = self._at.house
            if house is None or self._at.key is not None:
                raise Trouble(problem("invalid_request", field="profile"))
            if not house.library.place.usual:
                # It lies where other programs see it, and is theirs as well as ours.
                raise Trouble(problem("invalid_request", field="library"))
            key = sealing.fresh_key()
            lock, code = await new_lock(key, params.password)
            await self._convert(conversion.seal, lock, key)
            if params.remember:
                await self._at.keys.remember(current, key)
            return ProfileMade(profiles=self._at.profiles(), profile_id=current, recovery=code)

    async def unprotect(self, params: PasswordParams) -> Profiles:
        """Take the lock away; all will lie in the clear."""
        current = self._at.current
        key = await self._at.keys.by_either(current, params.password)
        async with self._at.moving:
            await self._convert(conversion.unseal, self._lock(), key)
            await self._at.keys.remember(current, None)
            return self._at.profiles()

    async def password(self, params: PasswordChangeParams) -> Profiles:
        """Another password; the data stays as it is."""
        current = self._at.current
        key = await self._at.keys.by_either(current, params.password)
        async with self._at.moving:
            lock = await with_password(self._lock(), key, params.fresh)
            lock_file.write(self._at.shelf.folder(current), lock)
            return self._at.profiles()

    async def recovery(self, params: PasswordParams) -> ProfileMade:
        """A new recovery sheet; the old one is worth nothing from now on."""
        current = self._at.current
        key = await self._at.keys.by_password(current, params.password)
        async with self._at.moving:
            lock, code = await with_new_sheet(self._lock(), key)
            lock_file.write(self._at.shelf.folder(current), lock)
            return ProfileMade(profiles=self._at.profiles(), profile_id=current, recovery=code)

    async def remember(self, params: RememberParams) -> Profiles:
        """Let this computer's keyring open the current profile, or not any more."""
        async with self._at.moving:
            if params.remember and self._at.key is None:
                raise Trouble(problem("locked"))
            key = self._at.key if params.remember else None
            await self._at.keys.remember(self._at.current, key)
            self._at.remembered = params.remember
            return self._at.profiles()

    async def _convert(self, how: Conversion, lock: Lock, key: bytes) -> None:
        """The house opens again in every case; what went wrong is raised."""
        loop = asyncio.get_running_loop()

        def tell(step: str, done: int, total: int) -> None:
            told = ProfileConverting(step=cast("ConversionStep", step), done=done, total=total)
            loop.call_soon_threadsafe(self._at.tell, told)

        current = self._at.current
        before = self._at.key
        await self._at.leave(hush=False)
        try:
            files = file_set(self._at.paths_of(current))
            await asyncio.to_thread(how, files, lock, key, tell)
        except BaseException:
            await self._at.enter(current, before)
            raise
        await self._at.enter(current, key)

    def _lock(self) -> Lock:
        lock = lock_file.read(self._at.shelf.folder(self._at.current))
        if lock is None:
            raise Trouble(problem("invalid_request", field="profile"))
        return lock

    def _found(self, profile_id: str) -> ProfileRow:
        row = self._at.shelf.find(profile_id)
        if row is None:
            raise Trouble(problem("not_found", field="profile_id"))
        return row


def _label(text: str) -> str:
    """One line, as it is shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
