"""Going on with the conversation a provider holds itself, as long as it is still our story."""

from collections.abc import Container, Sequence

from desktop.dialogue.voices import way_of
from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Message, Room, Turn
from desktop.store import lanes, messages
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.session import Session

_MOST_UNSEEN = 20
"""Where more was said meanwhile, the whole story is told anew."""
_FULL = 0.7
"""The part of a model's context at which a conversation ends, and the window begins another."""


class GoingOn(Frozen, kw_only=True):
    """The provider's own conversation and what it has not heard yet; empty for a new one."""

    session: str = ""
    unseen: tuple[Message, ...] = ()
    told: tuple[str, ...] = ()
    """Fingerprints of what it was told besides the story. One that holds no more ends it: what a
    lorebook or a summary says no longer must not be remembered either."""

    def under(self, valid: Container[str]) -> "GoingOn":
        """Itself, or nothing to go on with."""
        return self if all(mark in valid for mark in self.told) else GoingOn()


async def going_on(
    session: Session, room: Room, turn: Turn, branch_id: str, line: Message, *, goes_on: bool
) -> GoingOn:
    """What a turn that answers ``line``, or ``goes_on`` behind it, may go on with.

    Each voice has a conversation of its own and is told what is new since its own last turn.
    A change to anything the conversation has seen, or another branch, ends it: a model must not
    remember what is no longer in the story. Another stage or model ends it too, but that the
    provider sees itself.
    """
    stage = room.stage
    if not stage.retention:
        return GoingOn()
    lane = await lanes.find(session, room.id, turn.voice, turn.provider)
    before = line.position + 1 if goes_on else line.position
    if lane is None or lane.upto >= before:
        return GoingOn()
    if await timeline_fingerprint(session, branch_id, lane.upto) != lane.fingerprint:
        return GoingOn()
    unseen = await messages.newest(
        session,
        branch_id,
        _MOST_UNSEEN + 1,
        before=before,
        after=lane.upto,
        for_ai=True,
    )
    if len(unseen) > _MOST_UNSEEN:
        return GoingOn()
    return GoingOn(session=lane.session, unseen=unseen, told=lane.told)


async def still_held(session: Session, room: Room, voice: str = "") -> str:
    """The conversation a voice's next turn in a room would go on with; empty for a new one."""
    if not room.stage.retention:
        return ""
    lane = await lanes.find(session, room.id, voice, way_of(room.stage, voice).provider)
    if lane is None:
        return ""
    same = await timeline_fingerprint(session, room.branch_id, lane.upto) == lane.fingerprint
    return lane.session if same else ""


async def remember(
    session: Session,
    turn: Turn,
    answer: Sequence[Message],
    *,
    named: str,
    line_position: int,
    now: UtcMs,
    told: tuple[str, ...] = (),
) -> None:
    """Note what the conversation ``named`` has seen after a turn, or that it must not go on.

    It goes on only after an answer that is stored as it was said, right behind its line.
    """
    whole = turn.outcome == "complete" and bool(answer) and answer[-1].status == "complete"
    follows = bool(answer) and answer[0].position == line_position + 1
    if not (named and whole and follows) or _is_full(turn):
        await lanes.forget(session, turn.room_id, turn.voice, turn.provider)
        return
    branch_id, upto = answer[-1].branch_id, answer[-1].position
    lane = lanes.Lane(
        room_id=turn.room_id,
        speaker=turn.voice,
        provider=turn.provider,
        session=named,
        branch_id=branch_id,
        upto=upto,
        fingerprint=await timeline_fingerprint(session, branch_id, upto),
        updated_at=now,
        told=told,
    )
    await lanes.keep(session, lane)


def _is_full(turn: Turn) -> bool:
    usage = turn.usage
    taken = usage.input + usage.cache_read + usage.cache_write + usage.output
    return usage.context_window is not None and taken > usage.context_window * _FULL
