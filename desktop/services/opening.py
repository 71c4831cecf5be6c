"""The one answer with everything that the page's first frame needs."""

from collections.abc import Callable

from msgspec.structs import replace

from desktop.protocol.methods import Opened, OpenParams, SettingsParams
from desktop.protocol.models import Language
from desktop.services.outside import Clock, NewId, ReportBug
from desktop.services.providers import Providers
from desktop.services.room_view import Talking, view
from desktop.services.rooms import LAST_ROOM
from desktop.services.settings import SettingsService
from desktop.services.starter import Starter, set_up
from desktop.store import rooms, settings
from desktop.store.database import Database

LoadStarter = Callable[[Language], Starter]


class Opening:
    """``opened`` is told that a page begins to listen; it returns the newest event's number."""

    def __init__(
        self,
        *,
        database: Database,
        settings: SettingsService,
        providers: Providers,
        turns: Talking,
        starter: LoadStarter,
        opened: Callable[[], int],
        clock: Clock,
        new_id: NewId,
        report_bug: ReportBug,
        version: str,
        platform: str,
    ) -> None:
        self._database = database
        self._settings = settings
        self._providers = providers
        self._turns = turns
        self._starter = starter
        self._opened = opened
        self._clock = clock
        self._new_id = new_id
        self._report_bug = report_bug
        self._version = version
        self._platform = platform

    async def open(self, params: OpenParams) -> Opened:
        """Where the person left off. On the very first start the starter room is set up."""
        first = await self._first_start(params.language)
        async with self._database.reading() as session:
            last = await settings.read(session, LAST_ROOM)
            listed = await rooms.listed(session)
            chosen = next((room for room in listed if room.id == last), None)
            room = chosen or next(iter(listed), None)
            # From the view on nothing is awaited: it all belongs to one moment.
            seen = await view(session, room, self._turns, self._opened) if room else None
            return Opened(
                version=self._version,
                sequence=seen.sequence if seen else self._opened(),
                settings=self._settings.current(),
                rooms=listed,
                room=seen,
                providers=self._providers.infos(),
                statuses=self._providers.statuses(),
                platform=self._platform,
                first_start=first,
                now=self._clock.now_ms(),
            )

    async def _first_start(self, language: Language | None) -> bool:
        async with self._database.reading() as session:
            if await rooms.any_ever(session):
                return False
        if language:
            chosen = replace(self._settings.current(), language=language)
            await self._settings.change(SettingsParams(settings=chosen))
        try:
            starter = self._starter(self._settings.current().language)
        except (OSError, ValueError) as bug:
            # A damaged library must not keep anyone from making a room of their own.
            self._report_bug(bug, "loading the starter room")
            return True
        async with self._database.transaction() as session:
            if not await rooms.any_ever(session):
                await set_up(session, starter, self._clock.now_ms(), self._new_id)
        return True
