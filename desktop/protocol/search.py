"""What a search finds."""

from typing import Annotated

from msgspec import Meta

from desktop.protocol.base import Frozen, Moment, Position, UtcMs
from desktop.protocol.models import Author, AuthorKind, Id, Message, Name


class SearchParams(Frozen, kw_only=True):
    """What to look for and where; everything left out is everywhere."""

    text: Annotated[str, Meta(max_length=500)]
    room_id: Id | None = None
    on_path: bool = False
    """Only on the path that the room shows; says nothing without a room."""
    author: Name | None = None
    """A name as it was spoken."""
    kinds: Annotated[tuple[AuthorKind, ...], Meta(max_length=10)] = ()
    since: Moment | None = None
    until: Moment | None = None
    """Up to and without."""
    before: Position | None = None
    """From the page before."""
    limit: Annotated[int, Meta(ge=1, le=100)] = 30


class AroundParams(Frozen, kw_only=True):
    message_id: Id
    limit: Annotated[int, Meta(ge=1, le=200)] = 60


class MessagesAround(Frozen, kw_only=True):
    """A message with its neighbours, oldest first, on a path that leads through it."""

    room_id: str
    branch_id: str
    """A branch on whose path it stands: the one that is shown, if it stands there."""
    on_path: bool
    """Whether the room shows a path that leads through it."""
    messages: tuple[Message, ...]
    has_older: bool
    has_newer: bool


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


class FoundRoom(Frozen, kw_only=True):
    """A room in which something was found."""

    id: str
    title: str


class SearchFound(Frozen, kw_only=True):
    """A page of hits, the newest first."""

    hits: tuple[SearchHit, ...]
    before: int | None
    """Ask with this to go on; ``None`` if there is no more. A page may hold fewer hits than were
    asked for, or none, and still have more behind it: the work of one call is bounded."""
    rooms: tuple[FoundRoom, ...] = ()
    """The rooms of the hits, in the order of the first hit in each."""
