"""Ways back into a long story: the days it was told on, and where a piece of lore was used."""

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.lore import LoreCause, LoreId
from desktop.protocol.method import Method
from desktop.protocol.models import BookFile, Id


class DaysParams(Frozen, kw_only=True):
    room_id: Id


class StoryDay(Frozen, kw_only=True):
    """A day of the person's own calendar on which something was said."""

    day: str
    """``2026-11-22``."""
    count: int
    """Messages of that day on the path that is shown."""
    message_id: str
    """The first of them."""
    position: int


class StoryDays(Frozen, kw_only=True):
    """The days of the path that is shown, the oldest first; days without a word are left out."""

    room_id: str
    days: tuple[StoryDay, ...]


class LoreUsedParams(Frozen, kw_only=True):
    """Ask where an entry of a lorebook was told in a room, on the path that is shown."""

    room_id: Id
    book: BookFile
    entry_id: LoreId


class LoreUse(Frozen, kw_only=True):
    """One answer that was told the entry."""

    turn_id: str
    message_id: str
    """The first message of the answer."""
    position: int
    excerpt: str
    """How that message begins, at most some 120 characters."""
    created_at: UtcMs
    cause: LoreCause


class LoreUsed(Frozen, kw_only=True):
    """The newest first; only so many of the newest answers are looked through."""

    uses: tuple[LoreUse, ...]


LOOKING_BACK_METHODS: dict[str, Method] = {
    "room.days": Method(DaysParams, StoryDays),
    "lore.used": Method(LoreUsedParams, LoreUsed),
}
