"""Runs the person's own git on the library: no shell, no prompts, no programs of the repository."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from desktop.protocol.problems import Trouble, problem
from desktop.providers.environment import handed_on
from desktop.providers.process import Processes, Ran
from desktop.providers.whereabouts import SYSTEM_FOLDERS, path_folders

LOCAL_S = 60.0
NETWORK_S = 180.0

_OWN = (
    *("SSH_AUTH_SOCK", "SSH_AGENT_PID", "GIT_SSH", "GIT_SSH_COMMAND", "GNUPGHOME"),
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"),
)
"""What credential helpers and the agent need; never ``GIT_DIR`` and its like."""

_FIXED = (
    *("-c", "core.quotepath=false", "-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false", "-c", "core.pager=cat", "-c", "core.editor=:"),
    *("-c", "commit.gpgSign=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false"),
    *("-c", "submodule.recurse=false", "-c", "fetch.recurseSubmodules=false"),
    *("-c", "push.recurseSubmodules=no", "-c", "rerere.enabled=false"),
    # Half of one text and half of another is nobody's: a file is taken whole or kept twice.
    *("-c", "merge.default=binary", "-c", "merge.renames=false", "-c", "merge.stat=false"),
    *("-c", "merge.ff=true", "-c", "merge.verifySignatures=false", "-c", "core.abbrev=40"),
)

_HARMLESS = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode"
    r"|symlinks|autocrlf|eol|safecrlf|quotepath|longpaths|protectntfs|protecthfs)"
    r"|extensions\.objectformat|extensions\.refstorage"
    r"|remote\..+\.(url|pushurl|fetch|tagopt|prune|gh-resolved)"
    r"|branch\..+\.(remote|merge|rebase|description|vscode-merge-base)"
    r"|user\.(name|email)|pull\.(rebase|ff)|push\.(default|autosetupremote)"
    r"|init\.defaultbranch|commit\.gpgsign|gc\..+|color\..+|advice\..+"
    r"|lfs\.repositoryformatversion"
)
"""Settings of a repository that can start nothing and lead nowhere. Anything else is refused: an
unpacked folder may bring settings that name programs (``core.sshCommand``, filters, helpers)."""

UNREADABLE = "config"
"""Said for settings that cannot be read at all."""
_NOBODY = ("-c", "user.name=Persona Chat", "-c", "user.email=persona-chat@localhost")
_PASSWORD = re.compile(r"(\w+://)[^/@\s]+@")


def find_git(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """The whole path of git, or empty. Never one in the folder we stand in."""
    name = "git.exe" if platform == "win32" else "git"
    folders = path_folders(environ.get("PATH", ""))
    if platform != "win32":
        folders += map(Path, SYSTEM_FOLDERS)
    for folder in dict.fromkeys(folders):
        found = folder / name
        if found.is_file() and os.access(found, os.X_OK) and not _is_apples_stub(found, platform):
            return str(found)
    return ""


def _is_apples_stub(found: Path, platform: str) -> bool:
    """Without the developer tools Apple's git only opens a dialog that offers them."""
    if platform != "darwin" or str(found) != "/usr/bin/git":
        return False
    tools = ("/Library/Developer/CommandLineTools", "/Applications/Xcode.app")
    return not any(Path(place).is_dir() for place in tools)


class Git:
    """git in one folder."""

    def __init__(
        self, processes: Processes, program: str, folder: Path, environ: Mapping[str, str]
    ) -> None:
        self._processes = processes
        self._program = program
        self.folder = folder
        self._env = {
            **handed_on(environ, names=_OWN),
            "GIT_TERMINAL_PROMPT": "0",
            "GCM_INTERACTIVE": "never",
            "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
            "GIT_EDITOR": ":",
            "GIT_MERGE_AUTOEDIT": "no",
            "GIT_OPTIONAL_LOCKS": "0",
            # A repository further up holds more than the library.
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
            "LC_ALL": "C",
        }

    async def __call__(self, *arguments: str, timeout_s: float = LOCAL_S) -> Ran:
        """What it says and its exit code. Raises ``Trouble`` if it cannot be started."""
        try:
            return await self._processes.run(
                (self._program, *_FIXED, *arguments),
                env=self._env,
                cwd=self.folder,
                timeout_s=timeout_s,
            )
        except OSError as error:
            raise Trouble(problem("storage_failed", field="git")) from error

    async def must(self, *arguments: str) -> str:
        """What it says. Raises ``GitFailed`` unless it went well."""
        ran = await self(*arguments)
        if ran.exit_code != 0:
            raise GitFailed(without_passwords(ran.stderr or ran.stdout))
        return ran.stdout

    async def signature(self) -> tuple[str, ...]:
        """Options that sign a commit for somebody who has not told git their name."""
        known = (await self("config", "user.email")).exit_code == 0
        return () if known else _NOBODY

    async def unsafe_setting(self) -> str:
        """The first setting of the repository itself that we do not know to be harmless."""
        listing = ("--no-includes", "--list", "--name-only", "-z")
        places: list[tuple[str, ...]] = [("--local",)]
        if (self.folder / ".git" / "config").is_file():
            # First without looking for the repository: ``core.worktree`` would mislead that.
            places.insert(0, ("--file", ".git/config"))
        for place in places:
            ran = await self("config", *place, *listing)
            if ran.exit_code != 0:
                return UNREADABLE
            keys = [key for key in ran.stdout.split("\0") if key]
            if unknown := next((key for key in keys if not _HARMLESS.fullmatch(key)), ""):
                return unknown
        return ""


class GitFailed(Exception):
    """git would not; carries what it said."""


def without_passwords(said: str) -> str:
    return _PASSWORD.sub(r"\1", said.strip())[-500:]
