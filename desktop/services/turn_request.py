"""What a turn asks of its provider: the prompt out of stage, story and line."""

import hashlib

from msgspec.structs import replace

from desktop.dialogue.prompt import compose
from desktop.protocol.base import Frozen
from desktop.protocol.models import Message, Stage, Turn
from desktop.protocol.spoken import spoken_name
from desktop.providers.base import Limits, Request
from desktop.services.retention import going_on
from desktop.services.turn_history import history_before
from desktop.services.turn_record import Beginning, told_segments
from desktop.services.turn_surroundings import Surroundings


class PutTogether(Frozen, kw_only=True):
    request: Request
    segments: str
    """What the prompt consists of, as it is stored with the turn."""


async def put_together(
    around: Surroundings, beginning: Beginning, turn: Turn, limits: Limits
) -> PutTogether:
    """The request of a turn that has begun. Raises ``Trouble(storage_*)``."""
    stage, line = beginning.room.stage, asked(beginning)
    before = line.position + 1 if beginning.goes_on else line.position
    async with around.database.reading() as session:
        history = await history_before(session, beginning.branch_id, before, stage.window)
        going = await going_on(session, beginning.room, beginning.branch_id, line)
    prompt = compose(
        stage,
        history,
        line.text,
        as_narrator=line.author.kind == "narrator",
        house_rules=await around.house_rules(stage.language),
    )
    request = Request(
        turn_id=turn.id,
        room_id=turn.room_id,
        model=stage.model,
        system=prompt.system,
        prompt=prompt.user,
        stage=stage,
        history=history,
        line=line.text,
        seed=seed_of(turn.room_id, beginning.number),
        limits=limits,
        stop=_my_tag(stage),
        retain=stage.retention,
        session=going.session,
        news=going.news,
    )
    return PutTogether(request=request, segments=told_segments(prompt))


def asked(beginning: Beginning) -> Message:
    """The line as the AI is asked it: with the direction behind it, blank where none was said."""
    said = "" if beginning.goes_on else beginning.line.text
    told = f"({beginning.direction})" if beginning.direction else ""
    return replace(beginning.line, text="\n\n".join(filter(None, (said, told))))


def _my_tag(stage: Stage) -> tuple[str, ...]:
    me = spoken_name(stage.me.name)
    return (f"\n[{me}]",) if me else ()


def seed_of(room_id: str, number: int) -> int:
    """The same for the n-th turn of a room, whenever and wherever it is asked."""
    return int.from_bytes(hashlib.sha256(f"{room_id}:{number}".encode()).digest()[:6])
