"""How the library's repository stands: its branch, its files, and why it cannot be exchanged."""

from desktop.protocol.library import ChangedFile, FileChange, GitState, GitStatus
from desktop.services.library_git_command import UNREADABLE, Git, without_passwords

TRASH = ".trash"
EVERYTHING = (".", f":(exclude){TRASH}", ":(exclude,glob)**/.tmp-*")
_UNFINISHED = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


async def status_of(git: Git) -> GitStatus:
    """Asks nobody on the network."""
    if not (git.folder / ".git").exists():
        return GitStatus(state="no_repository")
    # Reading them starts nothing; ``core.worktree`` would lead every other question elsewhere.
    unsafe = await git.unsafe_setting()
    if unsafe and unsafe != UNREADABLE:
        return GitStatus(state="unsafe_settings", detail=unsafe)
    inside = await git("rev-parse", "--is-inside-work-tree")
    if inside.exit_code != 0:
        foreign = "dubious ownership" in inside.stderr
        state: GitState = "not_yours" if foreign else "failed"
        return GitStatus(state=state, detail=without_passwords(inside.stderr))
    if unsafe:
        return GitStatus(state="unsafe_settings", detail=unsafe)
    return await _described(git)


async def _described(git: Git) -> GitStatus:
    arguments = ("status", "--porcelain=v2", "--branch", "--untracked-files=all", "--no-renames")
    ran = await git(*arguments, "-z", "--ignore-submodules=all", "--", *EVERYTHING)
    if ran.exit_code != 0:
        return GitStatus(state="failed", detail=without_passwords(ran.stderr))
    head: dict[str, str] = {}
    changed = []
    for line in ran.stdout.split("\0"):
        if line.startswith("# branch."):
            key, _, value = line.removeprefix("# branch.").partition(" ")
            head[key] = value
        elif line:
            changed.append(_changed(line))
    remotes = (await git("remote")).stdout.split()
    ahead, behind = _apart(head.get("ab", ""))
    return GitStatus(
        state=await _state(git, head),
        branch=head.get("head", ""),
        upstream=head.get("upstream", "") if "ab" in head else "",
        remote=bool(remotes),
        ahead=ahead,
        behind=behind,
        changed=tuple(changed),
    )


async def _state(git: Git, head: dict[str, str]) -> GitState:
    for name in _UNFINISHED:
        if (await git("rev-parse", "-q", "--verify", name)).exit_code == 0:
            return "unfinished"
    return "detached" if head.get("head") == "(detached)" else "ready"


def _apart(told: str) -> tuple[int, int]:
    if not told:
        return 0, 0
    ahead, behind = told.split()
    return abs(int(ahead)), abs(int(behind))


def _changed(line: str) -> ChangedFile:
    kind = line[0]
    if kind == "?":
        return ChangedFile(path=line[2:], change="added")
    if kind == "u":
        return ChangedFile(path=line.split(" ", 10)[10], change="conflicted")
    letters = line.split(" ", 2)[1]
    change: FileChange = "changed"
    if "D" in letters:
        change = "deleted"
    elif letters[0] == "A":
        change = "added"
    return ChangedFile(path=line.split(" ", 8)[8], change=change)
