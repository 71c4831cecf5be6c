"""Puts a whole backup in the place of what is there; that is kept as a backup of its own first."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.main.house import House
from desktop.main.residence import Residence
from desktop.protocol.backups import BackupParams
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.replacing import Replaced
from desktop.services.library_put_back import put_back
from desktop.store import backup_file, damage
from desktop.store.backup_file import Damaged, Item, Note, backup_trouble
from desktop.store.session import machine_trouble


class ReplaceHandlers:
    def __init__(self, residence: Residence) -> None:
        self._at = residence
        self._one = asyncio.Lock()

    def handlers(self) -> Mapping[str, Handler]:
        return {"backup.replace": self.replace}

    async def replace(self, params: BackupParams) -> Replaced:
        """Raises ``Trouble``: ``locked``, ``not_found``, ``busy`` while an answer comes or a file
        goes in or out, ``damaged`` for a backup that does not hold, or what the disk does; nothing
        has changed then."""
        async with self._one:
            house, key = self._idle_house(), self._at.key
            path = await house.backups.keeper.path_of(params)
            note, items = await asyncio.to_thread(_proven, path, key)
            kept = await house.backups.keeper.before_replacing()
            async with self._at.moving:
                if self._idle_house() is not house:
                    raise Trouble(problem("busy"))
                await self._put_in_place(path, key)
            library, missing = await self._library(items, sealed=key is not None)
            log.logger.warning("all was replaced by %s, what was there is %s", path.name, kept)
            return Replaced(
                profiles=self._at.profiles(),
                kept=kept,
                rooms=note.rooms,
                messages=note.messages,
                library=library,
                library_missing=missing,
            )

    def _idle_house(self) -> House:
        house = self._at.house
        if house is None:
            raise Trouble(problem("locked"))
        if house.turns.answering() or house.transfer.transfer.at_work():
            raise Trouble(problem("busy"))
        return house

    async def _put_in_place(self, path: Path, key: bytes | None) -> None:
        """The profile is closed and opened again; with what was there if this fails."""
        current = self._at.current
        database = self._at.paths_of(current).database

        def put() -> None:
            with machine_trouble(database):
                damage.settle(database)
                with backup_trouble(path):
                    backup_file.restore(path, key, damage.part_of(database))
                damage.put_in_place(database, self._at.clock.now_ms(), aside=False)

        await self._at.leave()
        try:
            await asyncio.to_thread(put)
        except Damaged as error:
            raise Trouble(problem("damaged", field="backup_id")) from error
        finally:
            await self._at.enter(current, key)

    async def _library(self, items: tuple[Item, ...], *, sealed: bool) -> tuple[int, bool]:
        """That of a locked profile lies in its database and came back with it."""
        house = self._at.house
        if house is None or sealed:
            return len(items), False
        place = house.library.place
        async with place.lock:
            if not await asyncio.to_thread(place.ready):
                return 0, True
            now = self._at.clock.now_ms()
            count = await asyncio.to_thread(put_back, place.folder(), items, now)
        return count, False


def _proven(path: Path, key: bytes | None) -> tuple[Note, tuple[Item, ...]]:
    try:
        with backup_trouble(path):
            return backup_file.prove(path, key), backup_file.library_of(path, key)
    except Damaged as error:
        raise Trouble(problem("damaged", field="backup_id")) from error
