"""Opens one profile's data: in the clear, or with its key."""

import asyncio
import shutil
from pathlib import Path
from typing import NamedTuple

from desktop.paths import Paths, prepare_workspace
from desktop.protocol.problems import Trouble, problem
from desktop.store import lock_file
from desktop.store.database import Database
from desktop.store.keychain import Keychain
from desktop.store.profile_files import FileSet
from desktop.store.sealed_files import SealedFiles


class Door(NamedTuple):
    """What a profile is opened with."""

    keychain: Keychain
    """The profile's own corner of the system's keyring."""
    key: bytes | None = None
    """Of a locked profile."""


PLAIN = Door(Keychain())


async def opened(paths: Paths, door: Door) -> tuple[Database, SealedFiles | None]:
    """Raises ``Trouble`` for what the disk does, also for a key that does not fit, and ``locked``
    where there is a lock and no key."""
    if door.key is None:
        if lock_file.read(paths.data) is not None:
            raise Trouble(problem("locked"))
        prepare_workspace(paths)
        return await Database.open(paths.database), None
    empty_working_folders(paths)
    database = await Database.open(paths.database, key=door.key)
    try:
        sealed = await asyncio.to_thread(SealedFiles, paths.database, door.key, paths.data)
    except BaseException:
        await database.close()
        raise
    return database, sealed


def file_set(paths: Paths) -> FileSet:
    return FileSet(paths.data, paths.database, tuple(paths)[1:])


def empty_working_folders(paths: Paths) -> None:
    """The CLIs write what they are asked into the folders they are started in; what comes in and
    what is printed passes through others."""
    for folder in (paths.providers, paths.data / "incoming", paths.cache / "print"):
        for entry in folder.glob("*"):
            _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
