"""What the program does around a residence, without a window."""

import asyncio
from pathlib import Path
from typing import Any

from desktop import paths
from desktop.main.house import Outlet
from desktop.main.profile_handlers import ProfileHandlers
from desktop.main.replacing import ReplaceHandlers
from desktop.main.rescue import RescueHandlers
from desktop.main.residence import Residence
from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent, ProfileConverting
from desktop.protocol.method import Nothing
from desktop.protocol.methods import Opened, OpenParams


class Window:
    """Asks by name, keeps the events."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[AnyEvent] = []
        self.steps: list[str] = []
        self.listening = False
        outlet = Outlet(self._emit, self._opened, lambda: 0)
        self.residence = Residence(paths.persons_folders(str(folder)), outlet, self._hush)
        self._handlers = {
            **ProfileHandlers(self.residence).handlers(),
            **RescueHandlers(self.residence).handlers(),
            **ReplaceHandlers(self.residence).handlers(),
        }

    def _emit(self, event: AnyEvent) -> None:
        if self.listening:
            self.events.append(event)
            if isinstance(event, ProfileConverting):
                self.steps.append(event.step)

    def _opened(self) -> int:
        self.listening = True
        return 0

    def _hush(self) -> None:
        self.listening = False
        self.events.clear()

    async def ask(self, name: str, params: Frozen | None = None) -> Any:
        given = params or Nothing()
        if name in self._handlers:
            return await self._handlers[name](given)
        return await self.residence.handle(name, given)

    async def open(self) -> Opened:
        opened = await self.ask("app.open", OpenParams(language="ko"))
        assert isinstance(opened, Opened)
        return opened

    async def told(self, kind: type[AnyEvent]) -> None:
        async with asyncio.timeout(20):
            while not any(isinstance(event, kind) for event in self.events):
                await asyncio.sleep(0.01)
