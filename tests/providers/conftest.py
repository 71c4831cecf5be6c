"""What tests of real CLIs need: the vendors' APIs on loopback, a home of one's own, the programs.

A test that takes ``clis`` is skipped, loudly, where they are not installed; with
``PERSONA_REQUIRE_CLIS=1`` it fails instead.
"""

import os
import secrets
import shutil
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.providers.process import Processes
from desktop.providers.talk import Place
from tests.emulator.server import Emulator, running
from tests.providers.direct_server import DirectServer, serving

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class CliHome:
    """Private folders (0700), not below a world-writable one: Gemini ignores settings there."""

    root: Path

    @property
    def user_home(self) -> Path:
        """What the CLI takes for the person's home."""
        return self.root / "user"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def temp(self) -> Path:
        return self.root / "t"

    @property
    def vendor(self) -> Path:
        """``Place.home``: our folder for the vendor's files."""
        return self.root / "vendor"

    def place(self, executable: tuple[str, ...], version: str = "") -> Place:
        return Place(
            executable=executable,
            version=version,
            work=self.work,
            temp=self.temp,
            home=self.vendor,
            user_home=self.user_home,
        )


@dataclass(frozen=True)
class Clis:
    """The installed programs, as ``Place.executable`` wants them."""

    folder: Path

    @property
    def claude(self) -> tuple[str, ...]:
        return (self._resolved("claude"),)

    @property
    def gemini(self) -> tuple[str, ...]:
        node = shutil.which("node")
        if not node:
            _missing("node is not on PATH")
        return (str(node), self._resolved("gemini"))

    @property
    def droid(self) -> tuple[str, ...]:
        return (self._resolved("droid"),)

    def _resolved(self, name: str) -> str:
        path = self.folder / ".bin" / name
        if not path.exists():
            _missing(
                f"no {name} in {self.folder}: npm ci --prefix tests/clis, and see CONTRIBUTING"
            )
        return str(path.resolve())


def _missing(reason: str) -> None:
    if os.environ.get("PERSONA_REQUIRE_CLIS"):
        pytest.fail(reason)
    pytest.skip(f"REAL CLI NOT TESTED: {reason}")


@pytest.fixture
def clis() -> Clis:
    """The folder is ``PERSONA_TEST_CLIS`` or ``out/clis/node_modules``."""
    folder = Path(os.environ.get("PERSONA_TEST_CLIS", PROJECT / "out/clis/node_modules"))
    if not folder.is_absolute():
        folder = PROJECT / folder
    if not folder.is_dir():
        _missing(f"{folder} does not exist")
    return Clis(folder)


@pytest.fixture
def cli_home() -> Generator[CliHome]:
    """Empty folders of one's own, removed afterwards."""
    root = PROJECT / "out" / "tests" / secrets.token_hex(4)
    root.mkdir(parents=True)
    root.chmod(0o700)
    home = CliHome(root)
    for folder in (home.user_home, home.work, home.temp, home.vendor):
        folder.mkdir(mode=0o700)
    yield home
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
async def emulator(cli_home: CliHome) -> AsyncGenerator[Emulator]:
    """The vendors' APIs, in this process."""
    async with running(cli_home.root / "emulator") as served:
        yield served


@pytest.fixture
async def processes() -> AsyncGenerator[Processes]:
    """The spawner; ends everything afterwards."""
    started = Processes()
    yield started
    await started.close()


@pytest.fixture
async def server() -> AsyncGenerator[DirectServer, None]:
    """A server of the test's own on loopback, to be told what it says."""
    async with serving() as running_server:
        yield running_server
