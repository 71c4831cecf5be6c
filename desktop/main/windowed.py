"""The window's process: the loop, the services, the bridge and the page, put together."""

import asyncio
import signal
import webbrowser
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from desktop import log
from desktop.bridge.dispatch import Dispatcher, Handler
from desktop.bridge.event_loop import EventLoop
from desktop.bridge.outbox import Outbox
from desktop.bridge.page_api import PageApi
from desktop.bridge.room_title import RoomTitle
from desktop.command_line.options import Options
from desktop.main.demo import Demo
from desktop.main.house import Outlet
from desktop.main.profile_handlers import ProfileHandlers
from desktop.main.replacing import ReplaceHandlers
from desktop.main.rescue import RescueHandlers
from desktop.main.residence import Residence
from desktop.main.way_in import chosen
from desktop.paths import Paths, page_file
from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent
from desktop.protocol.methods import METHODS
from desktop.protocol.problems import Trouble, problem
from desktop.store.profile_list import ProfileShelf
from desktop.window.app_window import AppWindow
from desktop.window.single_instance import SingleInstance

CLOSING_S = 12.0


def open_window(options: Options, paths: Paths, instance: SingleInstance) -> int:
    """Run the window until it is closed. On the main thread; returns the exit code."""
    profile = ""
    if options.profile:
        profile = chosen(ProfileShelf(paths.data, tuple(paths)[1:]), options.profile).id
    program = Program(paths, profile)
    demo = Demo(program, options.text, options.screenshot) if options.command == "demo" else None
    if demo is not None:
        program.watchers.append(demo.saw_event)
    program.start()
    instance.listen(program.window.come_forward)
    if demo is not None:
        demo.start()
    for ending in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, ending):
            signal.signal(getattr(signal, ending), lambda *_: program.window.close())
    code = program.window.run()
    program.clean_up()
    return demo.code if demo is not None else code


class Program:
    """The parts, and the few lines between them."""

    def __init__(self, paths: Paths, profile: str = "") -> None:
        self._paths = paths
        self._profile = profile
        self._loop = EventLoop()
        self._outbox = Outbox()
        self._residence: Residence | None = None
        self._started: Future[None] | None = None
        self._profile_handlers: Mapping[str, Handler] = {}
        self._title = RoomTitle(self._show_title)
        self.watchers: list[Callable[[AnyEvent], None]] = [self._title.saw_event]
        """Told of every event, on the loop."""
        handlers = {name: partial(self._handle, name) for name in METHODS}
        api = PageApi(Dispatcher(handlers, self._loop, log.report_bug), self._at_home)
        self.window = AppWindow(
            page_file(), api, clean_up=self.clean_up, page_died=self._outbox.restart
        )
        self.last_opened: Frozen | None = None
        """What the page was told by its newest ``app.open``."""

    def start(self) -> None:
        """Begin to open the data, while the main thread goes on to open the window."""
        self._loop.start()
        outlet = Outlet(
            self._emit,
            self._outbox.opened,
            self._outbox.mark,
            choose_file=self._choose_file,
            choose_folder=self._choose_folder,
            choose_save=self._choose_save,
            print_pdf=self._print_pdf if self.window.prints else None,
            open_outside=self._open_outside,
        )
        self._residence = Residence(self._paths, outlet, self._hush)
        self._profile_handlers = {
            **ProfileHandlers(self._residence).handlers(),
            **RescueHandlers(self._residence).handlers(),
            **ReplaceHandlers(self._residence).handlers(),
        }
        self._started = self._loop.submit(self._residence.start(self._profile))
        self._outbox.start(self.window.push)

    def clean_up(self) -> None:
        """Store what is being said and end what runs. May be called twice."""
        residence, self._residence = self._residence, None
        if residence is not None:
            try:
                self._loop.call(residence.close(), CLOSING_S)
            except Exception as error:  # noqa: BLE001 - the window must close all the same
                log.report_bug(error, "closing")
        self._outbox.stop()
        self._loop.stop()

    def _at_home(self) -> bool:
        return self.window.at_home()

    async def _choose_file(self) -> str:
        return await asyncio.to_thread(self.window.choose_file)

    async def _choose_folder(self) -> str:
        return await asyncio.to_thread(self.window.choose_folder)

    async def _choose_save(self, name: str) -> str:
        return await asyncio.to_thread(self.window.choose_save, name)

    async def _print_pdf(self, page: Path, pdf: Path) -> bool:
        return await asyncio.to_thread(self.window.print_pdf, page, pdf)

    async def _open_outside(self, page: Path) -> None:
        await asyncio.to_thread(webbrowser.open, page.as_uri())

    def _emit(self, event: AnyEvent) -> None:
        self._outbox.emit(event)
        for watch in self.watchers:
            watch(event)

    async def _handle(self, name: str, params: Any) -> Frozen:
        """The page may ask before the data is open; what opening it raised is its answer."""
        residence = self._residence
        if residence is None or self._started is None:
            raise Trouble(problem("busy"))
        await asyncio.wrap_future(self._started)
        if name in self._profile_handlers:
            return await self._profile_handlers[name](params)
        result = await residence.handle(name, params)
        if name == "app.open":
            self.last_opened = result
        self._title.saw_result(result)
        return result

    def _hush(self) -> None:
        """Nothing of the profile that was shown goes to the page or stands in the title."""
        self._outbox.hush()
        self._title.forget()
        self.last_opened = None

    def _show_title(self, room: str) -> None:
        # On the loop: pywebview's own way waits for the window, so it goes through a thread.
        self._loop.submit(asyncio.to_thread(self.window.set_title, room))
