"""A story as parts, read from one moment of the file: what the writers of every format take.

Whatever was deleted, cut off or thrown away is not told, so positions are counted anew: a fork or a
slot stays behind the same message.
"""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from desktop.formats.parts import (
    AnyPart,
    BranchPart,
    MessagePart,
    RollPart,
    RoomPart,
    SlotPart,
    SummaryPart,
    TurnPart,
)
from desktop.protocol.base import DurationMs, Frozen, UtcMs
from desktop.protocol.dice import SealedRoll
from desktop.protocol.models import Author, Stage, Usage
from desktop.protocol.problems import Problem
from desktop.protocol.transfer import ExportParams
from desktop.store.driver import Row
from desktop.store.snapshot import ALWAYS, Snapshot, Window


class Wanted(Frozen, kw_only=True):
    """What of the rooms is told."""

    window: Window = ALWAYS
    whole_tree: bool = True
    messages: bool = True
    context: bool = True
    usage: bool = True

    @classmethod
    def of(cls, params: ExportParams) -> "Wanted":
        return cls(
            window=Window(since=params.since, until=params.until),
            whole_tree=params.branches == "tree",
            messages=params.messages,
            context=params.context,
            usage=params.usage,
        )


def story_parts(snapshot: Snapshot, rooms: Sequence[Row], wanted: Wanted) -> Iterator[AnyPart]:
    """Each room with its tree, or with the path it shows as its only branch."""
    for room in rooms:
        yield from _Telling(snapshot, room, wanted).parts()


class _Run(Frozen, kw_only=True):
    """A branch as it is told: its own messages behind ``after`` and up to ``last``."""

    row_id: str
    key: str
    after: int
    last: int
    start: int
    """The position it is told to begin behind."""


