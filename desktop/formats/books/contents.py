"""A book's neutral model: what every format is written from, one passage after the other.

A writer is told ``chapter``, ``passage`` and at last ``roll`` in reading order, then ``close``. It
holds one passage at a time and the names of the chapters, never the story.
"""

from typing import BinaryIO, Literal, Protocol

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Language

ParagraphKind = Literal["speech", "narration", "roll", "note"]


class Picture(Frozen, kw_only=True):
    data: bytes
    media_type: Literal["image/png", "image/jpeg", "image/webp"]

    @property
    def ending(self) -> str:
        return self.media_type.removeprefix("image/")


class Person(Frozen, kw_only=True):
    """One line of the cast."""

    name: str
    line: str = ""
    picture: Picture | None = None
    """A square; not every format has a place for it."""


class Chapter(Frozen, kw_only=True):
    number: int
    name: str = ""


class Head(Frozen, kw_only=True):
    """What stands in front of the story."""

    title: str
    language: Language
    key: str
    """Names this book among all others; goes into the file as ``urn:uuid:`` or as it is."""
    made_at: UtcMs
    cast: tuple[Person, ...] = ()
    """Empty: the book has no cast page."""
    chapters: tuple[Chapter, ...] = ()
    """All that will come, for the contents; empty: the story is one run."""
    with_cover: bool = True
    picture: Picture | None = None
    """On the cover; without it the cover is drawn."""


class Paragraph(Frozen, kw_only=True):
    """One paragraph without a line break. ``speaker`` is set only where the name is to stand."""

    kind: ParagraphKind
    text: str
    speaker: str = ""


class Passage(Frozen, kw_only=True):
    """What one speaker said once."""

    number: int
    """Which message of the path this is, from 1."""
    name: str
    answered: bool
    """It ends what the AI said at once: a rule follows in Markdown."""
    text: str
    """As it was said, markup and all."""
    paragraphs: tuple[Paragraph, ...]
    """The same laid out."""


class RollRecord(Frozen, kw_only=True):
    """One link of the dice's chain."""

    id: str
    text: str
    time: UtcMs
    hash: str


class Writer(Protocol):
    def __init__(self, file: BinaryIO, head: Head) -> None: ...

    def chapter(self, chapter: Chapter) -> None: ...

    def passage(self, passage: Passage) -> None: ...

    def roll(self, record: RollRecord) -> None: ...

    def close(self) -> None:
        """Write what stands at the end. The file itself is left open."""
        ...
