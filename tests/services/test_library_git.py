"""The one button, against real git: two computers, one bare repository between them."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.protocol.library import GitInitParams, GitSynced, TextContents
from desktop.protocol.methods import Nothing
from desktop.protocol.problems import Trouble
from desktop.providers.process import Processes
from desktop.services.library_git import LibraryGit
from desktop.services.library_place import LibraryPlace
from desktop.services.settings import SettingsService
from desktop.store.database import Database

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-c", "protocol.file.allow=always",
         *arguments],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


class Computer:
    """One person's computer with its library."""

    def __init__(self, root: Path, settings: SettingsService, processes: Processes) -> None:
        self.home = root / "home"
        self.home.mkdir(parents=True)
        self.place = LibraryPlace(settings, root / "data" / "library", None)
        self.place.ready()
        self.folder = self.place.folder().root
        self.told = 0
        self.environ = {"PATH": os.environ["PATH"], "HOME": str(self.home)}
        self.git = LibraryGit(self.place, processes, self.tell, self.environ)

    async def tell(self) -> None:
        self.told += 1

    async def sync(self) -> GitSynced:
        return await self.git.sync(Nothing())

    def write(self, file: str, text: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def files(self) -> dict[str, str]:
        return {
            path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8")
            for path in self.folder.rglob("*")
            if path.is_file() and ".git" not in path.parts
        }


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[tuple[Computer, Computer, Path]]:
    database = await Database.open(tmp_path / "t.db")
    settings = SettingsService(database, lambda _: None)
    processes = Processes()
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    yield (
        Computer(tmp_path / "one", settings, processes),
        Computer(tmp_path / "two", settings, processes),
        bare,
    )
    await processes.close()
    await database.close()


async def joined(two: tuple[Computer, Computer, Path]) -> tuple[Computer, Computer]:
    one, other, bare = two
    one.write("worlds/안개.md", "안개\n")
    for computer in (one, other):
        made = await computer.git.init(GitInitParams(remote=str(bare)))
        assert (made.state, made.branch, made.remote) == ("ready", "main", True)
        assert (await computer.sync()).outcome == "done"
    assert other.files() == {"worlds/안개.md": "안개\n"}
    return one, other


async def test_what_is_written_here_arrives_there(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, other = await joined(two)
    one.write("worlds/둘 째.md", "둘")
    status = await one.git.status(Nothing())
    assert [(file.path, file.change) for file in status.changed] == [("worlds/둘 째.md", "added")]
    sent = await one.sync()
    assert (sent.outcome, sent.committed, sent.sent, sent.received) == ("done", 1, 1, 0)
    assert (sent.status.ahead, sent.status.behind, sent.status.changed) == (0, 0, ())
    assert sent.status.upstream == "origin/main"
    got = await other.sync()
    assert (got.outcome, got.sent, got.received) == ("done", 0, 1)
    assert other.files() == one.files()
    assert other.told == 2, "the library is looked at again"
    assert (await other.sync()).received == 0


async def test_a_file_changed_in_both_places_is_kept_twice(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, other = await joined(two)
    one.write("worlds/안개.md", "하나의 안개\n")
    other.write("worlds/안개.md", "다른 안개\n")
    other.write("npcs/새.md", "새")
    await one.sync()
    ended = await other.sync()
    assert ended.outcome == "done"
    (conflict,) = ended.conflicts
    assert (conflict.kind, conflict.path, conflict.other) == (
        "both_changed", "worlds/안개.md", "worlds/안개 (2).md",
    )  # fmt: skip
    assert other.files() == {
        "worlds/안개.md": "다른 안개\n",
        "worlds/안개 (2).md": "하나의 안개\n",
        "npcs/새.md": "새",
    }
    await one.sync()
    assert one.files() == other.files()
    assert other.place.folder().read("world", "안개 (2).md").contents == TextContents(
        text="하나의 안개"
    )


async def test_different_places_of_one_file_are_never_mixed(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, other = await joined(two)
    lines = [f"{number}\n" for number in range(20)]
    one.write("presets/p.json", "".join(lines))
    await one.sync()
    await other.sync()
    one.write("presets/p.json", "".join(["top\n", *lines]))
    other.write("presets/p.json", "".join([*lines, "end\n"]))
    await one.sync()
    ended = await other.sync()
    assert [one.kind for one in ended.conflicts] == ["both_changed"]
    assert other.files()["presets/p.json"] == "".join([*lines, "end\n"])
    assert other.files()["presets/p (2).json"] == "".join(["top\n", *lines])


@pytest.mark.parametrize("deleter", [0, 1])
async def test_a_file_deleted_in_one_place_and_changed_in_the_other_stays(
    two: tuple[Computer, Computer, Path], deleter: int
) -> None:
    both = await joined(two)
    (both[deleter].folder / "worlds" / "안개.md").unlink()
    both[1 - deleter].write("worlds/안개.md", "고친 안개\n")
    await both[0].sync()
    ended = await both[1].sync()
    assert [one.kind for one in ended.conflicts] == ["deleted_here" if deleter else "deleted_there"]
    await both[0].sync()
    assert both[0].files() == both[1].files() == {"worlds/안개.md": "고친 안개\n"}


async def test_two_libraries_that_never_met_are_brought_together(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, other, bare = two
    for computer, text in ((one, "하나"), (other, "둘")):
        computer.write("worlds/같은 이름.md", text)
        await computer.git.init(GitInitParams(remote=str(bare)))
    assert (await one.sync()).outcome == "done"
    ended = await other.sync()
    assert [one.kind for one in ended.conflicts] == ["both_changed"]
    assert sorted(other.files().values()) == ["둘", "하나"]


async def test_without_a_place_to_send_it_stays_here(two: tuple[Computer, Computer, Path]) -> None:
    one, _, _ = two
    await one.git.init(GitInitParams())
    one.write("worlds/a.md", "a")
    ended = await one.sync()
    assert (ended.outcome, ended.committed, ended.status.changed) == ("no_remote", 1, ())


async def test_a_place_that_is_gone_keeps_everything_here(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, _ = await joined(two)
    two[2].rename(two[2].with_suffix(".away"))
    one.write("worlds/a.md", "a")
    ended = await one.sync()
    assert (ended.outcome, ended.committed, ended.status.ahead) == ("no_such_place", 1, 1)
    two[2].with_suffix(".away").rename(two[2])
    assert ((await one.sync()).outcome) == "done"


async def test_a_network_that_is_away_is_told_as_that(two: tuple[Computer, Computer, Path]) -> None:
    one, _, _ = two
    await one.git.init(GitInitParams(remote="http://127.0.0.1:9/user/private.git"))
    one.write("worlds/a.md", "a")
    ended = await one.sync()
    assert (ended.outcome, ended.committed) == ("offline", 1)


async def test_what_was_staged_by_hand_is_recorded_too(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, other = await joined(two)
    one.write("worlds/a.md", "halb")
    git(one.folder, "add", "worlds/a.md")
    one.write("worlds/a.md", "ganz")
    assert (await one.sync()).outcome == "done"
    await other.sync()
    assert other.files()["worlds/a.md"] == "ganz"


async def test_the_trash_never_leaves_this_computer(two: tuple[Computer, Computer, Path]) -> None:
    one, other = await joined(two)
    one.write(".trash/x/content", "geheim")
    assert (await one.git.status(Nothing())).changed == ()
    await one.sync()
    await other.sync()
    assert ".trash/x/content" not in other.files()
    assert ".trash" not in git(one.folder, "ls-files")


async def test_without_git_the_reason_is_told(two: tuple[Computer, Computer, Path]) -> None:
    one, _, _ = two
    from desktop.services import library_git_command

    assert library_git_command.find_git({"PATH": "relative"}, "win32") == ""
    one.environ["PATH"] = str(one.home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library_git_command, "SYSTEM_FOLDERS", ())
        assert (await one.git.status(Nothing())).state == "no_git"
        ended = await one.sync()
    assert (ended.outcome, ended.status.state) == ("not_ready", "no_git")


async def test_a_repository_further_up_is_left_alone(two: tuple[Computer, Computer, Path]) -> None:
    one, _, _ = two
    git(one.folder.parent, "init", "-q")
    assert (await one.git.status(Nothing())).state == "no_repository"
    assert (await one.sync()).outcome == "not_ready"


@pytest.mark.parametrize(
    "key",
    [
        "core.sshCommand", "core.fsmonitor", "core.hooksPath", "core.gitProxy", "include.path",
        "filter.x.clean", "merge.x.driver", "credential.helper", "remote.origin.uploadpack",
        "remote.origin.receivepack", "url.ext::sh.insteadOf", "core.attributesFile",
        "core.worktree", "diff.external", "gpg.program", "uploadpack.packObjectsHook",
    ],
)  # fmt: skip
async def test_settings_of_a_stranger_that_start_programs_are_refused(
    two: tuple[Computer, Computer, Path], key: str
) -> None:
    one, _ = await joined(two)
    trap = one.home / "ran"
    elsewhere = key == "core.worktree"
    git(one.folder, "config", key, str(one.home) if elsewhere else f"touch {trap}; false")
    one.write("worlds/.gitattributes", "* filter=x merge=x")
    one.write("worlds/a.md", "a")
    status = await one.git.status(Nothing())
    assert status.state == "unsafe_settings"
    assert status.detail.lower() == key.lower()
    ended = await one.sync()
    assert (ended.outcome, ended.committed) == ("not_ready", 0)
    assert not trap.exists()


async def test_hooks_of_the_repository_are_never_run(two: tuple[Computer, Computer, Path]) -> None:
    one, other = await joined(two)
    trap = one.home / "ran"
    hooks = one.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "post-commit", "pre-push", "post-merge", "post-checkout",
                 "prepare-commit-msg", "commit-msg", "reference-transaction"):  # fmt: skip
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{trap}'\n", encoding="utf-8")
        (hooks / name).chmod(0o755)
    other.write("worlds/b.md", "b")
    await other.sync()
    one.write("worlds/a.md", "a")
    assert (await one.sync()).outcome == "done"
    assert not trap.exists()


async def test_an_address_that_would_run_a_program_is_refused(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, _, _ = two
    trap = one.home / "ran"
    for remote in (f"ext::sh -c 'touch {trap}'", "--upload-pack=x", "-x",
                   "https://me:secret@host/x", "ssh://-oProxyCommand=x/y", "a@b:-x"):  # fmt: skip
        with pytest.raises(Trouble) as told:
            await one.git.init(GitInitParams(remote=remote))
        assert told.value.problem.field == "remote"
    await one.git.init(GitInitParams())
    git(one.folder, "remote", "add", "origin", f"ext::sh -c 'touch {trap}'")
    assert (await one.sync()).outcome in ("failed", "offline", "denied", "no_such_place")
    assert not trap.exists()


async def test_a_merge_that_was_begun_elsewhere_is_not_touched(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, other = await joined(two)
    one.write("worlds/안개.md", "하나\n")
    await one.sync()
    other.write("worlds/안개.md", "둘\n")
    git(other.folder, "commit", "-qam", "x")
    git(other.folder, "fetch", "-q")
    with pytest.raises(subprocess.CalledProcessError):
        git(other.folder, "merge", "origin/main")
    before = other.files()
    ended = await other.sync()
    assert (ended.outcome, ended.status.state) == ("not_ready", "unfinished")
    assert other.files() == before


async def test_no_branch_is_told_as_that(two: tuple[Computer, Computer, Path]) -> None:
    one, _ = await joined(two)
    git(one.folder, "checkout", "-q", "--detach")
    assert (await one.sync()).status.state == "detached"


async def test_a_link_in_the_place_of_a_file_undoes_the_merge(
    two: tuple[Computer, Computer, Path],
) -> None:
    one, other = await joined(two)
    path = one.folder / "worlds" / "안개.md"
    path.unlink()
    path.symlink_to("/etc/hostname")
    other.write("worlds/안개.md", "둘\n")
    await one.sync()
    ended = await other.sync()
    assert ended.outcome in ("blocked", "done")
    assert "둘\n" in other.files().values()
    assert not (other.folder / ".git" / "MERGE_HEAD").exists()
