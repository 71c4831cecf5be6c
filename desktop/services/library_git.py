"""The library and its private git repository: how it stands, making one, and the one button."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Mapping

from msgspec.structs import replace

from desktop.protocol.library import (
    GitInitParams,
    GitOutcome,
    GitStatus,
    GitSynced,
    SyncConflict,
)
from desktop.protocol.methods import Nothing
from desktop.protocol.problems import Trouble, problem
from desktop.providers.process import Processes
from desktop.services.library_git_command import (
    NETWORK_S,
    Git,
    GitFailed,
    find_git,
    without_passwords,
)
from desktop.services.library_git_merge import Blocked, merge
from desktop.services.library_git_status import EVERYTHING, status_of
from desktop.services.library_place import LibraryPlace

MESSAGE = "Persona Chat library"
_TRIES = 3
_REMOTE = re.compile(
    r"https?://[\w.\[\]:-]+/\S+|(?:ssh|git)://(?:[\w.-]+@)?[\w.\[\]:-]+/\S+"
    r"|[\w.-]+@[\w.-]+:(?!-)\S+|/.+|[A-Za-z]:[\\/].+"
)
_WHY: tuple[tuple[GitOutcome, tuple[str, ...]], ...] = (
    (
        "denied",
        (
            *("authentication failed", "permission denied", "could not read user"),
            *("could not read pass", "error: 403", "error: 401", "access denied"),
            *("terminal prompts disabled", "host key verification"),
        ),
    ),
    (
        "no_such_place",
        ("not found", "does not appear to be a git repository", "no such", "does not exist"),
    ),
    (
        "offline",
        (
            *("could not resolve", "unable to access", "connection", "timed out", "network"),
            *("unreachable", "could not read from remote"),
        ),
    ),
)
"""What git and ssh say in plain English, the more telling first."""


class LibraryGit:
    """``changed`` is called when files of the library may be others than before."""

    def __init__(
        self,
        place: LibraryPlace,
        processes: Processes,
        changed: Callable[[], Awaitable[object]],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._place = place
        self._processes = processes
        self._changed = changed
        self._environ = environ
        self._syncing = asyncio.Lock()

    async def status(self, _: Nothing) -> GitStatus:
        git = await self._git()
        return git if isinstance(git, GitStatus) else await status_of(git)

    async def init(self, params: GitInitParams) -> GitStatus:
        """Make a repository of the library, or give the one there is a place to exchange with.

        Raises ``Trouble(invalid_request)`` for a place that is none or has a password in it.
        """
        if params.remote and not _REMOTE.fullmatch(params.remote):
            raise Trouble(problem("invalid_request", field="remote"))
        git = await self._git()
        if isinstance(git, GitStatus):
            return git
        before = await status_of(git)
        if before.state not in ("no_repository", "ready"):
            return before
        try:
            async with self._place.lock:
                if before.state == "no_repository":
                    await git.must("init", "-q", "-b", "main", "--template=")
                    await self._record(git)
                if params.remote and not before.remote:
                    await git.must("remote", "add", "origin", params.remote)
        except GitFailed as error:
            return GitStatus(state="failed", detail=str(error))
        return await status_of(git)

    async def sync(self, _: Nothing) -> GitSynced:
        """Record what is here, fetch, bring together, send. Nothing is ever thrown away.

        Raises ``Trouble(busy)`` while another one runs.
        """
        if self._syncing.locked():
            raise Trouble(problem("busy"))
        async with self._syncing:
            git = await self._git()
            before = git if isinstance(git, GitStatus) else await status_of(git)
            if isinstance(git, GitStatus) or before.state != "ready":
                return GitSynced(outcome="not_ready", status=before)
            run = _Run(git, before, self._place, self._record)
            try:
                outcome, detail = await run.whole()
            except Blocked as error:
                outcome, detail = "blocked", str(error)
            except GitFailed as error:
                outcome, detail = "failed", str(error)
            done = replace(run.done, outcome=outcome, detail=detail, status=await status_of(git))
        if run.done.received:
            await self._changed()
        return done

    async def _git(self) -> Git | GitStatus:
        if self._place.sealed:
            return GitStatus(state="sealed")
        program = await asyncio.to_thread(find_git, self._environ)
        if not program:
            return GitStatus(state="no_git")
        if not await asyncio.to_thread(self._place.ready):
            return GitStatus(state="no_folder")
        root = await asyncio.to_thread(self._place.folder().root.resolve)
        return Git(self._processes, program, root, self._environ)

    async def _record(self, git: Git) -> int:
        """Commit everything but the trash; how many files that were."""
        await git.must("add", "-A", "--", *EVERYTHING)
        staged = await git.must("diff", "--cached", "--name-only", "--no-renames", "-z")
        count = len([name for name in staged.split("\0") if name])
        if count:
            await git.must(*await git.signature(), "commit", "--no-verify", "-q", "-m", MESSAGE)
        return count


class _Run:
    """One press of the button; ``done`` is what has been reached so far."""

    def __init__(
        self,
        git: Git,
        before: GitStatus,
        place: LibraryPlace,
        record: Callable[[Git], Awaitable[int]],
    ) -> None:
        self._git = git
        self._before = before
        self._place = place
        self._record = record
        self._remote = ""
        self._branch = ""
        self.done = GitSynced(outcome="failed", status=before)

    async def whole(self) -> tuple[GitOutcome, str]:
        async with self._place.lock:
            self.done = replace(self.done, committed=await self._record(self._git))
        if not await self._find_remote():
            return "no_remote", ""
        for _ in range(_TRIES):
            ended = await self._exchange()
            if ended is not None:
                return ended
        return "blocked", ""

    async def _find_remote(self) -> bool:
        """Where to exchange: the upstream's remote, ``origin``, or the only one there is."""
        branch = self._before.branch
        told = await self._git("config", f"branch.{branch}.remote")
        remotes = (await self._git("remote")).stdout.split()
        merged = (await self._git("config", f"branch.{branch}.merge")).stdout.strip()
        self._branch = merged.removeprefix("refs/heads/") or branch
        wanted = (told.stdout.strip(), "origin", *remotes[:1])
        self._remote = next((one for one in wanted if one in remotes), "")
        return bool(self._remote)

    async def _exchange(self) -> tuple[GitOutcome, str] | None:
        """Fetch, merge and send once; ``None`` if somebody else sent in between."""
        git, remote, branch = self._git, self._remote, self._branch
        where = f"refs/remotes/{remote}/{branch}"
        spec = f"+refs/heads/*:refs/remotes/{remote}/*"
        fetched = await git("fetch", "-q", "--no-tags", remote, spec, timeout_s=NETWORK_S)
        if fetched.exit_code != 0:
            return _why(fetched.stderr, fetched.exit_code)
        there = (await git("rev-parse", "-q", "--verify", where)).exit_code == 0
        if there:
            await self._receive(where)
        ahead = await self._count(f"{where}..HEAD" if there else "HEAD")
        if not ahead:
            return "done", ""
        arguments = ("push", "-q", "--no-verify", "-u", remote, f"HEAD:refs/heads/{branch}")
        sent = await git(*arguments, timeout_s=NETWORK_S)
        if sent.exit_code == 0:
            self.done = replace(self.done, sent=ahead)
            return "done", ""
        if re.search(r"fetch first|non-fast-forward|cannot lock ref", sent.stderr):
            return None
        return _why(sent.stderr, sent.exit_code)

    async def _receive(self, where: str) -> None:
        new = await self._count(f"HEAD..{where}")
        if new:
            found: tuple[SyncConflict, ...]
            async with self._place.lock:
                await self._record(self._git)
                found = await merge(self._git, where)
            self.done = replace(
                self.done,
                received=self.done.received + new,
                conflicts=(*self.done.conflicts, *found),
            )

    async def _count(self, commits: str) -> int:
        ran = await self._git("rev-list", "--count", commits, "--")
        return int(ran.stdout) if ran.exit_code == 0 and ran.stdout.strip() else 1


def _why(said: str, code: int | None) -> tuple[GitOutcome, str]:
    detail = without_passwords(said)
    if code is None:
        return "offline", detail
    for outcome, signs in _WHY:
        if any(sign in said.lower() for sign in signs):
            return outcome, detail
    return "failed", detail
