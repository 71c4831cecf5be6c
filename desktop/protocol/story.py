"""The story as a tree: its branches, save slots, and what can be undone in it."""

from typing import Literal

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Message, Room, Turn

ActCode = Literal[
    "edit",
    "delete",
    "delete_below",
    "hide",
    "show",
    "switch",
    "again",
    "continue",
    "fork",
    "go",
    "back",
    "branch_name",
    "branch_delete",
    "slot_save",
    "slot_name",
    "slot_delete",
    "chapter_add",
    "chapter_name",
    "chapter_delete",
    "clear",
    "stage",
    "rename",
]
"""What a person did in a room and may undo."""

BranchKind = Literal["main", "alternative", "slot", "fresh"]
"""``alternative``: another answer or another end; ``slot``: begun by the person on purpose;
``fresh``: the conversation begun anew."""


class Path(Frozen, kw_only=True):
    """What a room shows of its story: the newest page of the path it stands on, oldest first."""

    room: Room
    messages: tuple[Message, ...]
    has_more: bool
    last_turn: Turn | None = None


class TextVersion(Frozen, kw_only=True):
    """A text that a message had earlier."""

    text: str
    replaced_at: UtcMs


class Slot(Frozen, kw_only=True):
    """A point of the story to come back to."""

    id: str
    room_id: str
    branch_id: str
    position: int
    name: str
    """Empty for the ones that were put there by themselves."""
    before: ActCode | None = None
    """Before what it was put there by itself; ``None`` if the person saved it."""
    last_line: str = ""
    """The start of the message it stands at; at most 200 characters."""
    created_at: UtcMs


class TreeBranch(Frozen, kw_only=True):
    """One run of messages in the branches view."""

    id: str
    parent_id: str | None
    fork_position: int
    """The position after which it leaves its parent."""
    tip_position: int
    """The position of its newest message; the fork's while it has none of its own."""
    message_count: int
    """Messages on the whole path from the root to the tip."""
    kind: BranchKind
    name: str
    last_line: str
    """The start of its own newest message; empty while it has none."""
    created_at: UtcMs
    used_at: UtcMs


class UndoState(Frozen, kw_only=True):
    """What undo and redo would do next; ``None`` where there is nothing."""

    undo: ActCode | None = None
    redo: ActCode | None = None


class Undone(Frozen, kw_only=True):
    """What was just undone or redone; ``None`` if there was nothing."""

    code: ActCode | None
    room: Room
