"""The three real CLIs at the emulation, with a pool that keeps their processes."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import psutil

from desktop.providers import claude, droid, gemini
from desktop.providers.base import Request
from desktop.providers.catalog import CLAUDE, DROID, GEMINI, Row
from desktop.providers.cli import CliProvider, Dialect
from desktop.providers.lane_pool import LanePool
from desktop.providers.process import Processes
from tests.emulator.server import Emulator
from tests.providers.asking import Standing, a_request
from tests.providers.conftest import CliHome, Clis


class Kind(NamedTuple):
    """One CLI: what the program knows of it, and the model the tests ask it for."""

    row: Row
    dialect: Dialect
    executable: Callable[[Clis], tuple[str, ...]]
    version: str
    model: str


KINDS: dict[str, Kind] = {
    "claude": Kind(CLAUDE, claude.DIALECT, lambda clis: clis.claude, "2.1.330", "sonnet"),
    "gemini": Kind(
        GEMINI,
        Dialect(gemini.command, gemini.GeminiTalk),
        lambda clis: clis.gemini,
        "0.61.0",
        "gemini-3.8-flash",
    ),
    "droid": Kind(
        DROID,
        Dialect(droid.command, droid.DroidTalk),
        lambda clis: clis.droid,
        "0.215.0",
        "custom:emul-claude",
    ),
}


@dataclass
class Warm:
    """A home in which every CLI is signed in with a made-up key at the emulation."""

    clis: Clis
    home: CliHome
    emulator: Emulator
    processes: Processes
    most: int = 3
    providers: list[CliProvider] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pool = LanePool(lambda: self.most)

    def provider(self, name: str, scenario: str, run: str, *, pooled: bool = True) -> CliProvider:
        kind, url = KINDS[name], self.emulator.url(scenario, run)
        self.sign_in(url)
        environ = {
            "PATH": os.environ["PATH"],
            "ANTHROPIC_BASE_URL": url,
            "ANTHROPIC_API_KEY": "sk-ant-dummy-000",
            "GEMINI_API_KEY": "dummy",
            "GOOGLE_GEMINI_BASE_URL": url,
        }
        place = self.home.place(kind.executable(self.clis), kind.version)
        provider = CliProvider(
            kind.row,
            kind.dialect,
            processes=self.processes,
            finder=Standing(place, os.environ["PATH"]),
            environ=environ,
            pool=self.pool if pooled else None,
        )
        self.providers.append(provider)
        return provider

    def sign_in(self, url: str) -> None:
        own = {
            "model": "emul-claude",
            "displayName": "Emulated",
            "baseUrl": url,
            "apiKey": "dummy",
            "provider": "anthropic",
            "maxOutputTokens": 4096,
        }
        _write(self.home, ".factory", {"customModels": [own]})
        auth = {"security": {"auth": {"selectedType": "gemini-api-key"}}}
        _write(self.home, ".gemini", auth)

    async def close(self) -> None:
        for provider in self.providers:
            await provider.close()
        self.pool.close()

    def living(self) -> list[psutil.Process]:
        """Every process that works in a folder of this home."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def zombies(self) -> int:
        mine = psutil.Process().children()
        return sum(one.status() == psutil.STATUS_ZOMBIE for one in mine)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            alive = process.status() != psutil.STATUS_ZOMBIE
            return alive and str(self.home.root) in process.cwd()
        except psutil.Error:
            return False


def asked(name: str, prompt: str = "안녕", **fields: object) -> Request:
    """A turn with the CLI's model of the tests."""
    return a_request(prompt, **({"model": KINDS[name].model} | fields))


def _write(home: CliHome, folder: str, settings: object) -> None:
    path = home.user_home / folder / "settings.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(settings))
