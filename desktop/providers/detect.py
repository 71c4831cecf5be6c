"""Find each CLI on this machine, and how it stands, without spending a token."""

import asyncio
import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import ProviderState, ProviderStatus
from desktop.protocol.problems import Trouble, problem
from desktop.providers.catalog import Row
from desktop.providers.environment import handed_on
from desktop.providers.process import Processes
from desktop.providers.shims import resolved
from desktop.providers.sign_in import SignIn, SignInCheck
from desktop.providers.talk import Place
from desktop.providers.whereabouts import (
    SHELL_TIMEOUT_S,
    joined,
    known_folders,
    path_folders,
    path_in,
    shell_command,
)

STATUS_TIMEOUT_S = 9.5
_VERSION = re.compile(r"\d+\.\d+\.\d+")


class Found(NamedTuple):
    """A CLI that can be started."""

    path: Path
    """The file as the person knows it, before links and shims were followed."""
    executable: tuple[str, ...]
    version: str


def _utc_ms() -> UtcMs:
    return UtcMs(time.time_ns() // 1_000_000)


class Detector:
    """Implements ``cli.Finder``. What was found is kept until ``status`` looks again."""

    def __init__(
        self,
        processes: Processes,
        folder: Path,
        *,
        sign_in_checks: Mapping[str, SignInCheck],
        chosen_path: Callable[[str], str] = lambda _provider: "",
        environ: Mapping[str, str] | None = None,
        user_home: Path | None = None,
        platform: str = sys.platform,
        now: Callable[[], UtcMs] = _utc_ms,
    ) -> None:
        """``folder`` is ours alone; each CLI gets private folders below it. ``sign_in_checks`` and
        ``chosen_path`` (the person's setting) go by provider id."""
        self._processes = processes
        self._folder = folder
        self._checks = sign_in_checks
        self._chosen_path = chosen_path
        self._environ = os.environ if environ is None else environ
        self._home = user_home or Path.home()
        self._platform = platform
        self._now = now
        self._found: dict[str, Found] = {}
        self._prepared: set[str] = set()
        self._shell_path: asyncio.Task[str] | None = None

    async def place(self, row: Row) -> Place:
        """Where a CLI is and may be. Raises ``Trouble`` (``not_installed``)."""
        found = self._found.get(row.id)
        if found is None or not all(Path(part).exists() for part in found.executable):
            found = await self._find(row)
        return self._place(row, found)

    async def status(self, row: Row) -> ProviderStatus:
        """Look again. Never raises; within ten seconds."""
        if not row.executables:
            return ProviderStatus(id=row.id, state="ready", checked_at=self._now())
        self._found.pop(row.id, None)
        try:
            async with asyncio.timeout(STATUS_TIMEOUT_S):
                return await self._look(row)
        except Trouble as trouble:
            return ProviderStatus(
                id=row.id,
                state="not_installed",
                problem=trouble.problem,
                checked_at=self._now(),
            )
        except TimeoutError:
            return self._status(row, SignIn(signed_in=None))

    async def statuses(self, rows: Iterable[Row]) -> tuple[ProviderStatus, ...]:
        """All at once."""
        return tuple(await asyncio.gather(*(self.status(row) for row in rows)))

    async def search_path(self) -> str:
        """Ours, what a login shell adds (once it was asked), and the known folders."""
        shell = self._shell_path
        known = shell.result() if shell and shell.done() and not shell.cancelled() else ""
        return os.pathsep.join(map(str, self._folders(known)))

    async def _look(self, row: Row) -> ProviderStatus:
        found = await self._find(row)
        check = self._checks.get(row.id)
        told = SignIn(signed_in=None)
        if check:
            place = self._place(row, found)
            env = handed_on(
                self._environ,
                names=row.env_names,
                path=await self.search_path(),
                temp=place.temp,
                home=place.user_home,
            )
            try:
                told = await check(place, env, self._processes)
            except OSError as error:
                raise Trouble(
                    problem("not_installed", provider=row.id, detail=error.strerror or "")
                ) from error
        return self._status(row, told)

    def _status(self, row: Row, told: SignIn) -> ProviderStatus:
        found = self._found.get(row.id)
        states: dict[bool | None, ProviderState] = {True: "ready", False: "signed_out"}
        return ProviderStatus(
            id=row.id,
            state=states.get(told.signed_in, "installed") if found else "not_installed",
            path=str(found.path) if found else "",
            version=found.version if found else "",
            account=told.account,
            problem=problem("signed_out", provider=row.id) if told.signed_in is False else None,
            checked_at=self._now(),
        )

    async def _find(self, row: Row) -> Found:
        chosen = self._chosen_path(row.id)
        if chosen:
            located = self._startable(Path(chosen).expanduser(), self._folders())
        else:
            located = self._first(row, path_folders(self._environ.get("PATH", "")))
            if located is None:
                located = self._first(row, self._folders(await self._from_shell(), row))
        if located is None:
            raise Trouble(problem("not_installed", provider=row.id, detail=chosen))
        path, executable = located
        version = version_beside(Path(executable[-1]), row.packages)
        if not version:
            version = await self._told_version(executable)
        self._found[row.id] = Found(path, executable, version)
        return self._found[row.id]

    def _first(self, row: Row, folders: list[Path]) -> tuple[Path, tuple[str, ...]] | None:
        endings = (".exe", ".cmd") if self._platform == "win32" else ("",)
        for folder in folders:
            for name in row.executables:
                for ending in endings:
                    path = folder / (name + ending)
                    if located := self._startable(path, [*folders, *self._folders()]):
                        return located
        return None

    def _startable(self, path: Path, folders: list[Path]) -> tuple[Path, tuple[str, ...]] | None:
        if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where it may not look
            return None
        if not (self._platform == "win32" or os.access(path, os.X_OK)):
            return None

        def node_of(beside: Path) -> str | None:
            return shutil.which("node", path=os.pathsep.join(map(str, [beside, *folders])))

        executable = resolved(path, node_of)
        return (path, executable) if executable else None

    def _folders(self, shell_path: str = "", row: Row | None = None) -> list[Path]:
        extra = row.extra_places if row else ()
        return joined(
            path_folders(self._environ.get("PATH", "")),
            path_folders(shell_path),
            known_folders(self._home, self._environ, self._platform, extra),
        )

    async def _from_shell(self) -> str:
        if self._shell_path is None:
            self._shell_path = asyncio.create_task(self._ask_shell())
        return await asyncio.shield(self._shell_path)

    async def _ask_shell(self) -> str:
        shell = self._environ.get("SHELL", "")
        if self._platform == "win32" or not Path(shell).is_absolute():
            return ""
        marker = f"persona-{secrets.token_hex(8)}"
        # Oh My Zsh would ask whether to update itself; a terminal nobody sees draws nothing.
        quiet = {"TERM": "dumb", "DISABLE_AUTO_UPDATE": "true", "SHELL": shell}
        env = handed_on(self._environ, home=self._home) | quiet
        try:
            ran = await self._processes.run(
                shell_command(shell, marker),
                env=env,
                cwd=self._home if self._home.is_dir() else Path("/"),
                timeout_s=SHELL_TIMEOUT_S,
            )
        except OSError:
            return ""
        return path_in(ran.stdout, marker)

    async def _told_version(self, executable: tuple[str, ...]) -> str:
        env = handed_on(self._environ, path=await self.search_path(), home=self._home)
        try:
            ran = await self._processes.run(
                (*executable, "--version"), env=env, cwd=self._ours("version"), timeout_s=4
            )
        except OSError:
            return ""
        said = _VERSION.search(ran.stdout)
        return said[0] if said else ""

    def _place(self, row: Row, found: Found) -> Place:
        folders = {name: self._ours(f"{row.id}/{name}") for name in ("work", "t", "home")}
        if row.id not in self._prepared:
            # Left from a crash: an error report with the whole prompt in it, for example.
            _empty(folders["t"])
            _empty(folders["work"])
            self._prepared.add(row.id)
        return Place(
            executable=found.executable,
            version=found.version,
            work=folders["work"],
            temp=folders["t"],
            home=folders["home"],
            user_home=self._home,
        )

    def _ours(self, name: str) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._folder / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


def version_beside(script: Path, packages: Iterable[str]) -> str:
    """The version in the ``package.json`` of the npm package a program belongs to, or empty.

    Asking ``--version`` takes Gemini more than a second; reading takes nothing.
    """
    for folder in script.parents[:4]:
        try:
            told = json.loads((folder / "package.json").read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(told, dict) and told.get("name") in set(packages):
            return str(told.get("version", ""))
    return ""


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
