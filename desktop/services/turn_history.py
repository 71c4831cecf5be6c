"""Reads as much of the story as an answer may see, and no more."""

from desktop.dialogue.history_window import left_out
from desktop.protocol.models import Message
from desktop.services.measures import Measure
from desktop.store import messages
from desktop.store.session import Session

_MESSAGES_A_TURN = 4
"""A first guess; where turns are longer, more is read."""

ASSUMED_CONTEXT = 100_000
"""Tokens of a model of which nobody has told anything."""
_MOST_PER_TOKEN = 10
"""Characters; no text is estimated at less than a tenth of a token each."""


def context_of(measure: Measure) -> int:
    """Tokens a model takes in and gives out together, as far as it is known."""
    return measure.context_window or ASSUMED_CONTEXT


def enough(measure: Measure) -> int:
    """Characters of history beyond which nothing fits."""
    return context_of(measure) * _MOST_PER_TOKEN


async def history_before(
    session: Session, branch_id: str, position: int, window: int | None, most: int | None = None
) -> tuple[Message, ...]:
    """The messages before a position that the last ``window`` turns need, oldest first.

    At least one message more than the window shows is read if there is one, so that the prompt
    can say that the beginning was left out. Without a window it is the whole path, or as much of
    its end as has ``most`` characters.
    """
    limit = 1_000 if window is None else (window + 1) * _MESSAGES_A_TURN
    found: tuple[Message, ...] = ()
    characters = 0
    while True:
        page = await messages.newest(session, branch_id, limit, before=position, for_ai=True)
        found = page + found
        characters += sum(len(one.text) for one in page)
        full = most is not None and characters > most
        if len(page) < limit or full or left_out(found, window):
            return found
        position = page[0].position
