"""Remembers what was already done for which input, so that a second run starts at once."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(paths: Iterable[Path], *also: str) -> str:
    """One hash over the contents of files and all files of folders, and over words."""
    total = hashlib.sha256()
    for word in also:
        total.update(word.encode() + b"\0")
    for path in paths:
        for file in sorted(_files(path)):
            total.update(file.relative_to(path.parent).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return (file for file in path.rglob("*") if file.is_file())
    return [path] if path.exists() else []


def is_done(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == wanted


def mark_done(stamp: Path, wanted: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")
