"""How far an AI sees back in a room, and what of the story before that is to be summed up."""

from desktop.dialogue.prompt import Allowance, compose
from desktop.protocol.base import Frozen
from desktop.protocol.models import Message, Room
from desktop.services import memory
from desktop.services.measures import Measure, Measures
from desktop.services.turn_history import context_of, enough, history_before
from desktop.store import branches, messages
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.session import Session

_COUNTED = 5_000
"""Messages that are counted at most."""
_READ = 20_000
"""Messages that one summary takes in at most: the newest of those it is to cover."""


class Reach(Frozen, kw_only=True):
    """What the next line of a room would be sent with."""

    shown: tuple[Message, ...]
    cut: bool
    """Whether something lies before it that is not shown."""
    end: int
    """The position of the next message."""

    @property
    def first_id(self) -> str:
        return self.shown[0].id if self.shown else ""

    @property
    def first_position(self) -> int:
        return self.shown[0].position if self.shown else self.end

    async def fallen(self, session: Session, room: Room, covered: int) -> int:
        """How many messages lie behind ``covered`` and before what is shown."""
        if not self.cut or self.first_position <= covered + 1:
            return 0
        lost = await messages.newest(
            session,
            room.branch_id,
            _COUNTED,
            before=self.first_position,
            after=covered,
            for_ai=True,
        )
        return len(lost)


class Plan(Frozen, kw_only=True):
    """What is to be summed up: the story behind an earlier summary up to a place."""

    so_far: str
    messages: tuple[Message, ...]
    branch_id: str
    position: int
    fingerprint: str


async def reach_of(session: Session, measures: Measures, room: Room) -> Reach:
    """How far back the room's AI sees now. Raises ``LookupError`` without a branch."""
    stage = room.stage
    branch = await branches.find(session, room.branch_id)
    if branch is None:
        raise LookupError(room.branch_id)
    end = branch.tip_position + 1
    measure = await measures.of(session, stage.provider, stage.model)
    history = await history_before(session, room.branch_id, end, stage.window, enough(measure))
    prompt = compose(stage, history, "", allowance=_allowance(measure))
    shown = tuple(
        one
        for part in prompt.segments
        if part.kind == "history" and part.talk
        for one in part.talk.messages
    )
    cut = any(one.kind == "history" for one in prompt.omissions)
    return Reach(shown=shown, cut=cut, end=end)


async def planned(session: Session, measures: Measures, room: Room) -> Plan | None:
    """What a summary made now should cover; ``None`` where nothing has fallen out.

    It reaches into the older half of what is still seen, so that it lasts for some turns and
    nothing is ever in neither.
    """
    reach = await reach_of(session, measures, room)
    if not reach.cut or not reach.shown:
        return None
    upto = reach.shown[max(len(reach.shown) // 2 - 1, 0)].position
    base, text = 0, ""
    async for row in memory.on_path(session, room.id, room.branch_id, upto):
        # The person's own words are kept even where something was changed since.
        if not row.provider or not await memory.is_stale(session, room.branch_id, row):
            base, text = row.position, row.text
            break
    told = await messages.newest(
        session, room.branch_id, _READ, before=upto + 1, after=base, for_ai=True
    )
    wanted = tuple(one for one in told if one.author.kind != "note" and one.text.strip())
    if not wanted:
        return None
    point = await branches.point_at(session, room.branch_id, upto)
    return Plan(
        so_far=text,
        messages=wanted,
        branch_id=point.branch_id,
        position=upto,
        fingerprint=await timeline_fingerprint(session, room.branch_id, upto),
    )


def _allowance(measure: Measure) -> Allowance:
    return Allowance(context_tokens=context_of(measure), estimate=measure.tokens)
