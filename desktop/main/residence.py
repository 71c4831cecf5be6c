"""Which profile the window shows: one house at a time, and nothing of it left when it goes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from desktop import log
from desktop.main.door import Door, empty_working_folders, file_set
from desktop.main.house import House, Outlet, build, platform_name
from desktop.main.version import version
from desktop.paths import Paths, of_profile
from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent, ProfileDamaged, SettingsChanged
from desktop.protocol.methods import Opened, OpenParams
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.profiles import Profile, Profiles
from desktop.protocol.settings import Settings
from desktop.services.outside import SystemClock
from desktop.services.profile_keys import ProfileKeys, keychain_of
from desktop.store import conversion, damage, lock_file
from desktop.store.attempts import Attempts
from desktop.store.damage import Examination
from desktop.store.profile_files import BACKUPS
from desktop.store.profile_list import ProfileRow, ProfileShelf
from desktop.store.session import disk_trouble


class Residence:
    """On the loop. ``hush`` forgets what the page was still to be told and the window's title.

    Every call of the page goes through ``handle``. While profiles change, calls wait.
    """

    def __init__(self, paths: Paths, outlet: Outlet, hush: Callable[[], None]) -> None:
        self._paths = paths
        self._outlet = outlet
        self._hush = hush
        self.clock = SystemClock()
        self.shelf = ProfileShelf(paths.data, tuple(paths)[1:])
        self.keys = ProfileKeys(Attempts(paths.data / "attempts.json"), self.clock, self._folder_of)
        self.house: House | None = None
        self.key: bytes | None = None
        """Of the profile that is open, if it is a locked one."""
        self.remembered = False
        self.moving = asyncio.Lock()
        self._epoch = 0
        self._trouble: Trouble | None = None
        self.damaged = False
        """The database of the current profile cannot be used; ``key`` is that of a locked one."""
        self._examining: tuple[Examination, asyncio.Task[None]] | None = None
        self.shut: set[str] = set()
        """Locked by the person since the start: the keyring does not open these again."""

    async def start(self, profile_id: str = "") -> None:
        """Open the profile that was shown last, as far as that goes without a password."""
        async with self.moving:
            await asyncio.to_thread(self._tidy)
            await self.enter(profile_id or self.shelf.list.current, None)

    async def handle(self, name: str, params: Any) -> Frozen:
        """Answer a call that is not about profiles. Raises ``Trouble(locked)`` while locked."""
        async with self.moving:
            house, epoch = self.house, self._epoch
            if name == "app.open" and house is None and self._trouble is None:
                return await self._closed_door(params)
        if house is None:
            told = problem("damaged" if self.damaged else "locked")
            raise self._trouble or Trouble(told)
        try:
            result = await self._answered(house, name, params)
        except Trouble:
            if epoch == self._epoch:
                raise
            result = None
        if result is None or epoch != self._epoch:
            if name == "app.open":
                return await self.handle(name, params)
            raise Trouble(problem("locked"))
        if isinstance(result, Opened):
            self._keep_looks(result.settings)
            return replace(result, profiles=self.profiles())
        return result

    async def enter(self, profile_id: str, key: bytes | None) -> None:
        """Show a profile; ``moving`` is held. A locked one without a key stays shut.

        Raises ``Trouble(not_found)``. What its disk does is told by the next ``app.open``.
        """
        if self.shelf.find(profile_id) is None:
            if profile_id == self.shelf.list.current:
                profile_id = next(
                    (row.id for row in self.shelf.list.profiles if row.deleted_at is None), ""
                )
            if not profile_id:
                raise Trouble(problem("not_found", field="profile_id"))
        if self.shelf.find(profile_id) is None:
            raise Trouble(problem("not_found", field="profile_id"))
        await self.leave()
        self.shelf.keep(replace(self.shelf.list, current=profile_id))
        try:
            await self._open(profile_id, key)
        except Trouble as trouble:
            if trouble.problem.code == "damaged":
                self.damaged = True
            else:
                self._trouble = trouble

    async def leave(self, *, hush: bool = True) -> None:
        """Close all that is open; ``moving`` is held. From here on nothing of it is told.

        Without ``hush`` the page goes on listening to what is of no house.
        """
        self._epoch += 1
        self._trouble = None
        self.damaged = False
        await self._stop_examining()
        house, self.house = self.house, None
        was_locked, self.key = self.key is not None, None
        self.remembered = False
        if hush:
            self._hush()
        if house is not None:
            await house.close()
        if was_locked:
            await asyncio.to_thread(empty_working_folders, self.paths_of(self.current))

    async def close(self) -> None:
        async with self.moving:
            await self.leave()

    @property
    def current(self) -> str:
        return self.shelf.list.current

    def paths_of(self, profile_id: str) -> Paths:
        return of_profile(self._paths, self.shelf.folder(profile_id))

    def has_lock(self, profile_id: str) -> bool:
        return (self.shelf.folder(profile_id) / lock_file.NAME).exists()

    def tell(self, event: AnyEvent) -> None:
        """Something that is of no house."""
        self._outlet.emit(event)

    def profiles(self) -> Profiles:
        return Profiles(
            current=self.current,
            open=self.house is not None or self._trouble is not None,
            remembered=self.remembered,
            damaged=self.damaged,
            profiles=tuple(
                self._seen(number, row) for number, row in enumerate(self.shelf.list.profiles, 1)
            ),
        )

    def _seen(self, number: int, row: ProfileRow) -> Profile:
        return Profile(
            id=row.id,
            label=row.label,
            number=number,
            locked=self.has_lock(row.id),
            created_at=row.created_at,
            deleted_at=row.deleted_at,
        )

    async def _open(self, profile_id: str, key: bytes | None) -> None:
        try:
            paths = self.paths_of(profile_id)
        except OSError as error:
            raise disk_trouble(error) from error
        lock = await asyncio.to_thread(conversion.settle, file_set(paths))
        if lock is None:
            key = None
        else:
            recalled = await self.keys.recalled(profile_id)
            self.remembered = recalled is not None
            key = key or (recalled if profile_id not in self.shut else None)
            if key is None:
                return
            self.shut.discard(profile_id)
        self.key = key
        large = await asyncio.to_thread(_looked_through, paths, key)
        epoch = self._epoch
        emit = self._outlet.emit

        def emit_of_this_house(event: AnyEvent) -> None:
            if self._epoch == epoch:
                if isinstance(event, SettingsChanged):
                    self._keep_looks(event.settings)
                emit(event)

        outlet = self._outlet._replace(emit=emit_of_this_house)
        self.house = await build(paths, outlet, door=Door(keychain_of(profile_id), key))
        if large:
            self._examine(paths, key)

    async def _answered(self, house: House, name: str, params: Any) -> Frozen:
        try:
            return await house.handlers[name](params)
        except Trouble as trouble:
            if trouble.problem.code == "damaged":
                self._examine(self.paths_of(self.current), self.key)
            raise

    def _examine(self, paths: Paths, key: bytes | None) -> None:
        """Look through the whole file while it is in use."""
        if self._examining is None or self._examining[1].done():
            examination = Examination(paths.database, key)
            task = asyncio.create_task(self._found_out(examination, self._epoch))
            self._examining = examination, task

    async def _found_out(self, examination: Examination, epoch: int) -> None:
        if not await asyncio.to_thread(examination.damaged):
            return
        async with self.moving:
            if epoch != self._epoch:
                return
            # Whoever leaves waits for this task: that would be for ever.
            self._examining = None
            key = self.key
            await self.leave(hush=False)
            self.key, self.damaged = key, True
            self._outlet.emit(ProfileDamaged())

    async def _stop_examining(self) -> None:
        examining, self._examining = self._examining, None
        if examining is not None:
            examination, task = examining
            task.cancel()
            await asyncio.to_thread(examination.stop)
            with suppress(asyncio.CancelledError):
                await task

    async def _closed_door(self, params: OpenParams) -> Opened:
        """What the page is told of a locked profile: how to look, and whose doors there are."""
        known = self.shelf.list
        language = known.language or params.language or "ko"
        return Opened(
            version=version(),
            sequence=self._outlet.opened(),
            settings=Settings(language=language, theme=known.theme),
            rooms=(),
            room=None,
            providers=(),
            statuses=(),
            platform=platform_name(),
            first_start=False,
            now=self.clock.now_ms(),
            profiles=self.profiles(),
        )

    def _keep_looks(self, settings: Settings) -> None:
        try:
            self.shelf.keep(
                replace(self.shelf.list, language=settings.language, theme=settings.theme)
            )
        except Trouble as trouble:
            log.report_bug(trouble, "keeping how the door looks")

    def _folder_of(self, profile_id: str) -> Path | None:
        row = self.shelf.find(profile_id)
        return self.shelf.folder(row.id) if row is not None else None

    def _tidy(self) -> None:
        """Finish what a crash left of any profile, before anybody is asked for a password."""
        for row in self.shelf.list.profiles:
            try:
                paths = self.paths_of(row.id)
                if conversion.settle(file_set(paths)) is not None:
                    empty_working_folders(paths)
            except (Trouble, OSError) as error:
                log.report_bug(error, "tidying a profile")
        try:
            self.shelf.purge(self.clock.now_ms())
        except (Trouble, OSError) as error:
            log.report_bug(error, "purging profiles")


def _looked_through(paths: Paths, key: bytes | None) -> bool:
    """Whether the file is so large that it is to be looked through later. Waits for the disk.

    Raises ``Trouble(damaged)``. No database at all counts as that where there were backups.
    """
    try:
        damage.settle(paths.database)
    except OSError as error:
        raise disk_trouble(error) from error
    if damage.lost(paths.database):
        if any((paths.data / BACKUPS).glob("[0-9]*.db")):
            raise Trouble(problem("damaged", detail="lost"))
        return False
    if paths.database.stat().st_size > damage.AT_ONCE:
        return True
    if Examination(paths.database, key).damaged():
        raise Trouble(problem("damaged"))
    return False
