"""Turns a plain profile into a locked one and back; a crash at any step leaves one whole copy.

The database keeps its name. Its first bytes say what it is, so the one rename that puts the copy
in its place decides everything: before it the old profile is whole, after it the new one. What is
pending stands in the lock file, and ``settle`` finishes or undoes it at the next start.
"""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec.structs import replace

from desktop.protocol.problems import Trouble, problem
from desktop.store import copying, lock_file
from desktop.store.driver import Errors, is_plain
from desktop.store.lock_file import Lock, keep_file, keep_folder
from desktop.store.profile_files import BACKUPS, FileSet
from desktop.store.sealed_files import SealedFiles

PART = ".part"
UNPACKED = ".unsealed.part"
_BESIDE = ("", "-wal", "-shm", "-journal")

Tell = Callable[[str, int, int], None]
"""Which step, how much of it is done, and of how much."""
AtStep = Callable[[str], None]
"""Called between any two steps; a test ends the program here."""


def _nothing(_step: str) -> None:
    return None


def seal(files: FileSet, lock: Lock, key: bytes, tell: Tell, at_step: AtStep = _nothing) -> None:
    """Encrypt the database with all other files in it. Nobody else may have it open.

    Raises ``Trouble``; the plain profile is whole then.
    """
    database, folder = files.database, files.folder
    part = database.with_name(database.name + PART)
    with _conversion_trouble(folder):
        _need_room(folder, files)
        salt = secrets.token_hex(16)
        listed = list(files.all())
        lock = replace(
            lock,
            pending="sealing",
            salt=salt,
            leftovers=tuple(_digest(salt, each) for each in listed),
        )
        lock_file.write(folder, lock)
        at_step("noted")
        try:
            _drop(part)
            copying.copy(database, None, part, key)
            at_step("copied")
            _pack(files, listed, part, key, tell)
            at_step("packed")
            _compare(database, None, part, key, tell)
            _compare_files(files, listed, part, key)
            keep_file(part)
        except BaseException:
            _drop(part)
            lock_file.remove(folder)
            raise
        at_step("checked")
        part.replace(database)
        keep_folder(folder)
        at_step("decided")
        settle(files, at_step)


def unseal(files: FileSet, lock: Lock, key: bytes, tell: Tell, at_step: AtStep = _nothing) -> None:
    """The other way. Raises ``Trouble``; the locked profile is whole then."""
    database, folder = files.database, files.folder
    part = database.with_name(database.name + PART)
    unpacked = folder / UNPACKED
    with _conversion_trouble(folder):
        _need_room(folder, files)
        lock_file.write(folder, replace(lock, pending="unsealing"))
        at_step("noted")
        try:
            _drop(part)
            shutil.rmtree(unpacked, ignore_errors=True)
            copying.copy(database, key, part, None)
            at_step("copied")
            _compare(database, key, part, None, tell)
            _unpack(files, key, part, unpacked, tell)
            keep_file(part)
        except BaseException:
            _drop(part)
            shutil.rmtree(unpacked, ignore_errors=True)
            lock_file.write(folder, replace(lock, pending=""))
            raise
        at_step("checked")
        part.replace(database)
        keep_folder(folder)
        at_step("decided")
        settle(files, at_step)


def settle(files: FileSet, at_step: AtStep = _nothing) -> Lock | None:
    """Finish or undo what was pending. Returns the lock, if the profile is locked.

    Needs no key, so nothing in the clear lies about until somebody knows the password.
    """
    folder, database = files.folder, files.database
    with _conversion_trouble(folder):
        lock = lock_file.read(folder)
        if lock is None or not lock.pending:
            return lock
        plain = is_plain(database)
        part = database.with_name(database.name + PART)
        _drop(part)
        if lock.pending == "sealing" and plain:
            lock_file.remove(folder)
            return None
        if lock.pending == "sealing":
            _clear(files, lock)
            at_step("cleared")
        elif plain:
            _drop(database, suffixes=_BESIDE[1:3])
            _move_out(folder / UNPACKED, folder)
            # Their key is no more: nobody could ever open them again.
            shutil.rmtree(folder / BACKUPS, ignore_errors=True)
            at_step("moved")
            lock_file.remove(folder)
            return None
        else:
            shutil.rmtree(folder / UNPACKED, ignore_errors=True)
        lock = replace(lock, pending="", salt="", leftovers=())
        lock_file.write(folder, lock)
        return lock


