"""What an AI was sent for an answer and why, what lore fired, and the story's summary."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.lore import Lorebook, LoreCause, LoreObstacle
from desktop.protocol.models import BookFile, Id, MaybeId
from desktop.protocol.problems import Problem

SegmentKind = Literal[
    "frame",
    "format",
    "expression",
    "narrator",
    "drive",
    "choices",
    "dice",
    "output",
    "pace",
    "house_rules",
    "world",
    "situation",
    "me",
    "characters",
    "others",
    "secrets",
    "example",
    "lore",
    "summary",
    "history",
    "line",
    "direction",
]
Place = Literal["system", "user"]


class PromptSection(Frozen, kw_only=True):
    """One section as it was sent; the sections of one place were joined by an empty line."""

    kind: SegmentKind
    place: Place
    reason_code: str
    """For example ``always``, ``stage.world``, ``narrator.ai.active``, ``lore.key``."""
    text: str
    """Empty where only its length is known still."""
    characters: int
    name: str = ""
    """Of an entry of lore: what the person knows it by."""


class PromptOmission(Frozen, kw_only=True):
    """Something the room has or was set to that was not sent, and why."""

    kind: SegmentKind
    reason_code: str
    names: tuple[str, ...] = ()
    messages: int = 0
    """Of the story's newest that were looked at; of a long story more may be left out."""
    turns: int = 0


class LoreReason(Frozen, kw_only=True):
    """Why one entry of a lorebook was told or was not: exactly one of the two codes is set."""

    book: str
    """The file of the library it stands in; empty for a book that was only tried out."""
    book_name: str
    entry_id: str
    name: str
    """The entry's name, or its first key."""
    cause: LoreCause | None = None
    obstacle: LoreObstacle | None = None
    key: str = ""
    """The key that was there."""
    secondary: tuple[str, ...] = ()
    message_id: str = ""
    """Where the key stood; empty for the line that was answered."""
    by_entry: str = ""
    """Name of the entry that fired it or won the group."""
    turns: int = 0
    """How many turns the obstacle lasts."""
    tokens: int = 0


PromptExactness = Literal["exact", "changed", "outline", "none"]
"""``changed``: a text was lost since; ``outline``: an old turn of which only the sections are
known; ``none``: nothing is known, for example of a turn that a crash cut off."""


class TurnPrompt(Frozen, kw_only=True):
    """What was sent for one answer, to the letter where it is ``exact``."""

    turn_id: str
    exactness: PromptExactness
    provider: str
    model: str
    went_on: bool = False
    """The provider's own conversation went on: it had got what is in ``system`` before, and was
    now told the rest alone."""
    sections: tuple[PromptSection, ...] = ()
    omissions: tuple[PromptOmission, ...] = ()
    lore: tuple[LoreReason, ...] = ()
    first_message_id: str = ""
    """The first message of the story that was sent; empty for none."""


class LoreTestParams(Frozen, kw_only=True):
    """A text to try lore with: library books by file, or one that is being written."""

    text: Annotated[str, Meta(max_length=100_000)]
    files: Annotated[tuple[BookFile, ...], Meta(max_length=32)] = ()
    book: Lorebook | None = None
    room_id: MaybeId = ""
    """Its newest messages are looked through too, as they would be for a line said now."""


class LoreTested(Frozen, kw_only=True):
    """Every entry is in it once. Chance is left out: a probability over 0 counts as met."""

    reasons: tuple[LoreReason, ...]
    tokens: int
    """Of all that would be told."""
    unread: tuple[str, ...] = ()
    """Files that are not there or cannot be read."""


class Summary(Frozen, kw_only=True):
    """The story up to a message in a few words; it belongs to the path that leads there."""

    id: str
    room_id: str
    upto_id: str
    """The last message it covers; empty if it covers none."""
    upto: int
    """The position of that message; from the first message of the path up to here."""
    text: str
    by: str
    """The provider that wrote it; empty where the person did."""
    model: str = ""
    stale: bool = False
    """Something it covers was changed since."""
    created_at: UtcMs


class SummaryState(Frozen, kw_only=True):
    """How the story's memory stands on the path that is shown."""

    room_id: str
    summary: Summary | None = None
    fallen: int = 0
    """Messages before the first one the AI sees that no summary covers."""
    first_seen_id: str = ""
    """The first message the AI sees itself, as the next line would be sent; empty for all."""
    making: bool = False
    problem: Problem | None = None
    """Why the last try of this start failed."""


class SummarySaveParams(Frozen, kw_only=True):
    """Put the person's own words in place of the summary in force, or begin one."""

    room_id: Id
    text: Annotated[str, Meta(min_length=1, max_length=40_000)]
