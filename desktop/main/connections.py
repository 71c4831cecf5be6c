"""Every way to an AI, and what a person does to bring one to the table, put together."""

from collections.abc import Mapping

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.main.clis import cli_ways
from desktop.paths import Paths
from desktop.protocol.capabilities import KeyPlace
from desktop.protocol.methods import Trial, TrialParams
from desktop.providers.catalog import STORYTELLER
from desktop.providers.lane_pool import LanePool
from desktop.providers.process import Processes
from desktop.providers.storyteller import Storyteller
from desktop.services.keys import Keys
from desktop.services.model_lists import ModelLists
from desktop.services.outside import Clock, Emit, fresh_id
from desktop.services.program_paths import ChooseFile, ProgramPaths
from desktop.services.providers import Providers
from desktop.services.server_settings import ServerSettings
from desktop.services.settings import SettingsService
from desktop.services.trial import Trials
from desktop.services.ways import Way, Ways
from desktop.store.keychain import Keychain


class Connections:
    """``settings`` has been loaded, and is followed from now on."""

    def __init__(
        self,
        paths: Paths,
        processes: Processes,
        settings: SettingsService,
        emit: Emit,
        clock: Clock,
        *,
        pace: float,
        keychain: Keychain,
        choose_file: ChooseFile | None,
    ) -> None:
        self.keys = keys = Keys(keychain)
        self._pool = LanePool(lambda: settings.current().warm_lanes)
        clis = cli_ways(
            paths,
            processes,
            lambda each: settings.current().provider_paths.get(each, ""),
            self._pool,
        )
        practice = Way(STORYTELLER.info(), Storyteller(pace))
        self.ways = Ways((*clis, practice), keys.get, clock.now_ms)

        async def key_place(provider_id: str) -> KeyPlace:
            name = self.ways.way(provider_id).key_name
            return await keys.place(name) if name else "none"

        self.providers = Providers(
            self.ways, self.ways.infos, emit, clock, log.report_bug, key_place
        )
        self._servers = ServerSettings(self.ways, keys, self.providers)
        self._servers.start(settings.current())
        settings.may = self._servers.may
        settings.follow = self._servers.follow
        self._settings = settings
        self._models = ModelLists(self.ways, clock)
        self._trials = Trials(self.ways, clock, fresh_id)
        self._programs = ProgramPaths(self.ways, settings, self.providers, choose_file)

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "provider.check": self.providers.check,
            "provider.models": self._models.models,
            "provider.test": self._test,
            "provider.choose_path": self._programs.choose,
            "provider.forget_path": self._programs.forget,
            "key.set": self._servers.set_key,
            "key.delete": self._servers.delete_key,
        }

    async def close(self) -> None:
        self._pool.close()
        await self.providers.close()
        await self.ways.close()

    async def _test(self, params: TrialParams) -> Trial:
        return await self._trials.test(params, self._settings.current().language)
