"""Turns that come by themselves, and who speaks next."""

from typing import Literal

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Id, Voice

AutoEnd = Literal[
    "", "asked", "limit", "line", "stopped", "problem", "addressed", "moved", "restaged", "nobody"
]
"""Why turns no longer come by themselves. ``asked``: I said so; ``line``: I spoke; ``stopped``: I
stopped an answer; ``addressed``: somebody spoke to me; ``moved``: the room shows another path or
is put away; ``restaged``: others speak now; ``nobody``: there is nobody to go on."""

NextReason = Literal["turn", "mentioned", "narration", "asked"]
"""``turn``: the next seat; ``mentioned``: the last line names them; ``narration``: it is time for
the narrator; ``asked``: I chose them."""


class AutoTurn(Frozen, kw_only=True):
    """Turns are coming by themselves in a room."""

    count: int = 0
    """How many have ended."""
    limit: int | None = None
    next_at: UtcMs | None = None
    """When the next one begins; ``None`` while somebody speaks."""


class NextVoice(Frozen, kw_only=True):
    """Who speaks next where one voice speaks at a time."""

    voice: Voice
    """Empty where nobody is there to speak."""
    reason: NextReason = "turn"
    addressed: bool = False
    """Somebody spoke to my character: it is for me to answer."""


class VoiceParams(Frozen, kw_only=True):
    """Without a voice it is whoever is next."""

    room_id: Id
    voice: Voice = ""
