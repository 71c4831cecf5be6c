"""Opens a ZIP that may be hostile: everything is looked at before anything is unpacked.

Nothing is ever written to the places a ZIP names; a name that points outside is refused all the
same, for a file that tries is not one to trust.
"""

import re
import stat
import struct
import zipfile
import zlib
from typing import IO, BinaryIO

from desktop.formats.parts import Unreadable

MOST_MEMBERS = 50_000
MOST_BYTES = 64 * 1024**3
"""Unpacked, all together."""
MOST_RATIO = 400
"""Times its packed size that a member may unpack to; stories come to some ten."""
_SMALL = 64 * 1024**2
"""What unpacks to less is no bomb, however small it was packed."""

_END = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_NOTE = 65_535
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    KeyError,
    IndexError,
    ValueError,
    OverflowError,
    RuntimeError,
    NotImplementedError,
)
"""What the standard library raises for a ZIP that was made by nobody's program."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """Raises ``Unreadable``: ``cut_off``, ``malformed``, ``too_many``, ``bomb``, ``bad_path``,
    ``link``, ``encrypted``, ``duplicate_id`` for a name that stands twice.
    """
    _count_members(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except FAULTS as error:
        raise Unreadable("malformed", str(error)[:120]) from error
    seen: set[str] = set()
    total = 0
    for member in archive.infolist():
        _check(member)
        key = member.filename.casefold()
        if key in seen:
            raise Unreadable("duplicate_id", member.filename[:200])
        seen.add(key)
        total += member.file_size
    if total > MOST_BYTES:
        raise Unreadable("bomb")
    return archive


def _count_members(stream: BinaryIO) -> None:
    """Before the list is loaded, for a million members would fill the memory by themselves."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _LONGEST_NOTE - _END_LENGTH))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise Unreadable("cut_off" if size else "empty")
    count, length = struct.unpack_from("<HI", tail, at + 10)
    # Larger numbers stand in a record of their own; no file of ours has so many.
    if count > MOST_MEMBERS or length > MOST_MEMBERS * 400:
        raise Unreadable("too_many", str(count))
    stream.seek(0)


def _check(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Unreadable("link", name[:200])
    if member.flag_bits & 1:
        raise Unreadable("encrypted", name[:200])
    if not is_safe(member.orig_filename) or not is_safe(name):
        raise Unreadable("bad_path", name[:200])
    limit = max(_SMALL, member.compress_size * MOST_RATIO)
    if member.file_size > limit:
        raise Unreadable("bomb", name[:200])


def is_safe(name: str) -> bool:
    """Whether a member's name stays inside and could be a file's name on every system."""
    if not name or len(name) > 500 or "\\" in name or "\0" in name or name.startswith("/"):
        return False
    parts = name.removesuffix("/").split("/")
    return all(
        part not in ("", ".", "..")
        and ":" not in part
        and not _RESERVED.fullmatch(part)
        and all(ord(sign) >= 32 for sign in part)
        for part in parts
    )


class Member:
    """A member that is read; its faults are told as ours."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._name = name
        try:
            self._file: IO[bytes] = archive.open(name)
        except FAULTS as error:
            raise Unreadable("malformed", name[:200]) from error

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except FAULTS as error:
            raise Unreadable("malformed", self._name[:200]) from error

    def close(self) -> None:
        self._file.close()
