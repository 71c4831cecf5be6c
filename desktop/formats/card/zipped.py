"""Reads members of a stranger's ZIP within limits; nothing is ever unpacked onto the disk."""

import lzma
import struct
import zipfile
import zlib
from types import TracebackType
from typing import BinaryIO, Self

from desktop.formats.parts import Unreadable
from desktop.formats.remarks import Remarks

MEMBERS = 5_000
DIRECTORY = 8 * 1024 * 1024
"""Bytes of the list of members."""
MEMBER = 64 * 1024 * 1024
TOTAL = 512 * 1024 * 1024
"""Bytes of all that is unpacked."""
_END = b"PK\x05\x06"
_TAIL = 66_000
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    IndexError,
    struct.error,
    OverflowError,
)


class Zipped:
    """Raises ``Unreadable``: ``malformed``, ``too_many``, ``cut_off``."""

    def __init__(self, file: BinaryIO, remarks: Remarks) -> None:
        self._file = file
        self._remarks = remarks
        self._left = TOTAL
        _weigh(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise Unreadable("malformed") from error
        self._members = {one.filename: one for one in self._zip.infolist()}
        if len(self._members) > MEMBERS:
            raise Unreadable("too_many")
        if len(self._members) < len(self._zip.infolist()):
            remarks.say("changed", "double_member")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    def bytes_of(self, path: str, limit: int = MEMBER) -> bytes | None:
        """A member's bytes; ``None`` if it is not there, cannot be read, or is too much.

        A path is only looked up, never opened on the disk, so it cannot lead anywhere.
        """
        info = self._members.get(path)
        if info is None or info.is_dir():
            return None
        if info.flag_bits & 1:
            self._remarks.say("dropped", "encrypted", path)
            return None
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            self._remarks.say("dropped", "link", path)
            return None
        most = min(limit, self._left)
        try:
            with self._zip.open(info) as member:
                data = member.read(most + 1)
        except _BROKEN:
            self._remarks.say("dropped", "broken_member", path)
            return None
        if len(data) > most:
            self._remarks.say("dropped", "too_large", path)
            return None
        self._left -= len(data)
        return data

    def before(self, limit: int) -> bytes:
        """What stands in the file before the ZIP begins; empty if that is nothing or too much."""
        starts = [one.header_offset for one in self._zip.infolist()]
        first = min(starts, default=0)
        if not 0 < first <= limit:
            return b""
        self._file.seek(0)
        return self._file.read(first)


def _weigh(file: BinaryIO) -> None:
    """Looks at the end record before the list of members is read into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0:
        file.seek(0)
        raise Unreadable("cut_off" if file.read(4) == b"PK\x03\x04" else "malformed")
    if len(tail) - at < 22:
        raise Unreadable("cut_off")
    count, listing = struct.unpack_from("<HI", tail, at + 10)
    # 0xffff sends on to the large form of the record, which no card has a use for.
    if count > MEMBERS or listing > DIRECTORY:
        raise Unreadable("too_many")
    file.seek(0)
