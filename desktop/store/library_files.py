"""Reads and writes single files of the library: no link is followed, nothing is half written."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 4_000_000
PRIVATE_FOLDER = 0o700
TEMPORARY = ".tmp-"

# A cloud folder's placeholders are reparse points too, and are no links.
_WINDOWS_LINKS = frozenset({0xA000000C, 0xA0000003})


class Seen(NamedTuple):
    """A name in a folder, as one look found it."""

    file: str
    mode: int
    link: bool
    size: int
    modified_ns: int
    inode: int

    @property
    def regular(self) -> bool:
        return stat.S_ISREG(self.mode) and not self.link


class TooLarge(Exception):
    """The file is larger than ``MAX_BYTES``."""


def seen_in(folder: Path) -> list[Seen]:
    """What lies in a folder, by name, but for hidden files and what the system puts there.

    Empty for a folder that is missing or a link. Raises ``OSError``.
    """
    if not is_folder(folder):
        return []
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and not is_systems_own(entry.name):
                with suppress(FileNotFoundError):
                    found.append(_seen(entry.name, Path(entry.path).lstat()))
    return sorted(found)


_SYSTEMS_OWN = frozenset({"thumbs.db", "desktop.ini", "icon\r"})


def is_systems_own(name: str) -> bool:
    """What Windows and macOS put into folders by themselves."""
    return name.lower() in _SYSTEMS_OWN


def look(path: Path) -> Seen | None:
    """A single file, or ``None`` if it is not there. Raises ``OSError``."""
    try:
        return _seen(path.name, path.lstat())
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_folder(path: Path) -> bool:
    """A folder itself, not a link to one."""
    seen = look(path)
    return seen is not None and stat.S_ISDIR(seen.mode) and not seen.link


def _seen(file: str, found: os.stat_result) -> Seen:
    tag = getattr(found, "st_reparse_tag", 0)
    link = stat.S_ISLNK(found.st_mode) or tag in _WINDOWS_LINKS
    return Seen(file, found.st_mode, link, found.st_size, found.st_mtime_ns, found.st_ino)


def read_bytes(path: Path) -> bytes:
    """A regular file's bytes. Raises ``OSError``, ``TooLarge``; a link is an ``OSError``."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    # A pipe that took the file's place meanwhile would keep us waiting for ever.
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if _seen(path.name, path.lstat()).link:
        raise OSError(f"a link: {path.name}")
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"not a file: {path.name}")
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise TooLarge(path.name)
    return raw


def stamp_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]


def make_folder(folder: Path) -> None:
    """Make it, private, with those above it. Raises ``OSError``, also where a link stands."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if not is_folder(folder):
        raise NotADirectoryError(folder.name)


def write_new(path: Path, raw: bytes) -> None:
    """Write a file that is not there yet; whoever made it meanwhile wins.

    Raises ``OSError``, ``FileExistsError`` among them.
    """
    with _beside(path, raw) as written:
        try:
            os.link(written, path)
        except FileExistsError:
            raise
        except OSError:
            # A disk without hard links: hold the name with an empty file of our own.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            written.replace(path)
    _keep_folder(path.parent)


def replace(path: Path, raw: bytes) -> None:
    """Put new bytes in a file's place, whole or not at all; its rights stay. Raises ``OSError``."""
    with _beside(path, raw) as written:
        if os.name == "posix":
            written.chmod(stat.S_IMODE(path.lstat().st_mode))
        written.replace(path)
    _keep_folder(path.parent)


class _beside:  # noqa: N801 - a context manager that reads as a word
    """The bytes, safe on the disk, in a hidden file beside ``path``, for as long as the block."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self._folder = path.parent
        self._raw = raw
        self._path: Path

    def __enter__(self) -> Path:
        handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=self._folder)
        self._path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self._raw)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            self._path.unlink(missing_ok=True)
            raise
        return self._path

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _keep_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system lets us."""
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def names(folder: Path) -> list[str]:
    """Every name in a folder, hidden ones too; empty for one that is missing or a link."""
    return [path.name for path in folder.iterdir()] if is_folder(folder) else []


def move(path: Path, to: Path) -> None:
    """Give a file another place. Raises ``OSError``; what has that place is replaced."""
    path.rename(to)


def remove(path: Path) -> None:
    """Raises ``OSError``."""
    path.unlink()


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it; links themselves, never what they lead to."""
    shutil.rmtree(folder, ignore_errors=True)


def left_over(folder: Path) -> Iterator[Path]:
    """Temporary files of a program that ended while it wrote."""
    if is_folder(folder):
        for path in folder.glob(f"{TEMPORARY}*"):
            seen = look(path)
            if seen is not None and seen.regular:
                yield path
