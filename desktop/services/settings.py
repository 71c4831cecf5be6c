"""The person's settings: read once, kept at hand, stored at every change."""

from desktop.protocol.base import DurationMs
from desktop.protocol.events import SettingsChanged
from desktop.protocol.methods import SettingsParams
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
        async with self._database.transaction() as session:
            await stored.write_settings(session, params.settings)
        self._current = params.settings
        self._emit(SettingsChanged(settings=params.settings))
        return params.settings
