"""Keys of locked profiles: made at random, and wrapped so that a password or a sheet opens them.

The key that encrypts is 32 random bytes. A slot holds it wrapped (XChaCha20-Poly1305) by what
argon2id makes of a secret; there is one slot for the password and one for the recovery sheet, so
either can be changed without writing the data anew.
"""

import base64
import secrets
import unicodedata

from nacl import exceptions, pwhash, secret, utils  # noqa: TID251

from desktop.protocol.base import Frozen
from desktop.store.driver import KEY_BYTES

OPS = 3
MEMORY = 64 * 1024 * 1024
"""0.15 to 0.25 s on a laptop; each guess costs a thief as much."""
_MOST_MEMORY = 1024 * 1024 * 1024
_MOST_OPS = 16
_AAD = b"persona-chat key 1 "

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without the signs that are taken for one another on paper: 0 O, 1 I L."""
GROUPS = 7
GROUP = 4
"""28 signs of 31: 138 bits, more than anybody guesses."""


class Slot(Frozen, kw_only=True):
    """The key, wrapped by one secret. All texts are base64."""

    salt: str
    wrapped: str
    ops: int
    memory: int


class WrongSecret(Exception):
    """The secret does not open this slot."""


def fresh_key() -> bytes:
    return utils.random(KEY_BYTES)


def wrap(key: bytes, words: str, purpose: str) -> Slot:
    """Takes its time on purpose: call it from a thread."""
    salt = utils.random(pwhash.argon2id.SALTBYTES)
    box = secret.Aead(_stretched(words, salt, OPS, MEMORY))
    sealed = bytes(box.encrypt(key, _AAD + purpose.encode()))
    return Slot(salt=_told(salt), wrapped=_told(sealed), ops=OPS, memory=MEMORY)


def unwrap(slot: Slot, words: str, purpose: str) -> bytes:
    """The key. Raises ``WrongSecret``, also for a slot that was tampered with."""
    if not (1 <= slot.ops <= _MOST_OPS and 8192 <= slot.memory <= _MOST_MEMORY):
        raise WrongSecret
    try:
        salt, sealed = base64.b64decode(slot.salt), base64.b64decode(slot.wrapped)
        box = secret.Aead(_stretched(words, salt, slot.ops, slot.memory))
        key = bytes(box.decrypt(sealed, _AAD + purpose.encode()))
    except (exceptions.CryptoError, ValueError):
        pass
    else:
        if len(key) == KEY_BYTES:
            return key
    # Outside the handler: an error's frames must not carry what was tried.
    raise WrongSecret


def decoy() -> Slot:
    """A slot that nothing opens, for a profile that is not there: it costs as much to refuse."""
    wrapped = utils.random(24 + KEY_BYTES + 16)
    return Slot(salt=_told(utils.random(16)), wrapped=_told(wrapped), ops=OPS, memory=MEMORY)


def recovery_code() -> str:
    """``ABCD-EFGH-…``: the sheet's text."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def as_typed(code: str) -> str:
    """A recovery code however it was written down: with spaces, in small letters."""
    known = unicodedata.normalize("NFKC", code).upper()
    return "".join(sign for sign in known if sign in ALPHABET)


def remembered(key: bytes) -> str:
    """The key as text, for the system's keyring."""
    return _told(key)


def recalled(text: str | None) -> bytes | None:
    """What ``remembered`` made; ``None`` for anything else."""
    try:
        key = base64.b64decode(text or "", validate=True)
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


def _stretched(words: str, salt: bytes, ops: int, memory: int) -> bytes:
    # The same password typed on another system may come in another form.
    plain = unicodedata.normalize("NFC", words).encode("utf-8", "surrogatepass")
    return bytes(
        pwhash.argon2id.kdf(secret.Aead.KEY_SIZE, plain, salt, opslimit=ops, memlimit=memory)
    )


def _told(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
