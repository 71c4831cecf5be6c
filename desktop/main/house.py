"""Everything that lives on the loop, built in order and torn down in reverse."""

import asyncio
import math
import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.main.backups import BackupPart, before_migration
from desktop.main.books import BookPart
from desktop.main.cards import card_handlers
from desktop.main.connections import Connections
from desktop.main.diagnosis import Examiner, third_parties
from desktop.main.door import PLAIN, Door, opened
from desktop.main.library import LibraryPart
from desktop.main.pictures import PicturePart
from desktop.main.prompting import PromptPart
from desktop.main.speaking import SpeechPart
from desktop.main.telling import story_handlers
from desktop.main.transfer import TransferPart
from desktop.main.version import version
from desktop.main.voices import VoicesPart
from desktop.paths import Paths, shipped
from desktop.protocol.base import Frozen
from desktop.protocol.diagnosis import Reported, ReportParams
from desktop.protocol.methods import Opened, RoomParams, RoomView
from desktop.providers.process import Processes
from desktop.providers.storyteller import PACE
from desktop.services.book_saving import OpenOutside, PrintPdf
from desktop.services.dice import Dice
from desktop.services.measures import Measures
from desktop.services.opening import Opening
from desktop.services.outside import Emit, SystemClock, fresh_id
from desktop.services.program_paths import ChooseFile
from desktop.services.providers import Providers
from desktop.services.readiness import Readiness
from desktop.services.rooms import Rooms
from desktop.services.scenes import OpeningScenes
from desktop.services.search import Search
from desktop.services.sessions import Sessions
from desktop.services.settings import SettingsService
from desktop.services.shelf import Shelf
from desktop.services.starter import load_starter
from desktop.services.story import Story
from desktop.services.transfer_files import ChooseSave
from desktop.services.turns import Turns
from desktop.services.undo_stack import UndoStacks
from desktop.services.usage import UsageBook
from desktop.store.database import Database
from desktop.store.sealed_files import SealedFiles

PACE_VARIABLE = "PERSONA_STORYTELLER_PACE"
"""Characters a second of the practice provider, for tests and benchmarks; ``inf`` never waits."""


class Outlet(NamedTuple):
    """Where events go, and the two ways of asking for the newest one's number."""

    emit: Emit
    opened: Callable[[], int]
    """A page begins to listen now."""
    mark: Callable[[], int]
    """A snapshot is taken now."""
    choose_file: ChooseFile | None = None
    """The window's own dialog; ``None`` where there is no window."""
    choose_folder: ChooseFile | None = None
    """The same for a folder."""
    choose_save: ChooseSave | None = None
    """Where to write a file, with a name to start from."""
    print_pdf: PrintPdf | None = None
    """The window's engine prints a page of ours; ``None`` where it cannot."""
    open_outside: OpenOutside | None = None
    """Shows a file of ours in the person's browser."""


class House:
    """All services over one open database. Make it with ``build``; everything is on the loop."""

    def __init__(self, database: Database, processes: Processes) -> None:
        self._database = database
        self._processes = processes
        self.connections: Connections
        self.providers: Providers
        self.turns: Turns
        self.readiness: Readiness
        self.search: Search
        self.library: LibraryPart
        self.prompting: PromptPart
        self.books: BookPart
        self.voices: VoicesPart
        self.transfer: TransferPart
        self.speech: SpeechPart
        self.backups: BackupPart
        self.pictures: PicturePart
        self.handlers: Mapping[str, Handler] = {}

    async def close(self) -> None:
        """Store what is being said, end every process, close the file. Never raises."""
        for what, closing in (
            ("what is read aloud", self.speech.close),
            ("what is taken out and in", self.transfer.transfer.close),
            ("the backups", self.backups.keeper.close),
            ("turns that come by themselves", self.voices.close),
            ("what is being made ready", self.readiness.close),
            ("the turns", self.turns.close),
            ("the summaries", self.prompting.summaries.close),
            ("the search index", self.search.close),
            ("the library", self.library.close),
            ("the books", self.books.close),
            ("the providers", self.connections.close),
            ("the processes", self._processes.close),
            ("the database", self._database.close),
        ):
            try:
                await closing()
            except Exception as error:  # noqa: BLE001 - the rest must be closed all the same
                log.report_bug(error, f"closing {what}")


