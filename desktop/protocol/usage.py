"""What the AIs of a room, or of all rooms, have used: sums over stored turns."""

from typing import Literal

from desktop.protocol.base import Frozen
from desktop.protocol.models import MaybeId


class UsageSum(Frozen, kw_only=True):
    """Tokens as in ``Usage``, added up over ``turns`` answers.

    ``estimated`` of the turns were counted by us and not by the vendor; ``cost_usd`` is what the
    ``priced`` turns came to, ``None`` where no vendor told a price.
    """

    turns: int = 0
    estimated: int = 0
    priced: int = 0
    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    reasoning: int = 0
    cost_usd: float | None = None


class WayUsage(Frozen, kw_only=True):
    """One model of one provider; ``model`` as the provider calls what answered."""

    provider: str
    model: str
    today: UsageSum
    all: UsageSum


SpeakerKind = Literal["character", "narrator", "nobody"]
"""``nobody``: turns in which no word was said."""


class SpeakerUsage(Frozen, kw_only=True):
    """One who speaks. A turn of several speakers is shared out by the length of their texts in
    characters, input and cost too; the shares of a turn add up to the turn exactly."""

    kind: SpeakerKind
    author: str
    """A character's id; the name of a speaker who has none; empty for the others."""
    name: str
    """As it was spoken last."""
    today: UsageSum
    all: UsageSum


class RoomUsage(Frozen, kw_only=True):
    """One room, whatever was cleared in it."""

    room_id: str
    title: str
    today: UsageSum
    all: UsageSum


class UsageSums(Frozen, kw_only=True):
    """Since the conversation was last cleared; ``today`` is the local calendar day.

    Turns that were deleted, hidden or left in other branches count: they were used. A room that
    is deleted for good takes its numbers with it.
    """

    room_id: str = ""
    """Empty: all rooms together, whatever was cleared in them. Their ``speakers`` are told by
    name: who has the same one in several rooms is counted as one, and ``author`` is that name."""
    today: UsageSum = UsageSum()
    all: UsageSum = UsageSum()
    ways: tuple[WayUsage, ...] = ()
    """The most used first."""
    speakers: tuple[SpeakerUsage, ...] = ()
    rooms: tuple[RoomUsage, ...] = ()
    """Of all rooms together only; the most used first."""


class UsageParams(Frozen, kw_only=True):
    room_id: MaybeId = ""
    """All rooms when left out."""
