"""What a search finds."""

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Author


class SearchHit(Frozen, kw_only=True):
    """A message that holds everything that was looked for."""

    message_id: str
    room_id: str
    branch_id: str
    position: int
    author: Author
    created_at: UtcMs
    excerpt: str
    """The text around the first place, at most some 160 characters."""
    spans: tuple[tuple[int, int], ...]
    """Places of the excerpt, in characters (code points), from and up to, in order."""


class SearchFound(Frozen, kw_only=True):
    """A page of hits, the newest first."""

    hits: tuple[SearchHit, ...]
    before: int | None
    """Ask with this to go on; ``None`` if there is no more. A page may hold fewer hits than were
    asked for, or none, and still have more behind it: the work of one call is bounded."""
