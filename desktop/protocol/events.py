"""What the page is told, in the past tense. A closed union; the page's switch is exhaustive."""

from typing import Literal

from desktop.protocol.auto import AutoEnd, AutoTurn, NextVoice
from desktop.protocol.base import DurationMs, Frozen
from desktop.protocol.books import ChapterMark
from desktop.protocol.capabilities import Provider, ProviderStatus
from desktop.protocol.library import LibraryList
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Problem
from desktop.protocol.profiles import ConversionStep
from desktop.protocol.prompting import SummaryState
from desktop.protocol.settings import Settings
from desktop.protocol.speech import SpeechProgress
from desktop.protocol.story import ActCode
from desktop.protocol.transfer import TransferJob
from desktop.protocol.usage import UsageSums


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class Event(Frozen, kw_only=True, tag_field="type", tag=_snake):
    """Every event carries the stored row, so that the page never reads again."""


class RoomChanged(Event, kw_only=True):
    """A room was created, renamed, restaged, put in order, archived, trashed or restored."""

    room: Room


class RoomDeleted(Event, kw_only=True):
    """A room is gone for good."""

    room_id: str


class PathChanged(Event, kw_only=True):
    """The room shows another path of its story: all that is shown of it is drawn anew."""

    room: Room
    messages: tuple[Message, ...]
    """The newest page of the path, oldest first."""
    has_more: bool
    last_turn: Turn | None = None
    usage: UsageSums | None = None
    """Stays as it was where it is left out."""


class HistoryChanged(Event, kw_only=True):
    """What undo and redo would do next in a room; ``None`` where there is nothing."""

    room_id: str
    undo: ActCode | None = None
    redo: ActCode | None = None


class TurnStarted(Event, kw_only=True):
    turn: Turn


class MessageAdded(Event, kw_only=True):
    """A message appeared: mine complete, a speaker's with its first visible text, or one that
    was deleted and is back in its old place."""

    message: Message


class MessageGrew(Event, kw_only=True):
    """Text was appended to a streaming message."""

    message_id: str
    text: str


class MessageChanged(Event, kw_only=True):
    """The message as it is now stored; replaces what was streamed."""

    message: Message


class MessageRemoved(Event, kw_only=True):
    """It was deleted, the provider took text back, or the message was empty after all."""

    room_id: str
    message_id: str


TurnNote = Literal[
    "retrying",
    "discarded",
    "tool_blocked",
    "thinking",
    "waiting",
    "history_dropped",
    "lore_unread",
]
"""``history_dropped``: the model's context could not hold ``count`` messages that the room's window
would have shown; ``lore_unread``: the lorebook ``detail`` is not there or cannot be read."""


class TurnNoted(Event, kw_only=True):
    """Something worth showing happened that is no text."""

    turn_id: str
    room_id: str
    note: TurnNote
    attempt: int = 0
    wait_ms: DurationMs | None = None
    detail: str = ""
    count: int = 0


class TurnEnded(Event, kw_only=True):
    """The turn with its outcome, usage and problem; its messages have been changed before."""

    turn: Turn
    room: Room
    usage: UsageSums | None = None
    """Of the room, this turn included; left out where the turn could not be stored."""


class AutoChanged(Event, kw_only=True):
    """Turns begin to come by themselves in a room, one more has, or they no longer do."""

    room_id: str
    auto: AutoTurn | None = None
    why: AutoEnd = ""
    """Why there are no more; empty while there are."""


class NextChanged(Event, kw_only=True):
    """Somebody else is next in a room; ``None`` where the whole table answers."""

    room_id: str
    next: NextVoice | None = None


class ProviderChecked(Event, kw_only=True):
    status: ProviderStatus


class ProvidersChanged(Event, kw_only=True):
    """There are more or fewer ways to an AI now, or one of them is another."""

    providers: tuple[Provider, ...]
    statuses: tuple[ProviderStatus, ...]


class SettingsChanged(Event, kw_only=True):
    settings: Settings


class LibraryChanged(Event, kw_only=True):
    """An entry was saved, renamed, deleted or fetched back, here or outside of the program."""

    library: LibraryList


class TransferProgressed(Event, kw_only=True):
    """An export or import has come further; told a few times a second at most."""

    job: TransferJob


class TransferEnded(Event, kw_only=True):
    """It is done, was stopped or has failed; in the last two cases nothing was left behind."""

    job: TransferJob


class SummaryChanged(Event, kw_only=True):
    """A summary is being made, was made, written or taken away, or could not be made."""

    state: SummaryState


class ChaptersChanged(Event, kw_only=True):
    """A chapter of the path was begun, named or taken away: these are all of them now."""

    room_id: str
    chapters: tuple[ChapterMark, ...]


class BookProgressed(Event, kw_only=True):
    """A book is being written; told with every few hundred messages."""

    room_id: str
    done: int
    total: int
    """Messages."""


class ProfileConverting(Event, kw_only=True):
    """The profile is being locked or unlocked for good; how far one step of it is."""

    step: ConversionStep
    done: int
    total: int


class ProfileDamaged(Event, kw_only=True):
    """The database of the open profile was found damaged; it was closed. A new page is needed."""


class SpeechChanged(Event, kw_only=True):
    """A program reads a sentence now, has read the last one, or could not."""

    progress: SpeechProgress


class ProblemRaised(Event, kw_only=True):
    """Something went wrong outside any call."""

    problem: Problem


AnyEvent = (
    RoomChanged
    | RoomDeleted
    | PathChanged
    | HistoryChanged
    | TurnStarted
    | MessageAdded
    | MessageGrew
    | MessageChanged
    | MessageRemoved
    | TurnNoted
    | TurnEnded
    | AutoChanged
    | NextChanged
    | ProviderChecked
    | ProvidersChanged
    | SettingsChanged
    | LibraryChanged
    | TransferProgressed
    | TransferEnded
    | SummaryChanged
    | ChaptersChanged
    | BookProgressed
    | ProfileConverting
    | ProfileDamaged
    | SpeechChanged
    | ProblemRaised
)


class Batch(Frozen, kw_only=True):
    """One push to the page. ``last`` is the sequence number of the last event in it."""

    last: int
    events: tuple[AnyEvent, ...]