async def build(paths: Paths, outlet: Outlet, *, recover: bool = True, door: Door = PLAIN) -> House:
    """Open the data and build the services. Raises ``Trouble`` for what the disk does.

    ``recover`` stores what a crash cut off: only for the one program that holds the lock.
    """
    if recover:
        await asyncio.to_thread(before_migration, paths, door.key)
    database, sealed = await opened(paths, door)
    try:
        return await _built(paths, outlet, recover, door, database, sealed)
    except BaseException:
        await database.close()
        if sealed is not None:
            sealed.close()
        raise


async def _built(
    paths: Paths,
    outlet: Outlet,
    recover: bool,
    door: Door,
    database: Database,
    sealed: SealedFiles | None,
) -> House:
    clock, processes = SystemClock(), Processes(paths.providers if door.key else None)
    house = House(database, processes)
    house.search = Search(database, log.report_bug)
    outlet = outlet._replace(emit=house.search.overhear(outlet.emit))
    house.voices = VoicesPart(outlet.emit)
    outlet = outlet._replace(emit=house.voices.emit)
    settings = SettingsService(database, outlet.emit)
    await settings.load()
    connections = Connections(
        paths,
        processes,
        settings,
        outlet.emit,
        clock,
        pace=storyteller_pace(),
        keychain=door.keychain,
        choose_file=outlet.choose_file,
    )
    house.connections = connections
    house.providers = connections.providers
    house.library = LibraryPart(paths, settings, outlet.choose_folder, sealed)
    house.pictures = PicturePart(database, house.library, clock, outlet.choose_file)
    stacks = UndoStacks(outlet.emit)
    measures = Measures(database, connections.ways)
    occupied = lambda room_id: house.turns.occupied(room_id)  # noqa: E731, PLW0108 - not made yet
    dice = Dice(database, occupied, outlet.emit, clock, fresh_id)
    house.prompting = PromptPart(
        database,
        connections.ways,
        measures,
        house.library.books,
        settings.limits,
        outlet.emit,
        clock,
    )
    house.turns = Turns(
        database=database,
        providers=connections.ways,
        limits=settings.limits,
        emit=house.prompting.summaries.overhear(outlet.emit),
        clock=clock,
        new_id=fresh_id,
        report_bug=log.report_bug,
        stacks=stacks,
        house_rules=house.library.rules.in_force,
        measures=measures,
        voices=house.voices.voices,
        throw=dice.throw_asked,
        books=house.library.books.in_force,
    )
    story = Story(database, house.turns, stacks, outlet.emit, clock, fresh_id)
    shelf = Shelf(story, house.turns, outlet.mark)
    house.backups = BackupPart(
        paths,
        door.key,
        house.library.place,
        settings.current,
        lambda: house.transfer.transfer,
        house.turns.answering,
        clock,
        outlet.open_outside,
    )
    house.transfer = TransferPart(
        paths,
        database,
        house.library.place,
        outlet.emit,
        clock,
        busy=house.turns.occupied,
        brought_in=house.search.wake,
        choose_file=outlet.choose_file,
        choose_folder=outlet.choose_folder,
        choose_save=outlet.choose_save,
        before_import=house.backups.keeper.before_import,
    )
    if recover:
        await house.turns.recover()
        await shelf.purge()
        await house.transfer.transfer.recover()
        await house.pictures.pictures.sweep()
        house.backups.keeper.start()
    house.readiness = Readiness(
        database,
        connections.ways,
        log.report_bug,
        house_rules=house.library.rules.in_force,
        measures=measures,
        voices=house.voices.voices,
        books=house.library.books.in_force,
    )
    house.voices.attach(database, house.turns, house.readiness, clock)
    rooms = Rooms(database, house.turns, outlet.emit, clock, fresh_id, outlet.mark, stacks)
    scenes = OpeningScenes(
        shipped() / "persona_data" / "starter",
        database,
        rooms.open,
        outlet.emit,
        clock,
        fresh_id,
    )
    opening = Opening(
        database=database,
        settings=settings,
        providers=house.providers,
        turns=house.turns,
        starter=partial(load_starter, shipped() / "persona_data" / "starter"),
        opened=outlet.opened,
        clock=clock,
        new_id=fresh_id,
        report_bug=log.report_bug,
        version=version(),
        platform=platform_name(),
    )
    house.search.wake()
    house.books = BookPart(
        paths,
        story,
        outlet.emit,
        clock,
        choose_save=outlet.choose_save,
        print_pdf=outlet.print_pdf,
        open_outside=outlet.open_outside,
    )
    house.speech = SpeechPart(
        paths, processes, settings, connections, outlet.emit, clock, outlet.choose_file
    )
    house.handlers = {
        "app.open": _then_ready(house.voices.shown(opening.open), house.readiness),
        "app.report": _report,
        "app.diagnose": Examiner(paths, house.providers).diagnose,
        "app.notices": third_parties,
        "room.open": _then_ready(house.voices.shown(rooms.open), house.readiness),
        "room.prepare": house.readiness.prepare,
        "room.create": rooms.create,
        "scene.list": scenes.list,
        "scene.open": scenes.open,
        "room.rename": rooms.rename,
        "room.trash": rooms.trash,
        "room.restore": rooms.restore,
        "room.stage": rooms.stage,
        "room.draft": rooms.draft,
        "message.around": house.search.around,
        "dice.roll": dice.roll,
        "dice.verify": dice.verify,
        "search.find": house.search.find,
        "usage.read": UsageBook(database, clock).read,
        **story_handlers(story, house.turns, shelf),
        **house.voices.handlers(),
        "turn.again": house.turns.again,
        "turn.stop": house.turns.stop,
        "session.reset": Sessions(database, house.readiness.let_go).reset,
        **connections.handlers(),
        **house.library.furnish(database, rooms.stage, rooms.lay, outlet.emit, clock, processes),
        **house.transfer.handlers(),
        **house.backups.handlers(),
        **house.prompting.handlers(),
        **house.books.handlers(),
        **house.speech.handlers(),
        **house.pictures.handlers(),
        **card_handlers(
            house.library.save, outlet.choose_file, outlet.choose_save, house.pictures.pictures
        ),
        "settings.change": settings.change,
    }
    return house


