"""Where the library lies: in the usual place, or where the person put it in the system's dialog."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from desktop.protocol.problems import Trouble, problem
from desktop.services.settings import SettingsService
from desktop.store.disk import Disk
from desktop.store.library import LibraryFolder

ChooseFolder = Callable[[], Awaitable[str]]
"""Lets the person pick a folder; an empty path when they would rather not."""


class LibraryPlace:
    """``lock`` is held by whoever works with the files: one at a time."""

    def __init__(
        self,
        settings: SettingsService,
        usual: Path,
        choose_folder: ChooseFolder | None,
        sealed: Disk | None = None,
    ) -> None:
        """``sealed`` is where the library of a locked profile lies, and nowhere else."""
        self._settings = settings
        self._usual = usual
        self._choose_folder = choose_folder
        self._sealed = sealed
        self._folder = self._library(usual)
        self._made = False
        self.lock = asyncio.Lock()

    @property
    def usual(self) -> bool:
        return self.sealed or not self._settings.current().library_path

    @property
    def sealed(self) -> bool:
        """There are no files that another program could see."""
        return self._sealed is not None

    def folder(self) -> LibraryFolder:
        chosen = self._settings.current().library_path
        root = Path(chosen) if chosen and not self.sealed else self._usual
        if root != self._folder.root:
            self._folder, self._made = self._library(root), False
        return self._folder

    def _library(self, root: Path) -> LibraryFolder:
        return LibraryFolder(root, disk=self._sealed) if self._sealed else LibraryFolder(root)

    def ready(self) -> bool:
        """Whether the folder is there. The usual one is made; a chosen one never: its disk may
        only be unplugged, and an empty library in its place would hide the true one."""
        folder = self.folder()
        if not self.usual and not folder.exists():
            return False
        if not self._made:
            folder.make()
            self._made = True
        return True

    def need(self) -> None:
        """Raises ``Trouble(storage_failed)`` where the chosen folder is not there."""
        if not self.ready():
            raise Trouble(problem("storage_failed", field="library", detail="missing"))

    async def choose(self) -> None:
        """Raises ``Trouble(invalid_request)`` without a window, for a folder of our own, or in a
        locked profile."""
        if self.sealed:
            raise Trouble(problem("invalid_request", field="sealed"))
        if self._choose_folder is None:
            raise Trouble(problem("invalid_request", field="window"))
        chosen = await self._choose_folder()
        if not chosen:
            return
        root = await asyncio.to_thread(lambda: Path(chosen).resolve())
        if self._usual.parent.is_relative_to(root):
            # A git repository there would hold the conversations and the keys' places too.
            raise Trouble(problem("invalid_request", field="folder"))
        await self._settings.choose_library("" if root == self._usual.resolve() else str(root))

    async def forget(self) -> None:
        await self._settings.choose_library("")
