"""The shape of a format: how a file of it is known, read and written."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Literal, NamedTuple

from desktop.formats.parts import AnyPart

Holding = Literal[
    "rooms", "messages", "context", "branches", "usage", "dice", "slots", "library", "pictures"
]
"""What a format can tell of a story; ``rooms``: of several; ``context``: the stage."""

Sniff = Callable[[bytes, str], int]
"""How sure the first ``HEAD`` bytes and the file's name make us, from 0 (not this) to 100."""

Reader = Callable[[BinaryIO], Iterator[AnyPart]]
"""Takes a stream that can be sought in; yields as it reads and never holds the whole file.

Raises ``Unreadable``. A room whose title the file does not tell has an empty one: it is called
after the file. Whatever is not taken as it stands is told in a ``Remark``.
"""

Writer = Callable[[Iterable[AnyPart], BinaryIO], None]
"""Writes parts as they come to a stream that can be sought in, and leaves the stream open.

What the iterable raises ends the writing; whoever called throws the file away then.
"""

HEAD = 65_536
"""Bytes of a file's beginning that are enough to know it by."""


class Format(NamedTuple):
    """``reader`` or ``writer`` is ``None`` where we only do the other."""

    id: str
    suffixes: tuple[str, ...]
    """Lower case with the dot; the first one is written."""
    sniff: Sniff
    reader: Reader | None
    writer: Writer | None = None
    lossless: bool = False
    """Reading what was written gives every part back."""
    holds: frozenset[Holding] = frozenset()
