"""One answer from its request to its last row, while it is running."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

from msgspec.structs import replace

from desktop.dialogue.speakers import Roster
from desktop.protocol.base import DurationMs
from desktop.protocol.events import (
    AnyEvent,
    MessageChanged,
    ProblemRaised,
    TurnEnded,
    TurnNote,
    TurnNoted,
)
from desktop.protocol.models import Author, Message, Turn, Usage
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.protocol.usage import UsageSums
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Limits,
    Provider,
    RetryAnnounced,
    Started,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    ToolBlocked,
)
from desktop.providers.watchdog import guarded
from desktop.services.plain_text import encodable
from desktop.services.turn_continue import joint
from desktop.services.turn_ending import INTERRUPTED, Ending, ending_of, failed
from desktop.services.turn_journal import Journal
from desktop.services.turn_messages import TurnMessages, answered_by
from desktop.services.turn_prompt import Sent
from desktop.services.turn_record import Beginning, Result, keep
from desktop.services.turn_request import PutTogether, put_together
from desktop.services.turn_surroundings import Surroundings
from desktop.services.turn_usage import Spending
from desktop.services.undo_stack import Act
from desktop.store.changes import TextSet

MAX_NOTES = 50
"""Of one turn; a provider that goes on and on about its troubles is not passed on."""


class TurnRun:
    """Runs by itself after ``start``; ``ended`` is called in the step in which the end is told."""

    def __init__(
        self,
        beginning: Beginning,
        provider: Provider,
        limits: Limits,
        around: Surroundings,
        ended: Callable[["TurnRun"], None],
    ) -> None:
        self.turn: Turn = beginning.turn
        self.unsaved: Result | None = None
        """What could not be stored at the end, for another try."""
        self.beginning = self._beginning = beginning
        self._provider = provider
        self._limits = limits
        self._around = around
        self._ended = ended
        self._began_ms = around.clock.monotonic_ms()
        continued = beginning.continued
        self._messages = TurnMessages(
            Roster.of(beginning.room.stage, self.turn.voice),
            self._message,
            continued,
            joint(continued) if continued else "",
            self.turn.voice,
        )
        self._journal = Journal(
            around.database, self.turn.id, self._on_journal_failure, self._used_so_far
        )
        self._raw: list[str] = []
        self._put: PutTogether | None = None
        self._spending = Spending()
        self._session = ""
        self._notes = 0
        self._thinking_told = False
        self._journal_failed = False
        self._task: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    def start(self, leaving: "set[TurnRun]") -> None:
        """Run, and stay in ``leaving`` until the provider has let go of everything."""
        self._task = asyncio.create_task(self._run(), name=f"turn {self.turn.id}")
        leaving.add(self)
        self._task.add_done_callback(lambda _: leaving.discard(self))

    def streaming(self) -> tuple[Message, ...]:
        return self._messages.streaming()

    async def end(self, ending: Ending) -> None:
        """End the turn as told; the first call decides, later ones wait until it is stored.

        Nothing that still comes from the provider counts, and its end is not waited for.
        """
        if self._ending is None:
            self._journal.close()
            self._ending = asyncio.create_task(self._settle(ending))
        await asyncio.shield(self._ending)

    async def stop(self, ending: Ending) -> None:
        """End the turn from outside and let the provider go in the background."""
        try:
            await self.end(ending)
        finally:
            if self._task is not None:
                self._task.cancel()

    async def gone(self) -> None:
        """Wait until the provider's generator is closed too."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        answer: AsyncGenerator[AnswerEvent, None] | None = None
        try:
            put = await put_together(self._around, self._beginning, self.turn, self._limits)
            self._put = put
            self._tell(put.notes)
            self._spending.asked(put.request, put.measure)
            answer = guarded(
                self._provider.answer(put.request), self._limits, provider=self._provider.id
            )
            await self.end(await self._listen(answer))
        except asyncio.CancelledError:
            # Ours come after the end; a foreign one must not leave the room locked.
            await self.end(INTERRUPTED)
            raise
        except Trouble as trouble:
            await self.end(failed(trouble.problem))
        except Exception as bug:  # noqa: BLE001 - whatever it is, the room must not stay locked
            await self.end(failed(self._bug(bug)))
        finally:
            if answer is not None:
                await self._let_go(answer)

    async def _listen(self, answer: AsyncGenerator[AnswerEvent, None]) -> Ending:
        async for event in answer:
            if self._ending is not None:
                break
            if isinstance(event, Finished | Failed):
                self._tell(self._messages.finish())
                any_text = bool(self._messages.streaming())
                return ending_of(event, self._provider.id, any_text=any_text)
            self._take(event)
            if self._messages.overstepped:
                # What the provider remembers of it is not what was said: it must not go on there.
                self._session = ""
                return Ending(outcome="complete")
        return failed(problem("cut_off", provider=self._provider.id))

    def _take(self, event: AnswerEvent) -> None:
        self._spending.hear(event)
        match event:
            case TextCame(text=text):
                self._take_text(text)
            case TextDiscarded(reason=reason):
                self._raw.clear()
                self._journal.discard()
                self._tell(self._messages.discard())
                self._note("discarded", detail=reason)
            case RetryAnnounced(attempt=attempt, wait_ms=wait_ms, reason=reason):
                self._note("retrying", attempt=attempt, wait_ms=wait_ms, detail=reason)
            case ToolBlocked(name=name):
                self._note("tool_blocked", detail=name)
            case ThinkingCame() if not self._thinking_told:
                self._thinking_told = True
                self._note("thinking")
            case Started(session=session, model=model):
                self._session = session
                self.turn = replace(self.turn, model=encodable(model) or self.turn.model)
            case _:
                pass

    def _take_text(self, text: str) -> None:
        if self.turn.first_text_ms is None:
            self.turn = replace(self.turn, first_text_ms=self._passed())
        text = text.replace("\0", "")
        self._raw.append(text)
        self._journal.add(text)
        self._tell(self._messages.feed(text))

    async def _settle(self, ending: Ending) -> None:
        """Store the end and tell it; what cannot be stored is told all the same and kept."""
        self._tell(self._messages.finish())
        turn = replace(
            self.turn,
            outcome=ending.outcome,
            problem=ending.problem,
            usage=self._spending.usage(ending.outcome, "".join(self._raw)),
            total_ms=self._passed(),
        )
        result = Result(
            turn=turn,
            branch_id=self._beginning.branch_id,
            rows=self._messages.rows(ending.last),
            raw="".join(self._raw),
            session_id=self._session,
            line_position=self._beginning.line.position,
            sent=self._put.sent(self._session) if self._put else Sent(),
            ways=self._beginning.ways,
            continued=self._beginning.continued,
            asked_model=self._beginning.turn.model,
            comparable=self._spending.comparable() if ending.outcome == "complete" else 0,
        )
        around = self._around
        sums: UsageSums | None = None
        rows, room = result.rows, self._beginning.room
        try:
            kept = await keep(around.database, result, around.clock.now_ms(), around.measures)
            rows, room, sums = kept.rows, kept.room, kept.usage
        except Exception as error:  # noqa: BLE001 - the page must learn that it is over
            why = error.problem if isinstance(error, Trouble) else self._bug(error)
            turn = replace(turn, outcome="failed", problem=why)
            self.unsaved = result
        self.turn = turn
        self._ended(self)
        self._tell([MessageChanged(message=row) for row in rows])
        self._remember_how_it_was(rows)
        around.emit(TurnEnded(turn=turn, room=room, usage=sums))

    def _remember_how_it_was(self, rows: Sequence[Message]) -> None:
        """A message that was continued can be put back as it was."""
        before = self._beginning.continued
        if before is None or self.unsaved or all(row.id != before.id for row in rows):
            return
        way_back = TextSet(
            message_id=before.id,
            text=before.text,
            edited_at=before.edited_at,
            status=before.status,
        )
        self._around.stacks.did(before.room_id, Act("continue", (way_back,)))

    async def _let_go(self, answer: AsyncGenerator[AnswerEvent, None]) -> None:
        try:
            await answer.aclose()
        except Exception as bug:  # noqa: BLE001 - the turn is over; this concerns the log only
            self._bug(bug)

    def _message(self, index: int, author: Author) -> Message:
        beginning = self._beginning
        ways = beginning.ways if index == 0 else 1
        return Message(
            id=self._around.new_id(),
            room_id=self.turn.room_id,
            branch_id=beginning.branch_id,
            position=beginning.first_position + index,
            turn_id=self.turn.id,
            author=author,
            text="",
            status="streaming",
            created_at=self._around.clock.now_ms(),
            alternatives=ways,
            alternative=ways,
            by=answered_by(self.turn, beginning.line_id),
        )

    def _tell(self, events: Sequence[AnyEvent]) -> None:
        for event in events:
            self._around.emit(event)

    def _note(
        self,
        note: TurnNote,
        *,
        attempt: int = 0,
        wait_ms: DurationMs | None = None,
        detail: str = "",
    ) -> None:
        self._notes += 1
        if self._notes <= MAX_NOTES:
            self._around.emit(
                TurnNoted(
                    turn_id=self.turn.id,
                    room_id=self.turn.room_id,
                    note=note,
                    attempt=attempt,
                    wait_ms=wait_ms,
                    detail=encodable(detail[:500]),
                )
            )

    def _used_so_far(self) -> Usage:
        return self._spending.usage("running", "".join(self._raw))

    def _on_journal_failure(self, failure: Exception) -> None:
        if self._journal_failed:
            return
        self._journal_failed = True
        why = failure.problem if isinstance(failure, Trouble) else self._bug(failure)
        self._around.emit(ProblemRaised(problem=why))

    def _bug(self, bug: Exception) -> Problem:
        log_id = self._around.report_bug(bug, f"a turn of {self._provider.id}")
        return problem("bug", provider=self._provider.id, log_id=log_id)

    def _passed(self) -> DurationMs:
        return DurationMs(self._around.clock.monotonic_ms() - self._began_ms)
