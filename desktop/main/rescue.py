"""What a person does about a damaged database: go on with a backup, or with what can be read."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.main.residence import Residence
from desktop.protocol.backups import Backup, BackupParams
from desktop.protocol.base import UtcMs
from desktop.protocol.method import Nothing
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.rescue import Rescue, Rescued, RescueParams
from desktop.services.backups import new_name, told
from desktop.store import backup_file, damage, salvage
from desktop.store.backup_file import Damaged, backup_trouble
from desktop.store.database import Database
from desktop.store.profile_files import BACKUPS
from desktop.store.salvage import Salvaged
from desktop.store.session import machine_trouble

Made = tuple[int, int]
"""Rooms and messages of what takes the damaged one's place."""


class RescueHandlers:
    """All raise ``Trouble(invalid_request)`` where nothing is damaged, and ``locked``."""

    def __init__(self, residence: Residence) -> None:
        self._at = residence
        self._looking = asyncio.Lock()

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "rescue.look": self.look,
            "rescue.restore": self.restore,
            "rescue.salvage": self.salvage,
            "rescue.fresh": self.fresh,
        }

    async def look(self, _: Nothing) -> Rescue:
        """Try the backups, the newest first, until one holds; it takes as long as it takes."""
        async with self._looking:
            self._need_damage()
            folder, key = self._backups(), self._at.key
            return await asyncio.to_thread(_look, self._database(), folder, key)

    async def restore(self, params: RescueParams) -> Rescued:
        """Raises ``Trouble``: ``not_found``, ``damaged`` for a backup that does not hold, or what
        the disk does; nothing has changed then."""

        def write(part: Path, key: bytes | None) -> Made:
            path = _found(self._backups(), params.backup_id)
            try:
                with backup_trouble(path):
                    note = backup_file.prove(path, key)
                    backup_file.restore(path, key, part)
            except Damaged as error:
                raise Trouble(problem("damaged", field="backup_id")) from error
            return note.rooms, note.messages

        return await self._replaced(write)

    async def salvage(self, _: Nothing) -> Rescued:
        """What can be read becomes a backup like any other, and comes into an empty profile."""
        backup_id = ""

        def write(part: Path, key: bytes | None) -> Made:
            nonlocal backup_id
            database = self._database()
            _empty(part, key)
            with machine_trouble(part):
                salvage.belongings(database, part, key)
            backup_id, found = _kept(database, self._backups(), key, self._at.clock.now_ms())
            return found

        rescued = await self._replaced(write)
        house = self._at.house
        if backup_id and house is not None:
            started = await house.backups.keeper.restore(BackupParams(backup_id=backup_id))
            if started.job is not None:
                await house.transfer.transfer.wait(started.job.id)
        return rescued

    async def fresh(self, _: Nothing) -> Rescued:
        """An empty profile; the damaged file stays beside it."""

        def write(part: Path, key: bytes | None) -> Made:
            _empty(part, key)
            return 0, 0

        return await self._replaced(write)

    async def _replaced(self, write: Callable[[Path, bytes | None], Made]) -> Rescued:
        async with self._looking, self._at.moving:
            self._need_damage()
            key, database = self._at.key, self._database()

            def replace() -> tuple[Made, str]:
                with machine_trouble(database):
                    damage.settle(database)
                    made = write(damage.part_of(database), key)
                    return made, damage.put_in_place(database, self._at.clock.now_ms())

            (rooms, messages), kept = await asyncio.to_thread(replace)
            log.logger.warning("a damaged database was put aside as %s", kept)
            await self._at.enter(self._at.current, key)
            profiles = self._at.profiles()
            return Rescued(profiles=profiles, kept=kept, rooms=rooms, messages=messages)

    def _need_damage(self) -> None:
        if not self._at.damaged:
            if not self._at.profiles().open:
                raise Trouble(problem("locked"))
            raise Trouble(problem("invalid_request", field="profile"))

    def _database(self) -> Path:
        return self._at.paths_of(self._at.current).database

    def _backups(self) -> Path:
        return self._at.paths_of(self._at.current).data / BACKUPS


def _look(database: Path, folder: Path, key: bytes | None) -> Rescue:
    offered: Backup | None = None
    others: list[Backup] = []
    found = [told(path, key) for path in folder.glob("[0-9]*.db")]
    for backup in sorted(found, key=lambda each: (each.made_at, each.id), reverse=True):
        if not backup.readable:
            continue
        if offered is None and _holds(folder / backup.id, key):
            offered = backup
        elif offered is not None:
            others.append(backup)
    return Rescue(offered=offered, others=tuple(others), lost=damage.lost(database))


def _holds(path: Path, key: bytes | None) -> bool:
    try:
        backup_file.prove(path, key)
    except (Damaged, OSError) as error:
        log.report_bug(error, "a backup that does not hold")
        return False
    return True


def _found(folder: Path, backup_id: str) -> Path:
    """By the list: an id is no way to another folder."""
    for path in folder.glob("[0-9]*.db"):
        if path.name == backup_id:
            return path
    raise Trouble(problem("not_found", field="backup_id"))


def _empty(path: Path, key: bytes | None) -> None:
    async def make() -> None:
        await (await Database.open(path, key=key)).close()

    asyncio.run(make())


def _kept(database: Path, folder: Path, key: bytes | None, now: UtcMs) -> tuple[str, Salvaged]:
    """The stories that can be read, as a backup; none where there are none."""
    path = database.with_name(database.name + damage.SALVAGE)
    try:
        _empty(path, key)
        with machine_trouble(path):
            found = salvage.stories(database, path, key)
        if not found.rooms:
            return "", found
        target = folder / new_name(now, "salvage")
        try:
            backup_file.make(path, key, target, (), made_at=now, reason="salvage")
        except Damaged as error:
            raise Trouble(problem("storage_failed", field="backups")) from error
        return target.name, found
    finally:
        backup_file.drop(path)
