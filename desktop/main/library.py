"""The library's services put together: its place, its files, its git and the house rules."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from desktop.bridge.dispatch import Handler
from desktop.paths import Paths, shipped
from desktop.protocol.library import EntrySaved, EntrySaveParams
from desktop.protocol.methods import RoomView
from desktop.protocol.models import Stage
from desktop.providers.process import Processes
from desktop.services.house_rules import HouseRules
from desktop.services.library import Library, Restage
from desktop.services.library_git import LibraryGit
from desktop.services.library_kept import LibraryKept
from desktop.services.library_place import ChooseFolder, LibraryPlace
from desktop.services.library_search import LibrarySearch
from desktop.services.lore import LoreBooks
from desktop.services.outside import Clock, Emit, fresh_id
from desktop.services.preset_room import PresetRoom
from desktop.services.settings import SettingsService
from desktop.store.database import Database
from desktop.store.sealed_files import SealedFiles


class LibraryPart:
    """The turns need ``rules`` and ``books``; ``furnish`` comes when the rooms are there."""

    def __init__(
        self,
        paths: Paths,
        settings: SettingsService,
        choose_folder: ChooseFolder | None,
        sealed: SealedFiles | None,
    ) -> None:
        self._sealed = sealed
        self.place = LibraryPlace(settings, usual_folder(paths), choose_folder, sealed)
        self._library: Library | None = None
        self.kept: LibraryKept | None = None
        samples = shipped() / "persona_data" / "house_rules"
        self.rules = HouseRules(self.place, samples, lambda: settings.current().language)
        self.books = LoreBooks(self.place, shipped() / "persona_data")

    def with_pictures(self, database: Database, clock: Clock) -> LibraryKept:
        self.kept = LibraryKept(database, self.place, shipped() / "persona_data", clock)
        return self.kept

    def furnish(
        self,
        database: Database,
        restage: Restage,
        lay: Callable[[str, Stage], Awaitable[RoomView]],
        emit: Emit,
        clock: Clock,
        processes: Processes,
    ) -> Mapping[str, Handler]:
        library = Library(
            database,
            self.place,
            shipped() / "persona_data",
            restage,
            emit,
            clock,
            fresh_id,
            kept=self.kept,
        )
        self._library = library
        git = LibraryGit(self.place, processes, library.refresh)
        return {
            "library.list": library.list,
            "library.read": library.read,
            "library.save": library.save,
            "library.rename": library.rename,
            "library.delete": library.delete,
            "library.restore": library.restore,
            "library.apply": library.apply,
            "library.keep": library.keep,
            "library.choose_folder": library.choose_folder,
            "library.usual_folder": library.usual_folder,
            "library.find": LibrarySearch(library).find,
            "room.from_preset": PresetRoom(library, lay).make,
            "library.git_status": git.status,
            "library.git_init": git.init,
            "library.git_sync": git.sync,
            "rules.read": self.rules.read,
            "rules.save": self.rules.save,
        }

    async def save(self, params: EntrySaveParams) -> EntrySaved:
        assert self._library is not None
        return await self._library.save(params)

    async def close(self) -> None:
        if self._library is not None:
            await self._library.close()
        if self._sealed is not None:
            self._sealed.close()


def usual_folder(paths: Paths) -> Path:
    return paths.data / "persona_data"
