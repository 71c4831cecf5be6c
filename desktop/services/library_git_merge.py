"""Brings another computer's library together with this one; where both changed, both are kept."""

from pathlib import Path, PurePosixPath
from typing import NamedTuple

from desktop.protocol.library import SyncConflict
from desktop.services.library_git_command import Git, GitFailed, without_passwords
from desktop.store import library_files as files
from desktop.store.library_names import free, key_of

_PLAIN_FILES = frozenset({"100644", "100755"})


class Blocked(Exception):
    """The merge cannot be done now; everything is as it was before."""


class _Side(NamedTuple):
    mode: str
    stage: int


async def merge(git: Git, other: str) -> tuple[SyncConflict, ...]:
    """Merge a commit and record it. Raises ``Blocked``, ``GitFailed``: all is undone then."""
    who = await git.signature()
    ran = await git(
        *who, "merge", "--no-edit", "--no-verify", "--allow-unrelated-histories", "-q", "--", other
    )
    if ran.exit_code == 0:
        return ()
    unmerged = await _unmerged(git)
    if not unmerged:
        await git("merge", "--abort")
        raise Blocked(without_passwords(ran.stderr or ran.stdout))
    try:
        found = tuple([await _resolve(git, path, sides) for path, sides in unmerged.items()])
        await git.must(*who, "commit", "--no-edit", "--no-verify", "-q")
    except (GitFailed, OSError) as error:
        await git("merge", "--abort")
        raise Blocked(str(error)) from error
    return found


async def _unmerged(git: Git) -> dict[str, list[_Side]]:
    found: dict[str, list[_Side]] = {}
    for line in (await git("ls-files", "-u", "-z")).stdout.split("\0"):
        if line:
            told, _, path = line.partition("\t")
            mode, _, stage = told.split(" ")
            found.setdefault(path, []).append(_Side(mode, int(stage)))
    return found


async def _resolve(git: Git, path: str, sides: list[_Side]) -> SyncConflict:
    stages = {side.stage for side in sides}
    if any(side.mode not in _PLAIN_FILES for side in sides):
        raise GitFailed(path)
    if {2, 3} <= stages:
        beside = await _beside(git, path)
        await git.must("checkout", "--ours", "--", path)
        await git.must("add", "-f", "--", path, beside)
        return SyncConflict(kind="both_changed", path=path, other=beside)
    if 2 in stages:
        await git.must("checkout", "--ours", "--", path)
        await git.must("add", "-f", "--", path)
        return SyncConflict(kind="deleted_there", path=path)
    if 3 in stages:
        await git.must("checkout", "--theirs", "--", path)
        await git.must("add", "-f", "--", path)
        return SyncConflict(kind="deleted_here", path=path)
    await git.must("rm", "-q", "--cached", "--ignore-unmatch", "--", path)
    return SyncConflict(kind="deleted_here", path=path)


async def _beside(git: Git, path: str) -> str:
    """The other version, to the letter, in a new file beside ours."""
    told = await git.must("checkout-index", "--stage=3", "--temp", "-z", "--", path)
    temporary = git.folder / told.partition("\t")[0]
    try:
        where = PurePosixPath(path)
        folder = git.folder / where.parent
        if not _plain(git.folder, where.parent):
            raise GitFailed(path)
        taken = {key_of(one.name) for one in folder.iterdir()}
        _, file = free(where.stem, where.suffix, taken)
        files.write_new(folder / file, temporary.read_bytes())
    finally:
        temporary.unlink(missing_ok=True)
    return str(where.parent / file)


def _plain(root: Path, inner: PurePosixPath) -> bool:
    """Whether no part of the way is a link."""
    for part in inner.parts:
        root /= part
        if not files.is_folder(root):
            return False
    return True