def _then_ready(handler: Handler, readiness: Readiness) -> Handler:
    """Show a room first, and then get its AI ready."""

    async def shown(params: Any) -> Frozen:
        answer = await handler(params)
        room = answer.room if isinstance(answer, Opened) else answer
        if isinstance(room, RoomView):
            await readiness.prepare(RoomParams(room_id=room.room.id))
        return answer

    return shown


async def _report(params: ReportParams) -> Reported:
    # An error's message may repeat text of the story: between quotes, or in another script than
    # that of file names and lines. V8 quotes the text that it could not read as JSON.
    said = [re.sub(r'"[^"]*("|$)', '"…"', one) for one in (params.message, params.stack)]
    told = re.sub(r"[^\x20-\x7e\n]+", "…", f"{said[0][:300]}\n{said[1][:8_000]}")
    return Reported(log_id=log.report_bug(PageError(told), "in the page"))


class PageError(Exception):
    """An error that the page met and could not handle."""


def storyteller_pace() -> float:
    """Its own pace, or what the environment says; nonsense there is ignored."""
    try:
        pace = float(os.environ.get(PACE_VARIABLE, ""))
    except ValueError:
        return PACE
    return pace if pace > 0 and not math.isnan(pace) else PACE


def platform_name() -> str:
    """``linux``, ``windows`` or ``macos``."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
