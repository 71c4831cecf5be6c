"""The story as a book: its chapters, its pages, and how it is saved."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen, Position, UtcMs
from desktop.protocol.models import Id, Language, Message

BookFormat = Literal["epub", "html", "pdf", "docx", "markdown", "text"]
Dialogue = Literal["quotes", "corner", "script"]
"""“…” as Korean and English novels have it, 「…」, or ``Name: …``."""


class ChapterMark(Frozen, kw_only=True):
    """A chapter of the path: it begins with the first message at its position or behind it."""

    id: str
    number: int
    """From 1 along the path."""
    name: str
    position: int
    message_id: str
    """The message it begins with; empty where everything behind it was deleted."""


class BookParams(Frozen, kw_only=True):
    room_id: Id


class BookContents(Frozen, kw_only=True):
    """What is known of the whole path that is shown, without its texts."""

    room_id: str
    branch_id: str
    chapters: tuple[ChapterMark, ...]
    messages: int
    characters: int
    words: int
    """Messages, characters and words without notes and dice."""
    count: int
    """All messages of the path; the number of the one at ``tip``."""
    tip: int


class BookPageParams(Frozen, kw_only=True):
    """Messages of the path from a place on, or before it; neither: the newest."""

    room_id: Id
    start: Position | None = None
    """The first position wanted."""
    before: Position | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 60


class BookPage(Frozen, kw_only=True):
    """Neighbouring messages of the path, oldest first."""

    messages: tuple[Message, ...]
    first_number: int
    """Which message of the path the first of them is, from 1; deleted ones do not count."""
    has_older: bool
    has_newer: bool


class ChapterAddParams(Frozen, kw_only=True):
    message_id: Id
    name: Annotated[str, Meta(max_length=200)] = ""


class ChapterNameParams(Frozen, kw_only=True):
    chapter_id: Id
    name: Annotated[str, Meta(max_length=200)]


class ChapterParams(Frozen, kw_only=True):
    chapter_id: Id


class BookOptions(Frozen, kw_only=True):
    """How a book is made."""

    format: BookFormat = "epub"
    branch_id: Id | None = None
    """The path to the end of another branch than the one that is shown."""
    in_character: bool = False
    """Without dice and notes."""
    chapters: bool = True
    cast: bool = True
    dice_record: bool = False
    """Every roll of the room with its place in the chain, at the end."""
    names: bool = True
    dialogue: Dialogue = "quotes"
    cover: bool = True
    language: Language | None = None
    """What the file says it is written in; the room's own when left out."""


class BookSaveParams(Frozen, kw_only=True):
    room_id: Id
    options: BookOptions = BookOptions()


BookOutcome = Literal["saved", "printing", "dismissed", "stopped"]
"""``printing``: the pages were opened in the person's browser, which prints; ``dismissed``: they
chose no place; ``stopped``: nothing was left behind."""


class BookSaved(Frozen, kw_only=True):
    outcome: BookOutcome
    name: str = ""
    """Of the file, without its folder."""
    messages: int = 0
    bytes: int = 0
    at: UtcMs = UtcMs(0)


class BookTextParams(Frozen, kw_only=True):
    """The text of a chapter, or of everything, to be copied."""

    room_id: Id
    chapter_id: Id | None = None
    """A chapter from its mark up to the next."""
    options: BookOptions = BookOptions(format="text")
    """Of the formats only ``markdown`` and ``text``."""


class BookText(Frozen, kw_only=True):
    text: str
