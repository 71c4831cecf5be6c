"""One room that is being brought in: its parts become rows, its positions are counted anew."""

from collections.abc import Callable, Iterator

import msgspec

from desktop.dialogue.dice import START, seal
from desktop.dialogue.speakers import Roster, parse
from desktop.formats.parts import (
    BranchPart,
    MessagePart,
    RollPart,
    RoomPart,
    SlotPart,
    SummaryPart,
    TurnPart,
    Unreadable,
)
from desktop.protocol.base import UtcMs
from desktop.protocol.dice import SealedRoll
from desktop.protocol.models import Stage
from desktop.services.plain_text import storable
from desktop.services.transfer_authors import Authors
from desktop.services.transfer_bounds import MOST_TOKENS, bounded, clean_name, span
from desktop.services.transfer_ids import Ids
from desktop.services.transfer_place import Onto, Run
from desktop.services.transfer_tally import Tally
from desktop.store.intake import UNSEEN, Rows
from desktop.store.summaries import SummaryRow

MOST_BRANCHES = 200_000
MOST_TEXT = 1_000_000
"""Characters of a message."""


class IncomingRoom:
    """``rows`` gathers what is to be written."""

    def __init__(
        self,
        part: RoomPart,
        stage: Stage,
        *,
        salt: bytes,
        now: UtcMs,
        new_id: Callable[[], str],
        rows: Rows,
        tally: Tally,
        onto: Onto | None = None,
    ) -> None:
        self._part = part
        self._id_of = Ids(salt, new_id).of
        self._now = now
        self._new_id = new_id
        self.write_to(rows)
        self._tally = tally
        self._onto = onto
        self._known = onto.known if onto else None
        self._authors = Authors(stage.me.name)
        self._roster = Roster.of(stage)
        self._stage = stage
        self._runs: dict[str, Run] = {}
        self._grown: set[Run] = set()
        self._last_time = bounded(part.created_at) or now
        self._hash = START
        self._chained = False
        self._loose: list[tuple[SealedRoll, str]] = []
        self.id = onto.room_id if onto else new_id()
        self.title = ""
        self.messages = 0
        self.turns = 0
        self.summaries: list[SummaryRow] = []
        """Their fingerprints are taken once the story stands."""
        self.branch_ids: list[str] = []
        """Of branches that are out of sight until the end; a room that is new hides all of its."""

    def write_to(self, rows: Rows) -> None:
        """From now on what is to be written is gathered there."""
        self._rows = rows
        self._messages = rows.setdefault("message", [])

    def begin(self, title: str) -> None:
        self.title = title
        tally, part = self._tally, self._part
        tally.found["rooms"] += 1
        tally.kept["rooms"] += 1
        if self._onto is not None:
            return
        self._add(
            "room",
            self.id,
            title,
            "",
            part.sort_order if 0 <= part.sort_order < 1 << 31 else 0,
            self._last_time,
            bounded(part.updated_at) or self._last_time,
            bounded(part.archived_at),
            UNSEEN,
            storable(part.draft)[:200_000],
        )
        self._add("stage", self.id, msgspec.json.encode(self._stage).decode())

    def branch(self, part: BranchPart) -> None:
        self._tally.found["branches"] += 1
        if part.key in self._runs:
            raise Unreadable("duplicate_id", part.key[:60])
        if len(self._runs) >= MOST_BRANCHES:
            raise Unreadable("too_many", "branches")
        self._open(part)
        self._tally.kept["branches"] += 1

    def _open(self, part: BranchPart) -> Run:
        created = bounded(part.created_at) or self._last_time
        parent = self._runs.get(part.parent) or next(iter(self._runs.values()), None)
        row_id = self._id_of("b", part.key)
        if parent is None:
            run = self._root(row_id)
        else:
            # Its own messages are counted from where the parent has come to by then.
            run = Run(row_id, parent, part.fork_position, 0, 0)
            run.fork = -1 - max(0, part.fork_position)
        self._runs[part.key] = run
        self._rows_of_branch(run, part, created)
        return run

    def _root(self, row_id: str) -> Run:
        onto = self._onto
        if onto is None:
            return Run(row_id, None, 0, 0, 0)
        return Run(row_id, None, onto.position, onto.position, onto.count)

    def _rows_of_branch(self, run: Run, part: BranchPart, created: UtcMs) -> None:
        onto, parent = self._onto, run.parent
        parent_id = parent.id if parent else onto.branch_id if onto else None
        kind = part.kind or ("main" if parent_id is None else "alternative")
        hidden = UNSEEN if onto else None
        used = bounded(part.used_at) or created
        fork = max(0, run.fork)
        self._add(
            "branch",
            run.id,
            self.id,
            parent_id,
            fork,
            fork,
            run.count,
            kind,
            clean_name(part.name),
            created,
            used,
            hidden,
        )
        if onto:
            self.branch_ids.append(run.id)

    def _run(self, key: str) -> Run:
        run = self._runs.get(key)
        if run is None:
            # A format without branches, or a name that leads nowhere.
            run = next(iter(self._runs.values()), None) or self._open(
                BranchPart(room=self._part.key, key=key)
            )
        return run

    def _placed(self, key: str) -> Run:
        """The same with its place known: whatever stands before it has been told."""
        run = self._run(key)
        if run.fork < 0:
            self._fix(run)
        return run

    def _fix(self, run: Run) -> None:
        """Give a branch its place, now that what it leaves is there."""
        told = -1 - run.fork
        parent = run.parent
        assert parent is not None
        if parent.fork < 0:
            self._fix(parent)
        if told > parent.told:
            self._tally.note("changed", "fork_moved", self.title)
        place = parent.place(told)
        # It may not leave a branch before that one's own first message.
        while place == parent.fork and parent.parent is not None:
            parent = parent.parent
        count = parent.at_fork + place - parent.fork
        run.parent, run.fork, run.tip, run.told = parent, place, place, told
        run.shifts, run.count, run.at_fork = [(told, place - told)], count, count
        self._add("forks", parent.id, place, place, count, run.id)

    def turn(self, part: TurnPart) -> None:
        self._tally.found["turns"] += 1
        run = self._run(part.branch)
        usage = part.usage
        started = self._time(part.started_at)
        self._add(
            "turn", self._id_of("t", part.key), self.id, run.id,
            self._id_of("m", part.line) if part.line else None,
            clean_name(part.provider), clean_name(part.model),
            "interrupted" if part.outcome == "running" else part.outcome,
            started, span(part.first_text_ms), span(part.total_ms),
            *(min(max(each, 0), MOST_TOKENS) for each in (
                usage.input, usage.cache_read, usage.cache_write, usage.output, usage.reasoning,
            )),
            usage.cost_usd, span(usage.context_window), usage.source,
            msgspec.json.encode(part.problem).decode() if part.problem else None,
            storable(part.raw)[:4 * MOST_TEXT],
            clean_name(part.voice),
        )  # fmt: skip
        self.turns += 1
        self._tally.kept["turns"] += 1

    def message(self, part: MessagePart) -> None:
        if part.reply:
            for each in self._speeches(part):
                self._message(each)
        else:
            self._message(part)

    def _speeches(self, part: MessagePart) -> Iterator[MessagePart]:
        speeches = parse(storable(part.text), self._roster)
        if len(speeches) > 1:
            self._tally.note("changed", "speakers_split", self.title)
        for number, each in enumerate(speeches):
            if number:
                part = msgspec.structs.replace(
                    part, key="", position=0, earlier=(), alternatives=()
                )
            yield msgspec.structs.replace(part, author=each.author, text=each.text, reply=False)

    def _message(self, part: MessagePart) -> None:
        run = self._runs.get(part.branch)
        if run is None or run.fork < 0:
            run = self._placed(part.branch)
        self._tally.found["messages"] += 1
        text = self._text(part.text)
        told = part.position
        if self._known is not None and self._has(part, text):
            self._passed_over(run, told)
            return
        if told <= run.told:
            if told:
                self._tally.note("changed", "reordered", text[:60])
            told = run.told + 1
        run.tip += 1
        if told + run.shifts[-1][1] != run.tip:
            run.shifts.append((told, run.tip - told))
        run.told = told
        run.count += 1
        self._grown.add(run)
        self._rows_of_message(part, run, text)
        for other in part.alternatives:
            self._alternative(part, run, other)
        self.messages += 1
        self._tally.kept["messages"] += 1

    def _has(self, part: MessagePart, text: str) -> bool:
        """Whether the room that goes on has it already."""
        assert self._known is not None
        if not self._known.has(
            self._authors.stored(part.author)[2], text, bounded(part.created_at)
        ):
            return False
        self._tally.note("dropped", "duplicate_skipped", text[:60])
        return True

    def _rows_of_message(self, part: MessagePart, run: Run, text: str) -> None:
        at = self._time(part.created_at)
        key, turn = part.key, part.turn
        message_id = self._id_of("m", key) if key else self._new_id()
        self._messages.append((
            message_id, self.id, run.id, run.tip, self._id_of("t", turn) if turn else None,
            *self._authors.stored(part.author),
            "partial" if part.status == "streaming" else part.status,
            1 if part.hidden else 0, at, bounded(part.edited_at), text,
        ))  # fmt: skip
        for version, earlier in enumerate(part.earlier, 1):
            replaced = bounded(part.edited_at) or at
            self._add("message_text", message_id, version, replaced, self._text(earlier))
        if part.roll is not None:
            self._loose.append((part.roll, message_id))

    def _alternative(self, part: MessagePart, run: Run, text: str) -> None:
        """Another text in the message's place, as a branch of its own."""
        if not text.strip():
            self._tally.note("dropped", "empty_message", self.title)
            return
        parent, place = run, run.tip - 1
        while place == parent.fork and parent.parent is not None:
            parent = parent.parent
        joins = place == parent.fork and self._onto is not None
        parent_id = self._onto.branch_id if self._onto and joins else parent.id
        at = self._time(part.created_at)
        branch_id, message_id = self._new_id(), self._new_id()
        self._add(
            "branch", branch_id, self.id, parent_id, place, place + 1, run.count,
            "alternative", "", at, at, UNSEEN if self._onto else None,
        )  # fmt: skip
        if self._onto:
            self.branch_ids.append(branch_id)
        self._messages.append((
            message_id, self.id, branch_id, place + 1, None, *self._authors.stored(part.author),
            "complete", 0, at, None, self._text(text),
        ))  # fmt: skip
        for counted in (self._tally.found, self._tally.kept):
            counted["branches"] += 1
            counted["messages"] += 1

    def _passed_over(self, run: Run, position: int) -> None:
        run.told = max(run.told + 1, position)
        run.shifts.append((run.told, run.tip - run.told))

    def roll(self, part: RollPart) -> None:
        self._tally.found["rolls"] += 1
        if self._onto is not None:
            return
        self._chained = True
        message_id = self._id_of("m", part.message) if part.message else self._new_id()
        self._link(part.sealed, message_id)

    def _link(self, sealed: SealedRoll, message_id: str) -> None:
        if seal(self._hash, sealed.roll, sealed.id, sealed.time) != sealed.hash:
            self._tally.note("changed", "seal_broken", sealed.roll.formula[:60])
        self._hash = sealed.hash
        self._add("roll", self.id, message_id, msgspec.json.encode(sealed).decode())
        self._tally.kept["rolls"] += 1

    def slot(self, part: SlotPart) -> None:
        self._tally.found["slots"] += 1
        run = self._runs.get(part.branch)
        if run is None or part.position < 0:
            self._tally.note("dropped", "slot_without_place", part.name)
            return
        run = self._placed(part.branch)
        self._add(
            "slot", self._new_id(), self.id, run.id, run.place(part.position),
            clean_name(part.name), part.before, self._time(part.created_at),
        )  # fmt: skip
        self._tally.kept["slots"] += 1

    def summary(self, part: SummaryPart) -> None:
        if part.branch not in self._runs and part.branch:
            self._tally.note("dropped", "summary_without_place", part.text)
            return
        run = self._placed(part.branch)
        self.summaries.append(
            SummaryRow(
                id=self._new_id(),
                room_id=self.id,
                branch_id=run.id,
                position=run.place(max(0, part.upto)),
                fingerprint="",
                provider=clean_name(part.provider),
                model=clean_name(part.model),
                created_at=self._time(part.created_at),
                text=self._text(part.text),
            )
        )

    def end(self) -> str:
        """Everything of it was told; returns the branch it stands on."""
        if not self._runs:
            self._open(BranchPart(room=self._part.key, key=""))
        for run in list(self._runs.values()):
            if run.fork < 0:
                self._fix(run)
        if self._onto is not None and self._loose:
            # A room has one chain: what fell elsewhere can be no link of it.
            self._tally.note("changed", "seal_left_out", self.title, len(self._loose))
        elif not self._chained:
            for sealed, message_id in sorted(self._loose, key=lambda pair: pair[0].time):
                self._tally.found["rolls"] += 1
                self._link(sealed, message_id)
        shown = self._runs.get(self._part.current_branch) or next(iter(self._runs.values()))
        return shown.id

    def tips(self) -> list[tuple[int, int, str]]:
        """Position, count and id of the branches that have grown since this was asked."""
        grown, self._grown = self._grown, set()
        return [(run.tip, run.count, run.id) for run in grown]

    def _text(self, text: str) -> str:
        clean = storable(text)
        if len(clean) > MOST_TEXT:
            self._tally.note("changed", "text_cut", clean[:60])
            return clean[:MOST_TEXT]
        return clean

    def _time(self, at: UtcMs | None) -> UtcMs:
        told = bounded(at)
        if told is None:
            self._tally.note("changed", "times_guessed", self.title)
            return self._last_time
        self._last_time = told
        return told

    def _add(self, table: str, *values: object) -> None:
        self._rows.setdefault(table, []).append(values)