class _Telling:
    """One room."""

    def __init__(self, snapshot: Snapshot, room: Row, wanted: Wanted) -> None:
        self._snapshot = snapshot
        self._room = room
        self._key = room["id"]
        self._wanted = wanted
        self._runs: dict[str, _Run] = {}
        self._parents: dict[str, Row] = {}
        self._rolls_upto = 0

    def parts(self) -> Iterator[AnyPart]:
        if not self._wanted.messages:
            yield from self._without_story()
            return
        branches = self._snapshot.branches(self._key)
        self._parents = {row["id"]: row for row in branches}
        told = self._tree(branches) if self._wanted.whole_tree else self._path()
        yield self._head(told[-1].key if not self._wanted.whole_tree else self._room["branch_id"])
        yield from told
        for run in list(self._runs.values()):
            yield from self._said(run)
        yield from self._rolls()
        yield from self._slots()
        yield from self._summaries()

    def _without_story(self) -> Iterator[AnyPart]:
        """The stage, and what turns have cost without a word of them, on one empty branch."""
        yield replace(self._head(""), draft="")
        created = self._room["created_at"]
        yield BranchPart(room=self._key, key="main", kind="main", created_at=created)
        if self._wanted.usage:
            for branch in self._snapshot.branches(self._key):
                for turn in self._snapshot.turns(branch["id"], self._wanted.window):
                    yield replace(self._turn(turn, "main"), raw="", line="", problem=None)

    def _head(self, current: str) -> RoomPart:
        room = self._room
        stage = msgspec.json.decode(room["stage"], type=Stage) if self._wanted.context else None
        return RoomPart(
            key=self._key,
            title=room["title"],
            stage=stage,
            created_at=room["created_at"],
            updated_at=room["updated_at"],
            archived_at=room["archived_at"],
            draft=room["draft"],
            sort_order=room["sort_order"],
            current_branch=current,
        )

    def _tree(self, branches: Sequence[Row]) -> list[BranchPart]:
        told = []
        for row in branches:
            parent, start = self._fork(row)
            self._runs[row["id"]] = _Run(
                row_id=row["id"],
                key=row["id"],
                after=row["fork_position"],
                last=row["tip"],
                start=start,
            )
            told.append(
                BranchPart(
                    room=self._key,
                    key=row["id"],
                    parent=parent,
                    fork_position=start,
                    name=row["name"],
                    kind=row["kind"],
                    created_at=row["created_at"],
                    used_at=row["used_at"],
                )
            )
        return told

    def _fork(self, row: Row) -> tuple[str, int]:
        """The branch it leaves and the position, both as they are told."""
        parent = self._runs.get(row["parent_id"] or "")
        if parent is None:
            return "", 0
        upto = min(row["fork_position"], parent.last)
        own = self._snapshot.own_before(parent.row_id, parent.after, upto, self._wanted.window)
        key, start = parent.key, parent.start + own
        # Where nothing is left of the parent before the fork, it leaves the one above.
        while not own and (above := self._parents[key]["parent_id"]) in self._runs:
            key = above
            own = start - self._runs[key].start
        return key, start

    def _path(self) -> list[BranchPart]:
        """The path that is shown, as one branch; its parts are told one after the other."""
        ranges: list[tuple[str, int, int]] = []
        key, last = self._room["branch_id"], 1 << 62
        while (row := self._branch(key)) is not None:
            last = min(last, row["tip"])
            ranges.append((row["id"], row["fork_position"], last))
            key, last = row["parent_id"] or "", min(last, row["fork_position"])
        start, only = 0, ranges[-1][0]
        for row_id, after, last in reversed(ranges):
            if last > after:
                self._runs[row_id] = _Run(
                    row_id=row_id, key=only, after=after, last=last, start=start
                )
                start += self._snapshot.own_before(row_id, after, last, self._wanted.window)
        created = self._room["created_at"]
        return [BranchPart(room=self._key, key=only, kind="main", created_at=created)]

    def _branch(self, branch_id: str) -> Row | None:
        found = self._parents.get(branch_id)
        if found is None and branch_id:
            found = self._snapshot.one(
                """SELECT *, min(tip_position, coalesce(cut_position, tip_position)) AS tip
                   FROM branch WHERE id = ?""",
                branch_id,
            )
        return found

    def _said(self, run: _Run) -> Iterator[AnyPart]:
        """The branch's messages, each turn right before the first that belongs to it."""
        turns = self._snapshot.turns(run.row_id, self._wanted.window)
        position, told = run.start, ""
        rows = self._snapshot.messages(run.row_id, run.after, run.last, self._wanted.window)
        for row in rows:
            turn_id = row["turn_id"]
            if turn_id and turn_id != told:
                told = turn_id
                for turn in turns:
                    yield self._turn(turn, run.key)
                    if turn["id"] == turn_id:
                        break
            position += 1
            yield self._message(row, run.key, position)
        # Where the path leaves a branch, what was answered later there is not told.
        if self._wanted.whole_tree or run is next(reversed(self._runs.values())):
            for turn in turns:
                yield self._turn(turn, run.key)

    def _message(self, row: Row, branch: str, position: int) -> MessagePart:
        kind, roll, key = row["author_kind"], row["roll"], row["id"]
        sealed = None
        if roll:
            sealed, kind = msgspec.json.decode(roll, type=SealedRoll), "dice"
        return MessagePart(
            room=self._key,
            key=key,
            branch=branch,
            position=position,
            turn=row["turn_id"] or "",
            author=Author(
                kind=kind,
                name=row["author_name"],
                id=row["author_id"],
                dye=row["author_dye"],
            ),
            text=row["text"],
            status=row["status"],
            created_at=row["created_at"],
            edited_at=row["edited_at"],
            hidden=row["hidden"] == 1,
            earlier=self._snapshot.earlier_texts(key) if row["has_earlier"] else (),
            roll=sealed,
        )

    def _turn(self, row: Row, branch: str) -> TurnPart:
        return TurnPart(
            room=self._key,
            key=row["id"],
            branch=branch,
            line=row["line_id"] or "",
            provider=row["provider"],
            model=row["model"],
            outcome=row["outcome"],
            usage=_usage(row) if self._wanted.usage else Usage(),
            raw=row["raw"],
            voice=row["voice"],
            problem=msgspec.json.decode(row["problem"], type=Problem) if row["problem"] else None,
            first_text_ms=_span(row["first_text_ms"]),
            total_ms=_span(row["total_ms"]),
            started_at=UtcMs(row["started_at"]),
        )

    def _rolls(self) -> Iterator[RollPart]:
        """The chain up to the last roll that is told: without those before it proves nothing."""
        for row in self._snapshot.rolls(self._key, self._wanted.window.until):
            yield RollPart(
                room=self._key,
                message=row["message_id"],
                sealed=msgspec.json.decode(row["sealed"], type=SealedRoll),
            )

    def _slots(self) -> Iterator[SlotPart]:
        for row in self._snapshot.slots(self._key):
            run = self._runs.get(row["branch_id"])
            if run is None or row["position"] > run.last:
                continue
            own = self._snapshot.own_before(
                run.row_id, run.after, row["position"], self._wanted.window
            )
            yield SlotPart(
                room=self._key,
                branch=run.key,
                position=run.start + own,
                name=row["name"],
                before=row["before"],
                created_at=row["created_at"],
            )

    def _summaries(self) -> Iterator[SummaryPart]:
        if self._wanted.window != ALWAYS:
            return
        for row in self._snapshot.summaries(self._key):
            run = self._runs.get(row["branch_id"])
            if run is not None and row["position"] <= run.last:
                own = self._snapshot.own_before(run.row_id, run.after, row["position"], ALWAYS)
                yield SummaryPart(
                    room=self._key,
                    branch=run.key,
                    upto=run.start + own,
                    text=row["text"],
                    provider=row["provider"],
                    model=row["model"],
                    created_at=row["created_at"],
                )


def _usage(row: Row) -> Usage:
    return Usage(
        input=row["input"],
        cache_read=row["cache_read"],
        cache_write=row["cache_write"],
        output=row["output"],
        reasoning=row["reasoning"],
        cost_usd=row["cost_usd"],
        context_window=row["context_window"],
        source=row["usage_source"],
    )


def _span(value: int | None) -> DurationMs | None:
    return None if value is None else DurationMs(value)
