"""Reads as much of the story as an answer may see, and no more."""

from desktop.dialogue.history_window import left_out
from desktop.protocol.models import Message
from desktop.store import messages
from desktop.store.session import Session

_MESSAGES_A_TURN = 4
"""A first guess; where turns are longer, more is read."""


async def history_before(
    session: Session, branch_id: str, position: int, window: int | None
) -> tuple[Message, ...]:
    """The messages before a position that the last ``window`` turns need, oldest first.

    At least one message more than the window shows is read if there is one, so that the prompt
    can say that the beginning was left out. Without a window it is the whole path.
    """
    limit = 1_000 if window is None else (window + 1) * _MESSAGES_A_TURN
    found: tuple[Message, ...] = ()
    while True:
        page = await messages.newest(session, branch_id, limit, before=position, for_ai=True)
        found = page + found
        if len(page) < limit or left_out(found, window):
            return found
        position = page[0].position
