"""Sending a line and getting answers: one call starts a turn, all that follows are events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from msgspec.structs import replace

from desktop.dialogue.voices import is_voice, way_of
from desktop.protocol.auto import VoiceParams
from desktop.protocol.events import (
    MessageAdded,
    MessageChanged,
    ProblemRaised,
    RoomChanged,
    TurnEnded,
    TurnStarted,
)
from desktop.protocol.methods import (
    AgainParams,
    ContinueParams,
    Nothing,
    SendParams,
    Sent,
    TurnParams,
)
from desktop.protocol.models import Author, Message, Room, Stage, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.spoken import narrator_tag
from desktop.providers.base import Limits, Provider
from desktop.services.measures import Measures
from desktop.services.outside import Clock, Emit, NewId, ReportBug
from desktop.services.plain_text import storable
from desktop.services.room_view import existing
from desktop.services.turn_again import asked_for, prepare_again
from desktop.services.turn_continue import prepare_continue, prepare_following
from desktop.services.turn_ending import INTERRUPTED, STOPPED, Ending
from desktop.services.turn_record import Beginning, Result, begin, keep
from desktop.services.turn_recovery import recover
from desktop.services.turn_run import TurnRun
from desktop.services.turn_surroundings import BooksFor, RulesFor, Surroundings, no_books, no_rules
from desktop.services.turn_voices import Voices, voice_of
from desktop.services.undo_stack import UndoStacks
from desktop.services.usage import local_day
from desktop.store import alternatives, messages, rooms
from desktop.store.database import Database
from desktop.store.session import Session

FAREWELL_S = 5.0
"""How long ``close`` waits for providers to end what they run."""


Throw = Callable[[Session, Room, str], Awaitable[tuple[Message, ...]]]
"""Rolls what a line asks for, within the transaction that stores it."""


async def no_dice(_: Session, __: Room, ___: str) -> tuple[Message, ...]:
    return ()


class Turns:
    """At most one turn runs in a room, any number in different rooms."""

    def __init__(
        self,
        *,
        database: Database,
        providers: Mapping[str, Provider],
        limits: Callable[[], Limits],
        emit: Emit,
        clock: Clock,
        new_id: NewId,
        report_bug: ReportBug,
        stacks: UndoStacks | None = None,
        house_rules: RulesFor = no_rules,
        measures: Measures | None = None,
        throw: Throw = no_dice,
        books: BooksFor = no_books,
        voices: Voices | None = None,
    ) -> None:
        self._database = database
        self._providers = providers
        self._limits = limits
        self._emit = emit
        self._clock = clock
        self._new_id = new_id
        self._around = Surroundings(
            database, emit, clock, new_id, report_bug, stacks, house_rules, measures, books
        )
        self._throw = throw
        self._reserved: set[str] = set()
        self._runs: dict[str, TurnRun] = {}
        self._leaving: set[TurnRun] = set()
        self._unsaved: dict[str, Result] = {}
        self._voices = voices or Voices()
        self._following: dict[str, asyncio.Task[None]] = {}
        self._called_off: set[str] = set()
        self._closed = False

    async def send(self, params: SendParams) -> Sent:
        """Store my line, behind the dice it asks for, and start the answer to it.

        Raises ``Trouble``: ``busy`` while an answer is running here, ``nothing_to_say``,
        ``not_found`` for the room or its provider, ``invalid_request`` if the room lies in the
        trash, I do not play the narrator or its dice cannot be rolled, ``storage_*``. The line is
        stored or nothing is.
        """
        text = storable(params.text)
        if not text.strip():
            raise Trouble(problem("nothing_to_say"))
        async with self._only_one(params.room_id):
            async with self._database.transaction() as session:
                room = await self._open_room(session, params.room_id)
                turn = self._new_turn(room)
                rolled = await self._throw(session, room, text)
                mine = self._line(room, turn, text, as_narrator=params.as_narrator)
                (line,) = await messages.append(session, room.branch_id, [mine], turn.started_at)
                line = await alternatives.marked_one(session, line)
                await rooms.set_draft(session, room.id, "")
                first, *rest = await self._voices.answering(session, room, params.voice)
                turn = self._voiced(turn, room.stage, first, rest)
                beginning = await begin(session, room, turn, line, room.branch_id, rest=tuple(rest))
            self._around.stacks.went_on(room.id)
            for message in (*rolled, line):
                self._emit(MessageAdded(message=message))
            self._start(beginning)
        return Sent(message=line, turn=turn)

    async def again(self, params: AgainParams) -> Sent:
        """Answer a line once more: the newest one, or the one that a message answers.

        An answer that is there already stays in its branch; the new one gets a branch of its own,
        and the page is told to take the old one off the path. Raises what ``send`` raises;
        ``nothing_to_say`` where nothing was ever asked, ``invalid_request`` for a message that is
        not on the path.
        """
        async with self._only_one(params.room_id):
            async with self._database.transaction() as session:
                room = await self._open_room(session, params.room_id)
                answer = await asked_for(session, room, params.message_id)
                first, *rest = await self._voices.again(session, room, answer)
                turn = self._voiced(self._new_turn(room), room.stage, first, rest)
                again = await prepare_again(
                    session, room, turn, self._new_id, params.message_id, tuple(rest)
                )
            for event in again.events:
                self._emit(event)
            if again.act:
                self._around.stacks.did(params.room_id, again.act)
            direction = " ".join(storable(params.direction).split())
            self._start(replace(again.beginning, direction=direction))
        return Sent(message=None, turn=turn)

    async def go_on(self, params: VoiceParams, *, automatic: bool = False) -> Sent:
        """Have the AI go on without a new line; a line nobody answered is answered.

        Raises what ``send`` raises; ``nothing_to_say`` in an empty room.
        """
        return await self._go_on(params.room_id, None, params.voice, automatic=automatic)

    async def continue_message(self, params: ContinueParams) -> Sent:
        """Have the AI go on with the newest message. It grows if its own speaker goes on first.

        Raises what ``send`` raises; ``invalid_request`` for any other message, and for mine.
        """
        async with self._database.reading() as session:
            message = await messages.find(session, params.message_id)
        if message is None:
            raise Trouble(problem("not_found", field="message_id"))
        return await self._go_on(message.room_id, message.id, "")

    async def stop(self, params: TurnParams) -> Nothing:
        """End a turn now and keep what has come; one that has ended already is left as it is."""
        for run in list(self._runs.values()):
            if run.turn.id == params.turn_id:
                await run.stop(STOPPED)
        if params.turn_id in self._following:
            self._called_off.add(params.turn_id)
        return Nothing()

    async def stop_in(self, room_id: str) -> None:
        """End whatever runs in a room."""
        await self._stop(room_id, STOPPED)

    def occupied(self, room_id: str) -> bool:
        """Whether a turn runs in a room or is just being started."""
        return room_id in self._reserved or room_id in self._runs

    def answering(self) -> bool:
        """Whether a turn runs anywhere."""
        return bool(self._reserved or self._runs)

    def running_for(self, room_id: str) -> Turn | None:
        run = self._runs.get(room_id)
        return run.turn if run else None

    def streaming_in(self, room_id: str) -> tuple[Message, ...]:
        """The messages of the running answer as far as they have come."""
        run = self._runs.get(room_id)
        return run.streaming() if run else ()

    def today(self) -> str:
        """The local calendar day."""
        return local_day(self._clock.now_ms())

    async def recover(self) -> int:
        """Store what answers left behind that a crash cut off; to be called before any page opens.

        Returns how many there were. Only the one program that owns the file may call it.
        """
        return await recover(self._around)

    async def close(self) -> None:
        """End all turns as interrupted, store what came, and wait a little for the providers."""
        self._closed = True
        async with self._database.reading():
            pass  # whoever was just storing a line has started its turn when this is our turn
        await asyncio.gather(*self._following.values())
        await asyncio.gather(*(self._stop(room_id, INTERRUPTED) for room_id in list(self._runs)))
        for room_id in list(self._unsaved):
            with suppress(Trouble):
                await self._save_late(room_id)
        leaving = [asyncio.create_task(run.gone()) for run in self._leaving]
        if leaving:
            await asyncio.wait(leaving, timeout=FAREWELL_S)
        for task in leaving:
            task.cancel()

    async def _go_on(
        self, room_id: str, message_id: str | None, voice: str, *, automatic: bool = False
    ) -> Sent:
        async with self._only_one(room_id):
            async with self._database.transaction() as session:
                room = await self._open_room(session, room_id)
                if message_id is None:
                    first, *rest = await self._voices.answering(session, room, voice)
                else:
                    found = await messages.find(session, message_id)
                    first, rest = voice_of(room.stage, found) if found else "", []
                turn = self._voiced(self._new_turn(room), room.stage, first, rest)
                turn = replace(turn, automatic=automatic)
                beginning = await prepare_continue(session, room, turn, message_id, tuple(rest))
            self._around.stacks.went_on(room_id)
            self._start(beginning)
        return Sent(message=None, turn=turn)

    @asynccontextmanager
    async def _only_one(self, room_id: str) -> AsyncIterator[None]:
        """Hold a room's only place until its turn is started."""
        if self._closed or room_id in self._reserved or room_id in self._runs:
            raise Trouble(problem("busy"))
        self._reserved.add(room_id)
        try:
            await self._save_late(room_id)
            yield
        finally:
            self._reserved.discard(room_id)

    async def _open_room(self, session: Session, room_id: str) -> Room:
        if self._closed:
            raise Trouble(problem("busy"))
        room = await existing(session, room_id)
        if room.trashed_at is not None:
            raise Trouble(problem("invalid_request", field="room_id"))
        return room

    def _new_turn(self, room: Room) -> Turn:
        return Turn(
            id=self._new_id(),
            room_id=room.id,
            provider=room.stage.provider,
            model=room.stage.model,
            outcome="running",
            started_at=self._clock.now_ms(),
        )

    def _voiced(self, turn: Turn, stage: Stage, voice: str, rest: Sequence[str]) -> Turn:
        """Raises ``Trouble(not_found)`` if the stage names a provider there is not."""
        provider, model = way_of(stage, voice)
        for one in (voice, *rest):
            self._provider(way_of(stage, one).provider)
        return replace(turn, voice=voice, provider=provider, model=model, following=len(rest))

    def _line(self, room: Room, turn: Turn, text: str, *, as_narrator: bool) -> Message:
        return Message(
            id=self._new_id(),
            room_id=room.id,
            branch_id=room.branch_id,
            position=0,
            turn_id=turn.id,
            author=_me(room.stage, as_narrator=as_narrator),
            text=text,
            status="complete",
            created_at=turn.started_at,
        )

    def _start(self, beginning: Beginning) -> None:
        """No ``await`` between the commit and the end of this: readers see both or neither."""
        run = TurnRun(
            beginning,
            self._provider(beginning.turn.provider),
            self._limits(),
            self._around,
            self._ended,
        )
        self._runs[beginning.room.id] = run
        self._voices.spoke(beginning.room.id)
        self._emit(TurnStarted(turn=beginning.turn))
        run.start(self._leaving)

    def _provider(self, provider_id: str) -> Provider:
        if (provider := self._providers.get(provider_id)) is None:
            raise Trouble(
                problem(
                    "not_found",
                    field="stage.provider",
                    provider=provider_id,
                    ways_on=("change_provider",),
                )
            )
        return provider

    def _ended(self, run: TurnRun) -> None:
        self._runs.pop(run.turn.room_id, None)
        if run.unsaved is not None:
            self._unsaved[run.turn.room_id] = run.unsaved
        elif run.turn.outcome == "complete" and run.beginning.rest and not self._closed:
            # The next voice answers the same line; until then nobody else may speak here.
            self._reserved.add(run.turn.room_id)
            before = replace(run.beginning, turn=run.turn)
            self._following[run.turn.id] = asyncio.create_task(self._follow(before))

    async def _follow(self, before: Beginning) -> None:
        room_id = before.room.id
        try:
            async with self._database.transaction() as session:
                room = await self._open_room(session, room_id)
                rest = tuple(one for one in before.rest if is_voice(room.stage, one))
                if not rest or before.turn.id in self._called_off:
                    raise Trouble(problem("nothing_to_say"))
                turn = self._voiced(self._new_turn(room), room.stage, rest[0], rest[1:])
                turn = replace(turn, automatic=before.turn.automatic)
                beginning = await prepare_following(session, room, turn, before, rest[1:])
            self._start(beginning)
            if before.turn.id in self._called_off:
                await self._stop(room_id, STOPPED)
        except Exception as error:  # noqa: BLE001 - whatever it is, the room must not stay locked
            self._nobody_follows(before, error)
        finally:
            self._reserved.discard(room_id)
            self._called_off.discard(before.turn.id)
            self._following.pop(before.turn.id, None)

    def _nobody_follows(self, before: Beginning, error: Exception) -> None:
        """Tell that the answer is over although more of it was announced."""
        if isinstance(error, Trouble):
            why = error.problem
        else:
            log_id = self._around.report_bug(error, "going on with a round of answers")
            why = problem("bug", log_id=log_id)
        if why.code not in ("nothing_to_say", "busy"):
            self._emit(ProblemRaised(problem=why))
        self._emit(TurnEnded(turn=replace(before.turn, following=0), room=before.room))

    async def _stop(self, room_id: str, ending: Ending) -> None:
        if run := self._runs.get(room_id):
            await run.stop(ending)

    async def _save_late(self, room_id: str) -> None:
        """Store an answer that found the disk full. Raises ``Trouble`` if it still cannot be."""
        if (result := self._unsaved.get(room_id)) is None:
            return
        kept = await keep(self._database, result, self._clock.now_ms(), self._around.measures)
        del self._unsaved[room_id]
        for row in kept.rows:
            self._emit(MessageChanged(message=row))
        self._emit(RoomChanged(room=kept.room))


def _me(stage: Stage, *, as_narrator: bool) -> Author:
    if not as_narrator:
        return Author(kind="user", name=stage.me.name)
    if stage.narrator.kind != "me":
        raise Trouble(problem("invalid_request", field="as_narrator"))
    return Author(kind="narrator", name=narrator_tag(stage))
