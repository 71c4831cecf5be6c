"""Finding the CLIs, in homes made up for the test and with the real ones."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.protocol.base import UtcMs
from desktop.protocol.problems import Trouble
from desktop.providers import catalog, claude
from desktop.providers.catalog import CLAUDE, GEMINI, STORYTELLER
from desktop.providers.detect import Detector, version_beside
from desktop.providers.process import Processes
from desktop.providers.sign_in import SignIn, SignInCheck, by_files
from desktop.providers.whereabouts import path_in
from tests.emulator.server import Emulator
from tests.providers.conftest import CliHome, Clis

SAYS_VERSION = "#!/bin/sh\necho '2.0.76 (Claude Code)'\n"


class Machine:
    """A home and a PATH made up for the test."""

    def __init__(self, root: Path, processes: Processes) -> None:
        self.home = root / "home"
        self.ours = root / "ours"
        self.home.mkdir()
        self.processes = processes
        self.environ = {"PATH": str(root / "on-path"), "HOME": str(self.home)}
        self.chosen: dict[str, str] = {}
        self.checks: dict[str, SignInCheck] = {}
        (root / "on-path").mkdir()

    def has(self, place: str, text: str = SAYS_VERSION) -> Path:
        path = self.home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def detector(self) -> Detector:
        return Detector(
            self.processes,
            self.ours,
            sign_in_checks=self.checks,
            chosen_path=lambda name: self.chosen.get(name, ""),
            environ=self.environ,
            user_home=self.home,
            now=lambda: UtcMs(7),
        )


@pytest.fixture
def machine(tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch) -> Machine:
    # What is really installed on this machine is none of these tests' business.
    monkeypatch.setattr("desktop.providers.whereabouts.SYSTEM_FOLDERS", ())
    return Machine(tmp_path, processes)


@pytest.mark.parametrize(
    "place",
    [
        *(".npm-global/bin", ".local/bin", ".volta/bin", ".nvm/versions/node/v22.1.0/bin"),
        *(".local/share/fnm/node-versions/v22.1.0/installation/bin", ".asdf/shims"),
        *(".local/share/mise/shims", ".bun/bin", ".local/share/pnpm", "Library/pnpm"),
        *(".yarn/bin", ".claude/local", "node_modules/.bin"),
    ],
)
async def test_a_cli_off_the_path_is_found(machine: Machine, place: str) -> None:
    path = machine.has(f"{place}/claude")
    status = await machine.detector().status(CLAUDE)
    assert (status.state, status.path, status.version) == ("installed", str(path), "2.0.76")
    assert status.checked_at == 7


async def test_the_newest_node_comes_first(machine: Machine) -> None:
    for version in ("v9.1.0", "v22.1.0", "v10.0.0"):
        machine.has(f".nvm/versions/node/{version}/bin/claude")
    place = await machine.detector().place(CLAUDE)
    assert "v22.1.0" in place.executable[0]


async def test_npms_own_prefix_is_looked_into(machine: Machine) -> None:
    (machine.home / ".npmrc").write_text("fund=false\nprefix = ~/packages\n")
    path = machine.has("packages/bin/claude")
    assert (await machine.detector().place(CLAUDE)).executable == (str(path),)


async def test_what_the_login_shell_knows_is_asked_once(machine: Machine) -> None:
    path = machine.has("odd/place/claude")
    count = machine.home / "count"
    # `-ilc` and the command arrive as they would for a real shell; rc files chatter.
    shell = machine.has(
        "bin-sh/zsh",
        f'#!/bin/sh\necho welcome; echo x >> {count}\nexport PATH="{path.parent}:$PATH"\n'
        '[ "$1" = -ilc ] && eval "$2"\necho goodbye\n',
    )
    machine.environ |= {"SHELL": str(shell), "PATH": "/usr/bin:/bin"}
    detector = machine.detector()
    await detector.statuses([CLAUDE, CLAUDE])
    assert (await detector.place(CLAUDE)).executable == (str(path),)
    assert count.read_text() == "x\n"
    assert str(path.parent) in await detector.search_path()


async def test_a_shell_that_hangs_is_given_up(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.providers.detect.SHELL_TIMEOUT_S", 0.3)
    machine.environ["SHELL"] = str(machine.has("sh", "#!/bin/sh\nsleep 600\n"))
    assert (await machine.detector().status(CLAUDE)).state == "not_installed"


def test_the_path_is_read_between_the_markers_only() -> None:
    said = "PATH=/wrong\nhello\nM\nA=1\nPATH=/a:/b\nB=2\nM\nPATH=/late\n"
    assert path_in(said, "M") == "/a:/b"
    assert path_in("no markers\nPATH=/x\n", "M") == ""


async def test_the_persons_choice_wins_and_a_wrong_one_is_not_replaced(machine: Machine) -> None:
    machine.has(".local/bin/claude")
    mine = machine.has("mine/claude")
    machine.chosen["claude"] = str(mine)
    detector = machine.detector()
    assert (await detector.place(CLAUDE)).executable == (str(mine),)
    machine.chosen["claude"] = str(machine.home / "nothing")
    status = await detector.status(CLAUDE)
    assert status.state == "not_installed"
    assert status.problem
    assert status.problem.detail == str(machine.home / "nothing")


async def test_nothing_there_is_trouble_and_a_status(machine: Machine) -> None:
    detector = machine.detector()
    with pytest.raises(Trouble) as trouble:
        await detector.place(CLAUDE)
    assert trouble.value.problem.code == "not_installed"
    assert (await detector.status(CLAUDE)).state == "not_installed"
    assert (await detector.status(STORYTELLER)).state == "ready"


async def test_a_cli_that_was_removed_is_looked_for_again(machine: Machine) -> None:
    first = machine.has(".local/bin/claude")
    detector = machine.detector()
    await detector.place(CLAUDE)
    first.unlink()
    second = machine.has(".bun/bin/claude")
    assert (await detector.place(CLAUDE)).executable == (str(second),)


async def test_its_folders_are_private_and_emptied_of_what_a_crash_left(machine: Machine) -> None:
    machine.has(".local/bin/claude")
    place = await machine.detector().place(CLAUDE)
    for folder in (place.work, place.temp, place.home, machine.ours):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (place.temp / "error-with-the-prompt.json").write_text("secret")
    (place.work / "CLAUDE.md").write_text("rules")
    (place.home / "kept").write_text("kept")
    again = await machine.detector().place(CLAUDE)
    assert again == place
    assert [*place.temp.iterdir(), *place.work.iterdir()] == []
    assert (place.home / "kept").exists()


@pytest.mark.parametrize(
    ("told", "state"), [(True, "ready"), (False, "signed_out"), (None, "installed")]
)
async def test_the_sign_in_makes_the_state(machine: Machine, told: bool | None, state: str) -> None:
    machine.has(".local/bin/claude")

    async def check(*_given: object) -> SignIn:
        return SignIn(signed_in=told, account="subscription")

    machine.checks["claude"] = check
    status = await machine.detector().status(CLAUDE)
    assert (status.state, status.account) == (state, "subscription")


async def test_a_check_that_takes_too_long_leaves_the_cli_installed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    monkeypatch.setattr("desktop.providers.detect.STATUS_TIMEOUT_S", 1.0)
    machine.has(".local/bin/claude")

    async def check(*_given: object) -> SignIn:
        await asyncio.sleep(600)
        return SignIn(signed_in=True)

    machine.checks["claude"] = check
    assert (await machine.detector().status(CLAUDE)).state == "installed"


async def test_a_sign_in_in_files_is_read_with_the_environment_the_cli_gets(
    machine: Machine,
) -> None:
    machine.has(".local/bin/claude")
    machine.environ |= {"ANTHROPIC_API_KEY": "k", "OTHER_KEY": "k"}
    seen: list[dict[str, str]] = []

    def look(_place: object, env: object) -> tuple[str, str]:
        seen.append(dict(env))  # type: ignore[call-overload]
        return "ready", "api key"

    machine.checks["claude"] = by_files(look)  # type: ignore[arg-type]
    assert (await machine.detector().status(CLAUDE)).state == "ready"
    assert seen[0]["ANTHROPIC_API_KEY"] == "k"
    assert "OTHER_KEY" not in seen[0]


def test_the_version_is_read_from_the_package_a_program_belongs_to(tmp_path: Path) -> None:
    package = tmp_path / "node_modules/@google/gemini-cli"
    (package / "bundle").mkdir(parents=True)
    (package / "package.json").write_text(
        json.dumps({"name": "@google/gemini-cli", "version": "0.61.0"})
    )
    (tmp_path / "package.json").write_text(json.dumps({"name": "mine", "version": "1.0.0"}))
    script = package / "bundle/gemini.js"
    assert version_beside(script, GEMINI.packages) == "0.61.0"
    assert version_beside(script, CLAUDE.packages) == ""


def test_every_row_is_shown_and_has_what_a_stranger_needs() -> None:
    infos = catalog.provider_infos()
    assert [info.id for info in infos] == ["claude", "gemini", "droid", "storyteller"]
    for row, info in zip(catalog.ROWS, infos, strict=True):
        assert info.capabilities.is_practice == (not row.executables)
        assert bool(info.install_command) == bool(row.executables)


@pytest.mark.cli
async def test_the_real_ones_are_found_at_once_and_told_apart(
    clis: Clis, cli_home: CliHome, emulator: Emulator, processes: Processes
) -> None:
    named: Callable[[str], str] = lambda name: str(clis.folder / ".bin" / name)  # noqa: E731
    detector = Detector(
        processes,
        cli_home.root / "ours",
        sign_in_checks={"claude": claude.signed_in},
        chosen_path=named,
        environ={"PATH": os.environ["PATH"], "ANTHROPIC_BASE_URL": emulator.url("ko", "r")},
        user_home=cli_home.user_home,
    )
    statuses = {status.id: status for status in await detector.statuses(catalog.ROWS)}
    assert statuses["claude"].state == "signed_out"
    assert statuses["claude"].version == "2.1.330"
    assert statuses["gemini"].version == "0.61.0"
    assert statuses["droid"].version == "0.215.0"
    place = await detector.place(GEMINI)
    assert place.executable == clis.gemini
    assert emulator.generations("r") == []
