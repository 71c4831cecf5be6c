"""New ids for what a file names by keys: told from the key alone, and in the order of the file."""

import re
from collections.abc import Callable
from hashlib import blake2b

_OF_OURS = re.compile(r"[0-9a-f]{32}")
_NUMBERED = re.compile(r"\d{1,12}\Z", re.ASCII)
_AHEAD = 12
"""Digits of an id that tell its time."""


class Ids:
    """Nothing is remembered, however many there are, so a key may be named before it is told.

    Ids without an order would be written all over their index, which is most of what a large import
    would wait for: what a key tells of its place, as the time in front of our own ids or a number
    at its end, stays in front of the new one. ``salt`` keeps two imports of a file apart.
    """

    def __init__(self, salt: bytes, new_id: Callable[[], str]) -> None:
        self._salt = salt
        self._new_id = new_id
        self._last = ("", "", "")

    def of(self, kind: str, key: str) -> str:
        """An empty key names nothing else: its id is a fresh one."""
        if not key:
            return self._new_id()
        # A turn is named by each of its messages.
        before_kind, before, made = self._last
        if key == before and kind == before_kind:
            return made
        digest = blake2b(f"{kind}\0{key}".encode(errors="replace"), digest_size=16, key=self._salt)
        made = (_ahead(key) + digest.hexdigest())[:32]
        if kind == "t":
            self._last = (kind, key, made)
        return made


def _ahead(key: str) -> str:
    if _OF_OURS.fullmatch(key):
        return key[:_AHEAD]
    number = _NUMBERED.search(key)
    return f"{int(number[0]):0{_AHEAD}x}" if number else ""
