"""The file that is brought in, while it is read: its parts, and how far they have come."""

from collections.abc import Generator, Iterator
from typing import Any, BinaryIO, Self, cast

from desktop.formats.parts import AnyPart, Unreadable
from desktop.services.transfer_files import Held


class Source:
    """Opens the file that was handed over. Raises ``Unreadable``."""

    def __init__(self, held: Held) -> None:
        if held.sealed and held.key is None:
            raise Unreadable("encrypted", held.name)
        if held.format is None or held.format.reader is None:
            raise Unreadable("not_known" if held.size else "empty", held.name)
        self._reader = held.format.reader
        self._parts: Generator[AnyPart, None, None] | None = None
        try:
            self._size = held.look()[0]
            if held.changed():
                raise Unreadable("changed", held.name)
            self._file = _Counted(held.opened())
        except OSError as error:
            raise Unreadable("unreadable", error.strerror or "") from error

    def parts(self) -> Iterator[AnyPart]:
        self._parts = self._told()
        return self._parts

    def _told(self) -> Generator[AnyPart, None, None]:
        try:
            yield from self._reader(cast("BinaryIO", self._file))
        except OSError as error:
            raise Unreadable("unreadable", error.strerror or "") from error
        except RecursionError as error:
            raise Unreadable("too_deep") from error
        except MemoryError as error:
            raise Unreadable("too_large") from error

    def share(self) -> float:
        return self._file.furthest() / max(1, self._size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # What a reader holds open is let go here and not when the collector comes round.
        if self._parts is not None:
            self._parts.close()
        self._file.close()


class _Counted:
    """A file that knows how much of it was read since it was last begun anew."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._at = 0

    def furthest(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        block: bytes = self._file.read(size)
        self._at += len(block)
        return block

    def read1(self, size: int = -1) -> bytes:
        return self.read(size)

    def readinto(self, target: Any) -> int:
        count = int(self._file.readinto(target) or 0)
        self._at += count
        return count

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = int(self._file.seek(offset, whence))
        return self._at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
