"""What the page is told, in the past tense. A closed union; the page's switch is exhaustive."""

from typing import Literal

from desktop.protocol.base import DurationMs, Frozen
from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.models import Message, Room, Turn
from desktop.protocol.problems import Problem
from desktop.protocol.settings import Settings


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class Event(Frozen, kw_only=True, tag_field="type", tag=_snake):
    """Every event carries the stored row, so that the page never reads again."""


class RoomChanged(Event, kw_only=True):
    """A room was created, renamed, restaged, trashed or restored."""

    room: Room


class TurnStarted(Event, kw_only=True):
    turn: Turn


class MessageAdded(Event, kw_only=True):
    """A message appeared: mine complete, a speaker's with its first visible text."""

    message: Message


class MessageGrew(Event, kw_only=True):
    """Text was appended to a streaming message."""

    message_id: str
    text: str


class MessageChanged(Event, kw_only=True):
    """The message as it is now stored; replaces what was streamed."""

    message: Message


class MessageRemoved(Event, kw_only=True):
    """The provider took text back, or the message was empty after all."""

    room_id: str
    message_id: str


TurnNote = Literal["retrying", "discarded", "tool_blocked", "thinking", "waiting"]


class TurnNoted(Event, kw_only=True):
    """Something worth showing happened that is no text."""

    turn_id: str
    room_id: str
    note: TurnNote
    attempt: int = 0
    wait_ms: DurationMs | None = None
    detail: str = ""


class TurnEnded(Event, kw_only=True):
    """The turn with its outcome, usage and problem; its messages have been changed before."""

    turn: Turn
    room: Room


class ProviderChecked(Event, kw_only=True):
    status: ProviderStatus


class SettingsChanged(Event, kw_only=True):
    settings: Settings


class ProblemRaised(Event, kw_only=True):
    """Something went wrong outside any call."""

    problem: Problem


AnyEvent = (
    RoomChanged
    | TurnStarted
    | MessageAdded
    | MessageGrew
    | MessageChanged
    | MessageRemoved
    | TurnNoted
    | TurnEnded
    | ProviderChecked
    | SettingsChanged
    | ProblemRaised
)


class Batch(Frozen, kw_only=True):
    """One push to the page. ``last`` is the sequence number of the last event in it."""

    last: int
    events: tuple[AnyEvent, ...]
