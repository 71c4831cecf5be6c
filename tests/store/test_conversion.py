"""Plain to locked and back: whole at every moment, also when the program is killed."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.protocol.problems import Trouble
from desktop.store import conversion, copying, lock_file, sealing, settings
from desktop.store.database import Database
from desktop.store.driver import is_plain
from desktop.store.lock_file import Lock
from desktop.store.profile_files import BACKUPS, FileSet
from tests.store.rows import room_with

KEY = bytes(range(32))
SECRET = "비밀이야기"
STEPS_SEALING = ("noted", "copied", "packed", "checked", "decided", "cleared")
STEPS_UNSEALING = ("noted", "copied", "checked", "decided", "moved")


def silent(_step: str, _done: int, _total: int) -> None:
    return None


@pytest.fixture
async def files(tmp_path: Path) -> FileSet:
    folder = tmp_path / "profile"
    database = await Database.open(folder / "persona-chat.db")
    await room_with(database, 40)
    async with database.transaction() as session:
        await settings.write(session, "last_room", SECRET)
    await database.close()
    library = folder / "persona_data"
    (library / "npcs").mkdir(parents=True)
    (library / "npcs" / f"{SECRET}.md").write_text(SECRET, "utf-8")
    (library / ".git").mkdir()
    (library / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "keepsakes").mkdir()
    (folder / "keepsakes" / "large.zip").write_bytes(SECRET.encode() * 500_000)
    (folder / BACKUPS).mkdir()
    (folder / BACKUPS / "of-the-open-profile").write_text(SECRET, "utf-8")
    (folder / "persona-chat.db.schema-1.bak").write_text(SECRET, "utf-8")
    (folder / ".lock").touch()
    return FileSet(folder, folder / "persona-chat.db")


@pytest.fixture
def lock() -> Lock:
    slot = sealing.decoy()
    return Lock(password=slot, recovery=slot)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of the story's, without what only one of the two forms has."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in {".lock", "lock.json"}
        and path.parent.name != BACKUPS
        if not path.name.startswith("persona-chat.db")
    }


def shows(folder: Path) -> list[str]:
    needle = SECRET.encode()
    return [
        path.name
        for path in folder.rglob("*")
        if needle in os.fsencode(path.name) or (path.is_file() and needle in path.read_bytes())
    ]


async def test_backups_go_only_once_the_form_they_were_made_in_is_given_up(
    files: FileSet, lock: Lock
) -> None:
    backup = files.folder / BACKUPS / "of-the-open-profile"
    killed_at("checked", lambda at: conversion.seal(files, lock, KEY, silent, at))
    assert conversion.settle(files) is None
    assert backup.exists(), "the profile is still open, and so is its backup"
    conversion.seal(files, lock, KEY, silent)
    assert not backup.exists(), "an open backup would tell of a locked profile"
    backup.parent.mkdir()
    backup.write_text("sealed with the key", "utf-8")
    conversion.unseal(files, lock, KEY, silent)
    assert not backup.exists(), "nobody has its key any more"


async def test_there_and_back_again_is_the_same(files: FileSet, lock: Lock) -> None:
    before, rows = tree(files.folder), copying.contents(files.database, None)
    assert shows(files.folder)
    conversion.seal(files, lock, KEY, silent)
    assert shows(files.folder) == []
    assert tree(files.folder) == {}
    assert conversion.settle(files) == lock
    sealed = copying.contents(files.database, KEY)
    sealed.pop("sealed_file")
    assert sealed == rows
    database = await Database.open(files.database, key=KEY)
    async with database.transaction() as session:
        assert await settings.read(session, "last_room") == SECRET
    await database.close()
    assert shows(files.folder) == []
    conversion.unseal(files, lock, KEY, silent)
    assert conversion.settle(files) is None
    assert tree(files.folder) == before
    assert copying.contents(files.database, None) == rows
    assert not (files.folder / lock_file.NAME).exists()


async def test_the_steps_are_told(files: FileSet, lock: Lock) -> None:
    told: list[str] = []

    def tell(step: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        told.append(step)

    conversion.seal(files, lock, KEY, tell)
    assert list(dict.fromkeys(told)) == ["packing", "checking"]


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("step", STEPS_SEALING)
async def test_killed_while_sealing_one_copy_is_whole(
    files: FileSet, lock: Lock, step: str
) -> None:
    before, rows = tree(files.folder), copying.contents(files.database, None)
    killed_at(step, lambda at: conversion.seal(files, lock, KEY, silent, at))
    settled = conversion.settle(files)
    if STEPS_SEALING.index(step) < STEPS_SEALING.index("decided"):
        assert settled is None
        assert is_plain(files.database)
        assert tree(files.folder) == before
        assert copying.contents(files.database, None) == rows
        conversion.seal(files, lock, KEY, silent)
    else:
        assert settled == lock
    assert shows(files.folder) == []
    conversion.unseal(files, lock, KEY, silent)
    assert tree(files.folder) == before
    assert copying.contents(files.database, None) == rows


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("step", STEPS_UNSEALING)
async def test_killed_while_unsealing_one_copy_is_whole(
    files: FileSet, lock: Lock, step: str
) -> None:
    before, rows = tree(files.folder), copying.contents(files.database, None)
    conversion.seal(files, lock, KEY, silent)
    killed_at(step, lambda at: conversion.unseal(files, lock, KEY, silent, at))
    if STEPS_UNSEALING.index(step) < STEPS_UNSEALING.index("decided"):
        assert conversion.settle(files) == lock
        assert shows(files.folder) == []
        conversion.unseal(files, lock, KEY, silent)
    else:
        assert conversion.settle(files) is None
    assert tree(files.folder) == before
    assert copying.contents(files.database, None) == rows


@pytest.mark.parametrize("step", ["copied", "packed"])
async def test_a_disk_that_fails_leaves_the_plain_profile_as_it_was(
    files: FileSet, lock: Lock, step: str
) -> None:
    before = tree(files.folder)

    def fails(at: str) -> None:
        if at == step:
            raise OSError(5, "Input/output error")

    with pytest.raises(Trouble):
        conversion.seal(files, lock, KEY, silent, fails)
    assert tree(files.folder) == before
    assert conversion.settle(files) is None
    assert [path.name for path in files.folder.glob("persona-chat.db.part*")] == []


async def test_a_copy_that_differs_never_takes_over(files: FileSet, lock: Lock) -> None:
    before = tree(files.folder)

    def meddle(at: str) -> None:
        if at == "packed":
            (files.folder / "persona_data" / "npcs" / f"{SECRET}.md").write_text("changed")

    with pytest.raises(Trouble):
        conversion.seal(files, lock, KEY, silent, meddle)
    assert is_plain(files.database)
    assert tree(files.folder).keys() == before.keys()


async def test_a_file_that_came_after_the_copy_is_not_removed(files: FileSet, lock: Lock) -> None:
    def comes(at: str) -> None:
        if at == "decided":
            (files.folder / "persona_data" / "late.txt").write_text("late")

    conversion.seal(files, lock, KEY, silent, comes)
    assert tree(files.folder) == {"persona_data/late.txt": b"late"}


async def test_a_full_disk_is_told_before_anything_is_begun(
    files: FileSet, lock: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "desktop.store.conversion.shutil.disk_usage", lambda _: type("Full", (), {"free": 1000})
    )
    with pytest.raises(Trouble) as caught:
        conversion.seal(files, lock, KEY, silent)
    assert caught.value.problem.code == "storage_full"
    assert not (files.folder / lock_file.NAME).exists()


def killed_at(step: str, act: Callable[[Callable[[str], None]], None]) -> None:
    """Do it in a process of its own that ends without a farewell at this step."""
    child = os.fork()
    if child == 0:

        def at_step(reached: str) -> None:
            if reached == step:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            act(at_step)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"never came to {step}"
