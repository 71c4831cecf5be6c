"""Files locked with a passphrase in the age format, written and read piece by piece.

The format is `age-encryption.org/v1` with one scrypt recipient: a header that wraps a file key, and
a payload of pieces of 64 KiB, each sealed with ChaCha20-Poly1305 under its own number. Any program
that reads age files opens them. Pieces are found by their number, so that a reader may seek in a
file of any size, and nothing of it lies open on the disk.
"""

import base64
import binascii
import hashlib
import hmac
import io
import os
import re
import secrets
import unicodedata
from typing import BinaryIO, NamedTuple

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from desktop.formats.parts import Unreadable

MAGIC = b"age-encryption.org/v1\n"
SUFFIX = ".age"
WORK_FACTOR = 18
"""scrypt's N is 2 to this power: 256 MB and about a second, as the age programs themselves use."""
MOST_WORK = 20
"""A file may ask for as much; more is a trick to fill the memory."""

_LABEL = b"age-encryption.org/v1/scrypt"
_PIECE = 65_536
_TAG = 16
_NONCE = 16
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n"
    rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n"
    rb"([A-Za-z0-9+/]{43})\n"
    rb"--- ([A-Za-z0-9+/]{43})\n"
)


class WrongPassphrase(Exception):
    """The file was locked with another one."""


def is_sealed(head: bytes) -> bool:
    return head.startswith(MAGIC)


class SealingFile(io.RawIOBase):
    """Seals what is written to it; ``finish`` writes the last piece. It cannot be sought in."""

    def __init__(self, out: BinaryIO, passphrase: str, work_factor: int = WORK_FACTOR) -> None:
        super().__init__()
        self._out = out
        file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE)
        out.write(_header(file_key, passphrase, work_factor))
        out.write(nonce)
        self._key = _derived(file_key, nonce, b"payload")
        self._held = bytearray()
        self._number = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._held += data
        # The last piece is known to be the last only when nothing follows it.
        while len(self._held) > _PIECE:
            self._piece(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]
        return len(data)

    def finish(self) -> None:
        self._piece(bytes(self._held), last=True)
        self._held.clear()

    def _piece(self, data: bytes, *, last: bool) -> None:
        self._out.write(_sealed(data, _numbered(self._number, last=last), self._key))
        self._number += 1


class Key(NamedTuple):
    """Opens one file. Making it takes a second and much memory, so it is kept."""

    secret: bytes
    start: int
    """Where the first piece begins."""


class SealedFile(io.RawIOBase):
    """What a sealed file holds, to be read and sought in; closes ``stream`` with itself.

    Raises ``Unreadable``: ``cut_off``, ``wrong_hash``.
    """

    def __init__(self, stream: BinaryIO, key: Key) -> None:
        super().__init__()
        self._stream = stream
        self._key, self._start = key
        total = stream.seek(0, os.SEEK_END) - self._start
        whole, rest = divmod(total, _PIECE + _TAG)
        self._pieces = whole + (1 if rest else 0)
        if self._pieces == 0 or 0 < rest < _TAG or (rest == _TAG and whole):
            raise Unreadable("cut_off")
        self._size = total - self._pieces * _TAG
        self._at = 0
        self._open = (-1, b"")
        # A file without its end is known now and not when half of it was taken.
        self._piece(self._pieces - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning of the file")
        self._at = base + offset
        return self._at

    def readinto(self, target: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, _PIECE)
        found = self._piece(number)[start : start + len(target)]
        target[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self._open[0] != number:
            last = number == self._pieces - 1
            self._stream.seek(self._start + number * (_PIECE + _TAG))
            raw = self._stream.read(_PIECE + _TAG)
            try:
                self._open = (
                    number,
                    _opened(raw, _numbered(number, last=last), self._key),
                )
            except (CryptoError, ValueError) as error:
                code = "cut_off" if last else "wrong_hash"
                raise Unreadable(code, f"piece {number + 1}") from error
        return self._open[1]


def _header(file_key: bytes, passphrase: str, work_factor: int) -> bytes:
    salt = secrets.token_bytes(16)
    wrapped = _sealed(file_key, bytes(12), _wrap_key(passphrase, salt, work_factor))
    told = b"%b-> scrypt %b %d\n%b\n---" % (MAGIC, _written(salt), work_factor, _written(wrapped))
    return b"%b %b\n" % (told, _written(_mac(file_key, told)))


def unlock(stream: BinaryIO, passphrase: str) -> Key:
    """Raises ``WrongPassphrase``, and ``Unreadable``: ``malformed``, ``cut_off``, ``too_large`` for
    a work factor that is too great, ``encrypted`` for a file that is locked in another way.
    """
    stream.seek(0)
    head = stream.read(1_024)
    match = _HEADER.match(head)
    if match is None:
        # Locked for somebody's key, or by a plugin.
        known = head.startswith(MAGIC) and b"-> scrypt " not in head
        raise Unreadable("encrypted" if known else "malformed")
    factor = int(match[2])
    if factor > MOST_WORK:
        raise Unreadable("too_large", f"scrypt {factor}")
    file_key = _file_key(_read(match[3]), _read(match[1]), factor, passphrase)
    told = match[0][: match[0].rindex(b"--- ") + 3]
    if not hmac.compare_digest(_mac(file_key, told), _read(match[4])):
        raise Unreadable("wrong_hash", "header")
    nonce = head[match.end() : match.end() + _NONCE]
    if len(nonce) < _NONCE:
        raise Unreadable("cut_off")
    return Key(_derived(file_key, nonce, b"payload"), match.end() + _NONCE)


def _file_key(wrapped: bytes, salt: bytes, factor: int, passphrase: str) -> bytes:
    try:
        return _opened(wrapped, bytes(12), _wrap_key(passphrase, salt, factor))
    except CryptoError as error:
        raise WrongPassphrase from error


def _wrap_key(passphrase: str, salt: bytes, factor: int) -> bytes:
    # Hangul that was typed on another system may come in pieces.
    typed = unicodedata.normalize("NFC", passphrase).encode(errors="replace")
    most = 128 * 8 * (1 << factor) + (1 << 20)
    return hashlib.scrypt(typed, salt=_LABEL + salt, n=1 << factor, r=8, p=1, maxmem=most, dklen=32)


def _mac(file_key: bytes, told: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), told, "sha256")


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF with SHA-256, as far as 32 bytes need it."""
    extracted = hmac.digest(salt or bytes(32), key, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def _numbered(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _sealed(data: bytes, nonce: bytes, key: bytes) -> bytes:
    return sodium.crypto_aead_chacha20poly1305_ietf_encrypt(data, None, nonce, key)


def _opened(data: bytes, nonce: bytes, key: bytes) -> bytes:
    return sodium.crypto_aead_chacha20poly1305_ietf_decrypt(data, None, nonce, key)


def _written(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def _read(told: bytes) -> bytes:
    try:
        raw = base64.b64decode(told + b"=" * (-len(told) % 4), validate=True)
    except binascii.Error as error:
        raise Unreadable("malformed", "header") from error
    if _written(raw) != told:
        raise Unreadable("malformed", "header")
    return raw