def _pack(files: FileSet, listed: list[str], part: Path, key: bytes, tell: Tell) -> None:
    sealed = SealedFiles(part, key, files.folder)
    try:
        with sealed.together():
            for at, name in enumerate(listed):
                tell("packing", at, len(listed))
                path = files.folder / name
                sealed.store(path, path.read_bytes(), path.stat().st_mtime_ns)
    finally:
        sealed.close()


def _unpack(files: FileSet, key: bytes, part: Path, unpacked: Path, tell: Tell) -> None:
    """Out of the sealed database, and out of the plain copy of it."""
    sealed = SealedFiles(files.database, key, files.folder)
    try:
        paths = sealed.everything()
        for at, path in enumerate(paths):
            tell("unpacking", at, len(paths))
            raw = sealed.whole(path)
            to = unpacked / path.relative_to(files.folder)
            to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            to.write_bytes(raw)
            to.chmod(0o600)
            keep_file(to)
            if to.read_bytes() != raw:
                raise ValueError("a file was written differently")
            stamp = sealed.modified_ns(path)
            os.utime(to, ns=(stamp, stamp))
    finally:
        sealed.close()
    copying.drop_table(part, "sealed_file")


def _compare(one: Path, one_key: bytes | None, other: Path, key: bytes | None, tell: Tell) -> None:
    def told(done: int, total: int) -> None:
        tell("checking", done, total)

    before = copying.contents(one, one_key)
    after = copying.contents(other, key, told)
    for found in (before, after):
        found.pop("sealed_file", None)
    if before != after or copying.schema(one, one_key) != copying.schema(other, key):
        raise ValueError("the copy is not the same")


def _compare_files(files: FileSet, listed: list[str], part: Path, key: bytes) -> None:
    sealed = SealedFiles(part, key, files.folder)
    try:
        if sorted(listed) != sorted(
            path.relative_to(files.folder).as_posix() for path in sealed.everything()
        ):
            raise ValueError("a file is missing")
        for name in listed:
            path = files.folder / name
            if (
                hashlib.sha256(path.read_bytes()).digest()
                != hashlib.sha256(sealed.whole(path)).digest()
            ):
                raise ValueError("a file was changed meanwhile")
    finally:
        sealed.close()


def _clear(files: FileSet, lock: Lock) -> None:
    """Remove the plain files that were packed, and no other: one may have come since."""
    known = set(lock.leftovers)
    for name in list(files.all()):
        if _digest(lock.salt, name) in known:
            (files.folder / name).unlink(missing_ok=True)
    files.clear_droppable()
    files.clear_empty_folders()


def _move_out(unpacked: Path, folder: Path) -> None:
    for entry in sorted(unpacked.iterdir()) if unpacked.is_dir() else ():
        target = folder / entry.name
        if target.exists():
            if target.is_dir() and not any(target.iterdir()):
                target.rmdir()
            else:
                target.rename(target.with_name(f"{target.name}.before-{secrets.token_hex(3)}"))
        entry.rename(target)
    if unpacked.is_dir():
        unpacked.rmdir()
    keep_folder(folder)


def _digest(salt: str, name: str) -> str:
    return hashlib.sha256(salt.encode() + os.fsencode(name)).hexdigest()


def _drop(path: Path, suffixes: tuple[str, ...] = _BESIDE) -> None:
    for suffix in suffixes:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _need_room(folder: Path, files: FileSet) -> None:
    if shutil.disk_usage(folder).free < files.size() * 5 // 4 + 4_000_000:
        raise Trouble(problem("storage_full"))


@contextmanager
def _conversion_trouble(folder: Path) -> Iterator[None]:
    try:
        yield
    except Errors as error:
        raise Trouble(problem("storage_failed", detail=type(error).__name__)) from error
    except ValueError as error:
        raise Trouble(problem("storage_failed", field="copy")) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        with suppress(OSError):
            full = full or shutil.disk_usage(folder).free < 1_000_000
        told = problem("storage_full" if full else "storage_failed", detail=error.strerror or "")
        raise Trouble(told) from error
