"""What every format is read into and written from: a story as a stream of small parts.

A reader yields parts and never holds the whole file; a writer takes the same parts in the same
order. A part names others by ``key``, which is only good within its own file. The order is:

``Room``, then its ``Branch`` es (parents first), ``Turn`` s and ``Message`` s (by branch and
position, a turn before its messages), its ``Roll`` s, ``Slot`` s and ``Summary`` s; then the next
room.
``LibraryItem`` s, ``Card`` s, ``Asset`` s, ``Picture`` s and ``Remark`` s may stand anywhere.
"""

import hashlib
import re
from typing import Any, Literal

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.dice import SealedRoll
from desktop.protocol.lore import Lorebook
from desktop.protocol.models import (
    Author,
    Character,
    MessageStatus,
    Stage,
    TurnOutcome,
    Usage,
)
from desktop.protocol.problems import Problem
from desktop.protocol.story import ActCode, BranchKind

Extra = dict[str, Any]
"""What the file says and we have no field for, kept so that writing it back loses none."""


class Part(Frozen, kw_only=True, omit_defaults=True):
    """One part of what a file holds."""


class RoomPart(Part, kw_only=True):
    key: str
    title: str
    stage: Stage | None = None
    """``None`` where the file tells nothing of it."""
    created_at: UtcMs | None = None
    updated_at: UtcMs | None = None
    archived_at: UtcMs | None = None
    draft: str = ""
    sort_order: int = 0
    current_branch: str = ""
    """Empty: the only one, or the first."""
    context: Extra | None = None
    """The stage in the words of the web version; whoever stores it makes a ``Stage`` of it."""
    extra: Extra = {}


class BranchPart(Part, kw_only=True):
    """A format without branches yields none: its messages then all stand on one."""

    room: str
    key: str
    parent: str = ""
    fork_position: int = 0
    """The parent's last position that still belongs to this path."""
    name: str = ""
    kind: BranchKind | None = None
    """``None``: the root is ``main``, every other an ``alternative``."""
    created_at: UtcMs | None = None
    used_at: UtcMs | None = None


class TurnPart(Part, kw_only=True):
    room: str
    key: str
    branch: str = ""
    provider: str = ""
    model: str = ""
    outcome: TurnOutcome = "complete"
    usage: Usage = Usage()
    raw: str = ""
    line: str = ""
    """Key of the message that is answered."""
    voice: str = ""
    """Who answered: empty for the whole table, else seats joined by ``+``."""
    problem: Problem | None = None
    first_text_ms: int | None = None
    total_ms: int | None = None
    started_at: UtcMs | None = None
    extra: Extra = {}


class MessagePart(Part, kw_only=True):
    room: str
    author: Author
    text: str
    key: str = ""
    branch: str = ""
    position: int = 0
    """From 1 along the path; 0: behind the one before it."""
    turn: str = ""
    status: MessageStatus = "complete"
    created_at: UtcMs | None = None
    """``None``: the file does not say; it is given the time of its neighbour."""
    edited_at: UtcMs | None = None
    hidden: bool = False
    earlier: tuple[str, ...] = ()
    """Its texts before it was edited, the oldest first."""
    reply: bool = False
    """A whole answer with ``[name]:`` tags in its text: whoever stores it splits the speakers."""
    alternatives: tuple[str, ...] = ()
    """Other texts in its place (swipes), without this one; each becomes a branch of its own."""
    roll: SealedRoll | None = None
    extra: Extra = {}


class RollPart(Part, kw_only=True):
    """A link of the room's chain of dice, in the order of rolling.

    A format without these keeps the chain in its messages' ``roll`` alone.
    """

    room: str
    sealed: SealedRoll
    message: str = ""
    """Key of the message that shows it; empty where that is gone."""


class SlotPart(Part, kw_only=True):
    room: str
    branch: str
    position: int
    name: str
    before: ActCode | Literal["chapter"] | None = None
    """Before what it was put there by itself; ``None``: the person saved it; ``chapter``: it is no
    place to come back to but begins a chapter."""
    created_at: UtcMs | None = None


class SummaryPart(Part, kw_only=True):
    """What fell out of the AI's window, told in short."""

    room: str
    branch: str
    upto: int
    text: str
    provider: str = ""
    """Who wrote it; empty for the person."""
    model: str = ""
    created_at: UtcMs | None = None


class LibraryItem(Part, kw_only=True):
    """A world, preset, character, lorebook and so on, in the library's own text form."""

    kind: str
    name: str
    content: str


class CardPart(Part, kw_only=True):
    """A character card: a person with a book, a picture and how a story with them begins.

    Texts hold their ``{{char}}`` and ``{{user}}`` as written. Readers of cards also yield the
    room that such a story would begin in, with names in their place.
    """

    character: Character
    nickname: str = ""
    """What ``{{char}}`` stands for; empty: the name."""
    scenario: str = ""
    greetings: tuple[str, ...] = ()
    """The first is the usual one."""
    group_greetings: tuple[str, ...] = ()
    """For rooms with several characters only."""
    book: Lorebook | None = None
    picture: str = ""
    """Key of the ``PicturePart`` that is the portrait."""
    extra: Extra = {}


class AssetPart(Part, kw_only=True):
    """Of a card: a sound, a font and the like, which only another card can take along; or, as
    ``application/json``, what the card of somebody at a table says beside them."""

    key: str
    data: bytes
    media_type: str


class PicturePart(Part, kw_only=True):
    key: str
    data: bytes
    media_type: str
    name: str = ""


_POINTER = re.compile(r"[0-9a-f]{32}")


def pointer_of(key: str) -> str:
    """How a character's ``picture`` or ``card`` names the part with this key; empty for none.

    Ours are called so already; the keys of other programs are any text.
    """
    if not key or _POINTER.fullmatch(key):
        return key
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]


Fate = Literal["changed", "dropped"]


class Remark(Part, kw_only=True):
    """Something of the file that was not taken as it stands; for the receipt."""

    fate: Fate
    code: str
    """Why, as a code that the page puts into words."""
    where: str = ""
    """The room, message or member concerned, at most 200 characters."""
    count: int = 1


AnyPart = (
    RoomPart
    | BranchPart
    | TurnPart
    | MessagePart
    | RollPart
    | SlotPart
    | SummaryPart
    | LibraryItem
    | CardPart
    | AssetPart
    | PicturePart
    | Remark
)


class Unreadable(Exception):
    """A file that is not what it should be. ``code`` names the cause, ``where`` the place.

    Raised before anything is yielded where that can be known, and never after a write.
    """

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code}: {where}" if where else code)
        self.code = code
        self.where = where
