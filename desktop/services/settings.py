"""The person's settings: read once, kept at hand, stored at every change."""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from desktop.protocol.base import DurationMs
from desktop.protocol.events import SettingsChanged
from desktop.protocol.methods import SettingsParams
from desktop.protocol.models import Language
from desktop.protocol.settings import Settings
from desktop.providers.base import Limits
from desktop.services.outside import Emit
from desktop.store import settings as stored
from desktop.store.database import Database


class SettingsService:
    """``load`` comes first; until then the defaults hold."""

    def __init__(self, database: Database, emit: Emit) -> None:
        self._database = database
        self._emit = emit
        self._current = Settings()
        self.may: Callable[[Settings], None] = lambda _settings: None
        """Raises ``Trouble`` for settings that are not to be kept."""
        self.follow: Callable[[Settings], Awaitable[None]] | None = None
        """Told of settings that hold from now on."""

    async def load(self) -> Settings:
        async with self._database.reading() as session:
            self._current = await stored.read_settings(session)
        return self._current

    def current(self) -> Settings:
        return self._current

    def limits(self) -> Limits:
        """How long an AI may be silent, in the words of the seam."""
        settings = self._current
        return Limits(
            first_text_ms=DurationMs(settings.first_text_timeout_s * 1000),
            idle_ms=DurationMs(settings.idle_timeout_s * 1000),
            total_ms=DurationMs(settings.turn_timeout_s * 1000),
        )

    async def change(self, params: SettingsParams) -> Settings:
        """Keep what the page wishes, but for paths: a page never says what is to be started."""
        current = self._current
        wanted = replace(
            params.settings,
            provider_paths=current.provider_paths,
            library_path=current.library_path,
            speech=replace(params.settings.speech, program=current.speech.program),
        )
        return await self._keep(wanted)

    async def choose_path(self, provider_id: str, path: str) -> Settings:
        """Say where a program is; an empty path leaves it to be found."""
        paths = {**self._current.provider_paths, provider_id: path}
        kept = {each: chosen for each, chosen in paths.items() if chosen}
        return await self._keep(replace(self._current, provider_paths=kept))

    async def keep_language(self, language: Language) -> Settings:
        """The one setting a profile is made with."""
        await self.load()
        return await self._keep(replace(self._current, language=language))

    async def choose_library(self, folder: str) -> Settings:
        """Say where the library lies; empty is the usual place."""
        return await self._keep(replace(self._current, library_path=folder))

    async def choose_speaker(self, program: str) -> Settings:
        """Say which program reads aloud; empty is the system's own."""
        speech = replace(self._current.speech, program=program)
        return await self._keep(replace(self._current, speech=speech))

    async def _keep(self, settings: Settings) -> Settings:
        self.may(settings)
        async with self._database.transaction() as session:
            await stored.write_settings(session, settings)
        self._current = settings
        self._emit(SettingsChanged(settings=settings))
        if self.follow is not None:
            await self.follow(settings)
        return settings
