"""A room as the page opens it."""

from desktop.protocol.auto import AutoTurn, NextVoice
from desktop.protocol.base import Frozen
from desktop.protocol.models import Id, Message, Room, Turn
from desktop.protocol.usage import UsageSums


class RoomParams(Frozen, kw_only=True):
    room_id: Id


class RoomView(Frozen, kw_only=True):
    """A room with its newest messages, oldest first."""

    room: Room
    messages: tuple[Message, ...]
    has_more: bool
    running: Turn | None = None
    last_turn: Turn | None = None
    """The newest ended turn, with its problem and usage if it has any."""
    usage: UsageSums | None = None
    sequence: int = 0
    """Events up to this number are already in it."""
    auto: AutoTurn | None = None
    """Turns are coming by themselves."""
    next: NextVoice | None = None
    """Who speaks next; ``None`` where the whole table answers."""
