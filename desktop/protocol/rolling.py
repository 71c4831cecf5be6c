"""Having the program roll, and proving what it rolled."""

from typing import Annotated

from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.models import Id, Message


class DiceParams(Frozen, kw_only=True):
    room_id: Id
    text: Annotated[str, Meta(min_length=1, max_length=100_000)]
    """A line such as ``/roll 2d6``, or one that holds ``[[1d20]]``."""


class Rolled(Frozen, kw_only=True):
    """The rolls as they stand in the story now."""

    messages: tuple[Message, ...]


class DiceVerified(Frozen, kw_only=True):
    """Whether the rolls of a room are what was sealed."""

    count: int
    holds: bool
    message_ids: tuple[str, ...] = ()
    """Of the rolls that are proved: all, or those before the first that is not."""
