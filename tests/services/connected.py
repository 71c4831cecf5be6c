"""The services of connecting over a real database, a keyring of their own and a server to ask."""

from dataclasses import dataclass, field
from typing import Any

import keyring.backend
import keyring.errors
import msgspec

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import ProviderState, ProviderStatus
from desktop.protocol.events import AnyEvent, ProviderChecked
from desktop.protocol.methods import (
    SettingsParams,
)
from desktop.protocol.settings import Server, Settings
from desktop.providers.catalog import CLAUDE, STORYTELLER
from desktop.providers.storyteller import Storyteller
from desktop.services.keys import Keys
from desktop.services.model_lists import ModelLists
from desktop.services.outside import SystemClock, fresh_id
from desktop.services.program_paths import ProgramPaths
from desktop.services.providers import Providers
from desktop.services.server_settings import ServerSettings
from desktop.services.settings import SettingsService
from desktop.services.trial import Trials
from desktop.services.ways import Way, Ways
from desktop.store.database import Database
from desktop.store.keychain import Keychain
from tests.doubles.scripted_provider import ScriptedProvider
from tests.providers.direct_server import DirectServer, sse

KEY = "geheim/0123456789+xyz"


MODELS = {"data": [{"id": "small", "max_model_len": 8_192}, {"id": "an-embedding"}]}


LINE = [
    *sse(
        {"id": "c", "model": "small", "choices": [{"index": 0, "delta": {"content": "안녕!"}}]},
        {"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ),
    b"data: [DONE]\n\n",
]


class Ring(keyring.backend.KeyringBackend):
    priority = 1

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.error = error

    def _work(self) -> None:
        if self.error:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._work()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._work()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._work()
        del self.kept[service, username]


Ring.__module__ = "keyring.backends.a_test"


class Program(ScriptedProvider):
    """A CLI that stands as the test says."""

    state: ProviderState = "ready"

    async def status(self) -> ProviderStatus:
        return ProviderStatus(id=self.id, state=self.state, checked_at=UtcMs(0))


@dataclass
class Connected:
    """The services of connecting over a real database, with a page that listens."""

    database: Database
    picked: str = ""
    said: list[AnyEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        clock = SystemClock()
        self.settings = SettingsService(self.database, self.said.append)
        self.keys = Keys(Keychain())
        practice = Way(STORYTELLER.info(), Storyteller(float("inf")))
        self.cli = Program([], id="claude")
        program = Way(CLAUDE.info(), self.cli)
        self.ways = Ways((program, practice), self.keys.get, clock.now_ms)

        async def key_place(each: str) -> Any:
            name = self.ways.way(each).key_name
            return await self.keys.place(name) if name else "none"

        self.providers = Providers(
            self.ways, self.ways.infos, self.said.append, clock, self.bug, key_place
        )
        self.servers = ServerSettings(self.ways, self.keys, self.providers)
        self.servers.start(self.settings.current())
        self.settings.may, self.settings.follow = self.servers.may, self.servers.follow
        self.models = ModelLists(self.ways, clock)
        self.trials = Trials(self.ways, clock, fresh_id)
        self.programs = ProgramPaths(self.ways, self.settings, self.providers, self.pick)

    async def pick(self) -> str:
        return self.picked

    def bug(self, error: BaseException, doing: str) -> str:
        raise AssertionError(doing) from error

    async def serve(self, *servers: Server) -> Settings:
        wanted = msgspec.structs.replace(self.settings.current(), servers=servers)
        return await self.settings.change(SettingsParams(settings=wanted))

    def last(self, provider_id: str) -> Any:
        return [
            event.status
            for event in self.said
            if isinstance(event, ProviderChecked) and event.status.id == provider_id
        ][-1]


def mine(server: DirectServer, **more: Any) -> Server:
    return Server(**{"id": "mine", "name": "거실", "base_url": f"{server.url}/v1", **more})
