"""A disk that fails at the write of a number: opening, writing, syncing, naming, making folders."""

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS)


class FaultyDisk:
    """Counts what is written below ``root`` through Python; SQLite's own writes are not seen."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self.writes = 0
        self.fails_at = 0
        self.fault = 0
        self.always = 0
        """Every write fails with this, unless it is 0."""

    @property
    def fired(self) -> bool:
        return 0 < self.fails_at <= self.writes

    def arm(self, number: int, fault: int = 0) -> None:
        self.writes, self.fails_at, self.fault = 0, number, fault

    def count(self, path: object) -> None:
        if isinstance(path, str | os.PathLike) and not os.fspath(path).startswith(self._root):
            return
        self.writes += 1
        fault = self.fault if self.writes == self.fails_at else self.always
        if fault:
            raise OSError(fault, os.strerror(fault), str(path))


class _File:
    """A file that is opened for writing."""

    def __init__(self, disk: FaultyDisk, file: Any) -> None:
        self._disk = disk
        self._file = file

    def write(self, raw: Any) -> int:
        self._disk.count(None)
        return int(self._file.write(raw))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@contextmanager
def faulty_disk(root: Path) -> Iterator[FaultyDisk]:
    disk = FaultyDisk(root)
    real_open, real_os_open = io.open, os.open

    def opening(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        if not set(mode) & set("wax+") or not (
            isinstance(file, int) or os.fspath(file).startswith(os.fspath(root))
        ):
            return real_open(file, mode, *given, **named)
        if not isinstance(file, int):
            disk.count(file)
        return _File(disk, real_open(file, mode, *given, **named))

    def os_opening(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            disk.count(path)
        return real_os_open(path, flags, *given, **named)

    def counted(real: Any) -> Any:
        def instead(path: Any, *given: Any, **named: Any) -> Any:
            disk.count(path)
            return real(path, *given, **named)

        return instead

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(io, "open", opening)
        patched.setattr(os, "open", os_opening)
        for name in ("fsync", "replace", "rename", "link", "mkdir"):
            patched.setattr(os, name, counted(getattr(os, name)))
        yield disk
