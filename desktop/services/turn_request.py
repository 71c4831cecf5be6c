"""What a turn asks of its provider: the prompt out of stage, story, lore, memory and line."""

import hashlib

from desktop.dialogue.prompt import Allowance
from desktop.dialogue.voices import members, stage_of
from desktop.protocol.base import Frozen
from desktop.protocol.events import TurnNoted
from desktop.protocol.lore import LoreState
from desktop.protocol.models import Message, Room, Stage, Turn
from desktop.protocol.spoken import cast, spoken_name
from desktop.providers.base import Limits, Request
from desktop.services import memory, turn_lore
from desktop.services.measures import Measure
from desktop.services.retention import GoingOn, going_on
from desktop.services.turn_history import context_of, enough, history_before
from desktop.services.turn_prompt import Sent, Told, TurnPrompt, made, valid_marks
from desktop.services.turn_record import Beginning
from desktop.services.turn_surroundings import Surroundings
from desktop.store import prompts
from desktop.store.session import Session
from desktop.store.summaries import SummaryRow


class PutTogether(Frozen, kw_only=True):
    request: Request
    prompt: TurnPrompt
    measure: Measure
    notes: tuple[TurnNoted, ...] = ()
    """What the person must be told before the answer comes."""

    def sent(self, session: str) -> Sent:
        """What was sent, once the provider has named the conversation."""
        return self.prompt.sent(session)


class _Read(Frozen, kw_only=True):
    """What the database holds for a turn."""

    history: tuple[Message, ...]
    reworded: frozenset[str]
    going: GoingOn
    state: LoreState
    summary: SummaryRow | None
    stale: bool
    summaries: frozenset[str]
    """Marks of the summaries that a conversation may have been told."""
    measure: Measure

    @property
    def context(self) -> int:
        return context_of(self.measure)

    def allowance(self) -> Allowance:
        return Allowance(context_tokens=self.context, estimate=self.measure.tokens)


async def put_together(
    around: Surroundings, beginning: Beginning, turn: Turn, limits: Limits
) -> PutTogether:
    """The request of a turn that has begun. Raises ``Trouble(storage_*)``."""
    stage, said = beginning.room.stage, beginning.line
    line = "" if beginning.goes_on else said.text
    books = await around.books(stage.lorebooks)
    async with around.database.reading() as session:
        read = await _read(session, around, beginning, turn)
    seed = seed_of(turn.room_id, beginning.number)
    lore = await turn_lore.decide(books.read, read.history, line, read.state, seed, read.context)
    told = Told(
        voice=turn.voice,
        house_rules=await around.house_rules(stage.language),
        lore=lore,
        summary=read.summary,
        stale=read.stale,
        direction=beginning.direction,
    )
    going = read.going.under(valid_marks(lore, read.summaries))
    prompt = made(stage, read.history, line, said, going, told, read.reworded, read.allowance())
    request = Request(
        turn_id=turn.id,
        room_id=turn.room_id,
        voice=turn.voice,
        model=turn.model,
        system=prompt.whole.system,
        prompt=prompt.whole.user,
        stage=stage_of(stage, turn.voice),
        history=read.history,
        line=line,
        seed=seed,
        limits=limits,
        stop=_other_tags(stage, turn.voice),
        retain=stage.retention,
        session=going.session,
        news=prompt.news.user if prompt.news else "",
    )
    notes = tuple(_notes(turn, prompt, books.unread))
    return PutTogether(request=request, prompt=prompt, measure=read.measure, notes=notes)


async def _read(session: Session, around: Surroundings, beginning: Beginning, turn: Turn) -> _Read:
    room, branch_id, said = beginning.room, beginning.branch_id, beginning.line
    before = said.position + 1 if beginning.goes_on else said.position
    measure = await around.measures.of(session, turn.provider, turn.model)
    history = await history_before(session, branch_id, before, room.stage.window, enough(measure))
    state, summary, stale = LoreState(), None, False
    if room.stage.lorebooks:
        state = await turn_lore.state_before(session, branch_id, before, history)
    if room.stage.summary != "off":
        summary = await memory.in_force(session, room.id, branch_id, before)
        stale = summary is not None and await memory.is_stale(session, branch_id, summary)
    return _Read(
        history=history,
        reworded=await prompts.reworded(session, (*history, said)),
        going=await going_on(session, room, turn, branch_id, said, goes_on=beginning.goes_on),
        state=state,
        summary=summary,
        stale=stale,
        summaries=await _valid_summaries(session, room, branch_id, before),
        measure=measure,
    )


async def _valid_summaries(
    session: Session, room: Room, branch_id: str, before: int
) -> frozenset[str]:
    if not room.stage.retention:
        return frozenset()
    return await memory.held_marks(session, room.stage, room.id, branch_id, before)


def _notes(turn: Turn, prompt: TurnPrompt, unread: tuple[str, ...]) -> list[TurnNoted]:
    found = [
        TurnNoted(
            turn_id=turn.id,
            room_id=turn.room_id,
            note="history_dropped",
            count=one.messages,
        )
        for one in prompt.whole.omissions
        if one.reason_code == "history.context"
    ]
    found += [
        TurnNoted(turn_id=turn.id, room_id=turn.room_id, note="lore_unread", detail=file[:200])
        for file in unread
    ]
    return found


def _other_tags(stage: Stage, voice: str) -> tuple[str, ...]:
    """Whom an answer must not speak for: me, and where a voice answers the other characters."""
    names = [spoken_name(stage.me.name)]
    if voice:
        names += [one.tag for one in cast(stage) if one.character.id not in members(voice)]
    return tuple(f"\n[{name}]" for name in names if name)


def seed_of(room_id: str, number: int) -> int:
    """The same for the n-th turn of a room, whenever and wherever it is asked."""
    return int.from_bytes(hashlib.sha256(f"{room_id}:{number}".encode()).digest()[:6])
