"""Locked files: by the age format's own words, and beside another program that knows it."""

import base64
import hashlib
import hmac
import io
import re
import secrets
from contextlib import closing

import pyrage  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_chacha20poly1305_ietf_decrypt as decrypted

from desktop.formats import age
from desktop.formats.age import SealedFile, SealingFile, WrongPassphrase, is_sealed, unlock
from desktop.formats.parts import Unreadable

_WORD = "달빛 항구 17"
_PIECE = 65_536
_QUICK = 4
"""A work factor for tests alone."""


def _sealed(plain: bytes, word: str = _WORD, step: int = 50_000) -> bytes:
    out = io.BytesIO()
    file = SealingFile(out, word, _QUICK)
    for start in range(0, len(plain), step):
        file.write(plain[start : start + step])
    file.finish()
    return out.getvalue()


def _file(raw: bytes, word: str = _WORD) -> SealedFile:
    stream = io.BytesIO(raw)
    return SealedFile(stream, unlock(stream, word))


def _opened(raw: bytes, word: str = _WORD) -> bytes:
    with closing(_file(raw, word)) as file:
        return file.readall()


_SIZES = [0, 1, _PIECE - 1, _PIECE, _PIECE + 1, 3 * _PIECE, 200_001]


@pytest.mark.parametrize("size", _SIZES)
def test_another_program_opens_what_we_lock(size: int) -> None:
    plain = secrets.token_bytes(size)

    assert pyrage.passphrase.decrypt(_sealed(plain), _WORD) == plain


@pytest.mark.parametrize("size", _SIZES[::3])
def test_we_open_what_another_program_locks(size: int) -> None:
    plain = secrets.token_bytes(size)

    assert _opened(pyrage.passphrase.encrypt(plain, _WORD)) == plain


def test_the_file_is_what_the_specification_says() -> None:
    raw = _sealed(b"\xeb\x8b\xac", step=1)

    match = re.fullmatch(
        rb"(age-encryption\.org/v1\n-> scrypt (\S{22}) (\d+)\n(\S{43})\n---) (\S{43})\n(.*)",
        raw,
        re.DOTALL,
    )
    assert match is not None
    salt, body, mac = (base64.b64decode(match[n] + b"==="[: -len(match[n]) % 4]) for n in (2, 4, 5))
    wrap = hashlib.scrypt(
        _WORD.encode(), salt=b"age-encryption.org/v1/scrypt" + salt, n=1 << int(match[3]), r=8, p=1,
        dklen=32,
    )  # fmt: skip
    file_key = decrypted(body, None, bytes(12), wrap)
    assert len(file_key) == 16

    def hkdf(salt: bytes, info: bytes) -> bytes:
        extracted = hmac.new(salt or bytes(32), file_key, "sha256").digest()
        return hmac.new(extracted, info + b"\x01", "sha256").digest()

    assert hmac.new(hkdf(b"", b"header"), match[1], "sha256").digest() == mac
    nonce, payload = match[6][:16], match[6][16:]
    plain = decrypted(payload, None, bytes(11) + b"\x01", hkdf(nonce, b"payload"))
    assert plain == b"\xeb\x8b\xac"
    assert age.WORK_FACTOR == 18


def test_a_wrong_passphrase_is_told_from_a_broken_file() -> None:
    raw = _sealed(b"story" * 30_000)

    with pytest.raises(WrongPassphrase):
        _opened(raw, "달빛 항구 18")
    assert is_sealed(raw)
    assert not is_sealed(b"story")


@given(st.integers(0, 149_999), st.integers(0, 70_000), st.sampled_from([0, 2]))
@settings(max_examples=60, deadline=None)
def test_any_part_is_read_as_it_lies(start: int, length: int, whence: int) -> None:
    with closing(_file(_LONG)) as file, io.BufferedReader(file) as read:
        read.seek(start if whence == 0 else start - len(_PLAIN), whence)
        assert read.read(length) == _PLAIN[start : start + length]


_PLAIN = hashlib.shake_256(b"story").digest(150_000)
_LONG = _sealed(_PLAIN)
_BODY = _LONG.index(b"\n--- ") + 5 + 44 + 16


@given(st.integers(0, len(_LONG) - 1), st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_a_changed_byte_is_never_read_as_a_story(at: int, change: int) -> None:
    raw = bytearray(_LONG)
    raw[at] ^= change
    with pytest.raises((Unreadable, WrongPassphrase)):
        _opened(bytes(raw))


@pytest.mark.parametrize(
    "end", [0, 10, 100, _BODY - 1, _BODY, _BODY + 5, _BODY + _PIECE + 16, len(_LONG) - 1]
)
def test_a_file_without_its_end_is_refused_before_any_of_it_is_read(end: int) -> None:
    with pytest.raises(Unreadable) as caught:
        _file(_LONG[:end])
    assert caught.value.code in ("cut_off", "malformed")


def test_pieces_cannot_change_places() -> None:
    one = slice(_BODY, _BODY + _PIECE + 16)
    two = slice(one.stop, one.stop + _PIECE + 16)

    with pytest.raises(Unreadable, match="piece 1"):
        _opened(_LONG[: one.start] + _LONG[two] + _LONG[one] + _LONG[two.stop :])


def test_a_file_that_asks_for_all_memory_is_refused() -> None:
    greedy = re.sub(rb"(-> scrypt \S+) \d+", rb"\1 30", _LONG)

    with pytest.raises(Unreadable, match="too_large"):
        _opened(greedy)


def test_a_file_for_somebodys_key_is_told_as_locked() -> None:
    key = pyrage.x25519.Identity.generate().to_public()

    with pytest.raises(Unreadable, match="encrypted"):
        _opened(pyrage.encrypt(b"story", [key]))
