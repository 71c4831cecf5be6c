"""A file that is needed for a while, sealed with a key that lives in memory only.

What a person drops in comes in pieces and has to be read several times, which is more than memory
should hold. Whoever finds the file later, after a kill as well, finds nothing that can be read.
"""

import io
from pathlib import Path
from typing import BinaryIO, cast

from nacl import exceptions, secret, utils  # noqa: TID251

BLOCK = 65_536
_SEALED = BLOCK + secret.Aead.MACBYTES


class Spool:
    """Append, ``finish``, then open as often as one likes. Everything raises ``OSError``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._key = utils.random(secret.Aead.KEY_SIZE)
        self._rest = bytearray()
        self._blocks = 0
        self.finished = False

    def append(self, piece: bytes) -> None:
        """Nothing of it is there if this raises before the first block was full."""
        self._rest += piece
        self.size += len(piece)
        whole = len(self._rest) // BLOCK * BLOCK
        if whole:
            self._write(bytes(self._rest[:whole]))
            del self._rest[:whole]

    def finish(self) -> None:
        self._write(bytes(self._rest))
        self._rest.clear()
        self.finished = True

    def open(self) -> BinaryIO:
        return cast("BinaryIO", io.BufferedReader(_Reader(self.path, self._key, self.size), BLOCK))

    def remove(self) -> None:
        self._rest.clear()
        self.path.unlink(missing_ok=True)

    def _write(self, raw: bytes) -> None:
        with self.path.open("ab") as file:
            for start in range(0, len(raw), BLOCK):
                file.write(_sealed(raw[start : start + BLOCK], self._blocks, self._key))
                self._blocks += 1


class _Reader(io.RawIOBase):
    """The bytes that were appended, from any place on."""

    def __init__(self, path: Path, key: bytes, size: int) -> None:
        self._file = path.open("rb")
        self._key = key
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, target: object) -> int:
        view = memoryview(cast("bytearray", target)).cast("B")
        if self._at >= self._size:
            return 0
        number, inside = divmod(self._at, BLOCK)
        self._file.seek(number * _SEALED)
        try:
            block = _opened(self._file.read(_SEALED), number, self._key)
        except exceptions.CryptoError as error:
            raise OSError("the file was changed") from error
        part = block[inside : inside + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()


def _nonce(number: int) -> bytes:
    # Each block is written once and under a key of its file alone: its number never comes twice.
    return number.to_bytes(secret.Aead.NONCE_SIZE, "big")


def _sealed(raw: bytes, number: int, key: bytes) -> bytes:
    return bytes(secret.Aead(key).encrypt(raw, b"", _nonce(number)).ciphertext)


def _opened(raw: bytes, number: int, key: bytes) -> bytes:
    return bytes(secret.Aead(key).decrypt(raw, b"", _nonce(number)))
