"""Random walks through a story against a naive model that copies whole paths."""

import asyncio
import copy
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desktop.protocol.events import MessageAdded
from desktop.protocol.methods import (
    BranchParams,
    DeleteParams,
    EditParams,
    ForkParams,
    HideParams,
    MessageParams,
    RoomParams,
    SlotParams,
    SlotSaveParams,
    SwitchParams,
)
from desktop.protocol.problems import Trouble
from desktop.store import alternatives, branches, messages
from desktop.store.database import Database
from desktop.store.fingerprint import timeline_fingerprint
from tests.doubles.scripted_provider import ScriptedProvider, texts
from tests.services.naive_story import Marks, Node, Way
from tests.services.table import Table
from tests.store.rows import NOW, a_message

PICK = st.integers(0, 1_000)


class StoryWalk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        database = await Database.open(Path(self.folder.name) / "a.db")
        async with database.reading() as session:
            await session.run("PRAGMA synchronous = OFF")
        self.table = Table(database, [ScriptedProvider([texts("[하루]: 왔나.")])])
        self.room = await self.table.room()
        self.table.stacks.forget(self.room.id)
        self.marks = Marks()
        self.marks.now = self.room.branch_id
        self.ways = {self.room.branch_id: Way(self.room.branch_id, None, [], 0)}
        self.saved: dict[str, tuple[Way, list[Node]]] = {}
        self.undo: list[tuple[Marks, Marks, str | None, bool]] = []
        self.redo: list[tuple[Marks, Marks, str | None, bool]] = []
        self.clock = self.numbers = 0
        self.prints: dict[Any, str] = {}

    def teardown(self) -> None:
        try:
            self.runner.run(self._compare_branches())
        finally:
            self.runner.run(self.table.close())
            self.runner.close()
            self.folder.cleanup()

    # The model

    @property
    def now(self) -> Way:
        return self.ways[self.marks.now]

    def seen(self, path: list[Node]) -> list[Node]:
        return [node for node in path if node.id not in self.marks.deleted]

    def owner(self, path_of: Way, index: int) -> Way:
        """The branch that holds the index-th message of a path."""
        return next(way for way in path_of.chain() if way.fork <= index or way.parent is None)

    def alive(self, way: Way) -> bool:
        if way.id in self.marks.trashed:
            return False
        parent = way.parent
        return parent is None or (
            way.fork <= self.marks.cut.get(parent.id, 10**9) and self.alive(parent)
        )

    def listed(self, way: Way) -> list[Node]:
        return way.path[: self.marks.cut.get(way.id, 10**9)]

    def siblings(self, node: Node) -> list[Node]:
        before = self.seen(self.now.path)
        before = before[: before.index(node)]
        found = {node.number: node}
        for way in self.ways.values():
            path = self.seen(self.listed(way))
            same = way.chain()[-1] is self.now.chain()[-1]
            if same and self.alive(way) and path[: len(before)] == before:
                for other in path[len(before) : len(before) + 1]:
                    found[other.number] = other
        return [found[number] for number in sorted(found)]

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def did(self, before: Marks, made: str | None = None, *, stood: bool = True) -> None:
        self.undo.append((before, copy.deepcopy(self.marks), made, stood))
        self.redo.clear()

    def stand(self, way: Way) -> None:
        upper = 10**9
        for each in way.chain():
            self.marks.trashed.discard(each.id)
            if self.marks.cut.get(each.id, 10**9) < upper:
                self.marks.cut.pop(each.id, None)
            upper = each.fork
        self.marks.now = way.id
        way.used = self.tick()

    async def grown(self, parent: Way | None, path: list[Node]) -> Way:
        """The branch on which the program now stands, which it has just made."""
        made = (await self.table.view(self.room)).room.branch_id
        assert made not in self.ways
        self.ways[made] = Way(made, parent, list(path), self.tick())
        return self.ways[made]

    def bare(self, way: Way) -> bool:
        return len(way.path) == way.fork and all(
            one.parent is not way for one in self.ways.values()
        )

    def pick(self, number: int) -> Node:
        shown = self.seen(self.now.path)
        return shown[number % len(shown)]

    def any_said(self) -> bool:
        return bool(self.seen(self.now.path))

    def do(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    # The walk

    @rule(how_many=st.integers(1, 3))
    def say(self, how_many: int) -> None:
        async def said() -> None:
            async with self.table.database.transaction() as session:
                lines = [a_message(f"말 {self.numbers + at}") for at in range(how_many)]
                stored = await messages.append(session, self.now.id, lines, NOW)
                await session.run(
                    "UPDATE branch SET used_at = ? WHERE id = ?",
                    self.table.clock.now_ms(),
                    self.now.id,
                )
                stored = tuple([await alternatives.marked_one(session, one) for one in stored])
            for one in stored:
                self.table.page.take(MessageAdded(message=one))
                self.numbers += 1
                self.now.path.append(Node(self.numbers, one.id))
                self.marks.text[one.id] = one.text

        self.do(said())
        self.now.used = self.tick()
        self.table.stacks.went_on(self.room.id)
        self.redo.clear()

    @precondition(any_said)
    @rule(number=PICK, text=st.sampled_from(["하나", "둘", "셋"]))
    def edit(self, number: int, text: str) -> None:
        node, before = self.pick(number), copy.deepcopy(self.marks)
        self.do(self.table.messages.edit(EditParams(message_id=node.id, text=text)))
        if self.marks.text[node.id] != text:
            self.marks.text[node.id] = text
            self.did(before, stood=False)

    @precondition(any_said)
    @rule(number=PICK, hidden=st.booleans())
    def hide(self, number: int, hidden: bool) -> None:
        node, before = self.pick(number), copy.deepcopy(self.marks)
        self.do(self.table.messages.hide(HideParams(message_id=node.id, hidden=hidden)))
        if (node.id in self.marks.hidden) != hidden:
            self.marks.hidden ^= {node.id}
            self.did(before, stood=False)

    @precondition(any_said)
    @rule(number=PICK)
    def delete(self, number: int) -> None:
        node, before = self.pick(number), copy.deepcopy(self.marks)
        self.do(self.table.messages.delete(DeleteParams(message_id=node.id)))
        self.marks.deleted.add(node.id)
        self.did(before, stood=False)

    @precondition(any_said)
    @rule(number=PICK)
    def delete_below(self, number: int) -> None:
        node, before = self.pick(number), copy.deepcopy(self.marks)
        index = self.now.path.index(node)
        self.do(self.table.messages.delete(DeleteParams(message_id=node.id, and_below=True)))
        own = self.owner(self.now, index)
        if index > own.fork or own.parent is None:
            self.marks.cut[own.id] = index
            parent = own
        else:
            self.marks.trashed.add(own.id)
            parent = own.parent
        self._onto_new(parent, own.path[:index], before)

    def _onto_new(self, parent: Way | None, path: list[Node], before: Marks) -> None:
        made = self.do(self.grown(parent, path))
        self.stand(made)
        self.did(before, made.id)

    @precondition(any_said)
    @rule(number=PICK, back=st.booleans())
    def go_on_from(self, number: int, back: bool) -> None:
        node, before = self.pick(number), copy.deepcopy(self.marks)
        index = self.now.path.index(node)
        if back:
            self.do(self.table.branching.back(MessageParams(message_id=node.id)))
            if index == len(self.now.path) - 1:
                return
        else:
            self.do(self.table.branching.fork(ForkParams(message_id=node.id)))
        self._onto_new(self.owner(self.now, index), self.now.path[: index + 1], before)

    @precondition(any_said)
    @rule(number=PICK, to=st.integers(0, 5))
    def switch(self, number: int, to: int) -> None:
        node, before = self.pick(number), copy.deepcopy(self.marks)
        ways = self.siblings(node)
        wanted = ways[to % len(ways)]
        params = SwitchParams(message_id=node.id, to=1 + to % len(ways))
        self.do(self.table.branching.switch(params))
        if wanted is node:
            return
        below = [
            way
            for way in self.ways.values()
            if self.alive(way) and way.id not in self.marks.cut and wanted in way.path
        ]
        self.stand(max(below, key=lambda way: way.used))
        self.did(before)

    @rule(number=PICK)
    def go(self, number: int) -> None:
        before = copy.deepcopy(self.marks)
        way = list(self.ways.values())[number % len(self.ways)]
        self.do(self.table.branching.go(BranchParams(branch_id=way.id)))
        if way is not self.now:
            self.stand(way)
            self.did(before)

    @rule(number=PICK)
    def delete_branch(self, number: int) -> None:
        before = copy.deepcopy(self.marks)
        way = list(self.ways.values())[number % len(self.ways)]
        try:
            self.do(self.table.branching.delete(BranchParams(branch_id=way.id)))
        except Trouble:
            assert way in self.now.chain()
            return
        assert way not in self.now.chain()
        self.marks.trashed.add(way.id)
        self.did(before, stood=False)

    @rule()
    def save(self) -> None:
        before = copy.deepcopy(self.marks)
        params = SlotSaveParams(room_id=self.room.id, name="여기")
        slots = self.do(self.table.slots.save(params)).slots
        (new,) = [one.id for one in slots if not one.before and one.id not in self.marks.slots]
        path = list(self.now.path)
        self.saved[new] = (self.owner(self.now, len(path) - 1), path)
        self.marks.slots += (new,)
        self.did(before, stood=False)

    @precondition(lambda self: self.marks.slots)
    @rule(number=PICK)
    def load(self, number: int) -> None:
        before = copy.deepcopy(self.marks)
        slot = self.marks.slots[number % len(self.marks.slots)]
        self.do(self.table.slots.go(SlotParams(slot_id=slot)))
        way, path = self.saved[slot]
        if way.path == path:
            if way is not self.now:
                self.stand(way)
                self.did(before)
            return
        self._onto_new(way, path, before)

    @rule()
    def clear(self) -> None:
        before = copy.deepcopy(self.marks)
        root = self.now.chain()[-1]
        self.do(self.table.shelf.clear(RoomParams(room_id=self.room.id)))
        if root is self.now and not root.path:
            return
        self.marks.trashed.add(root.id)
        self._onto_new(None, [], before)

    @rule()
    def take_back(self) -> None:
        undone = self.do(self.table.story.undo(RoomParams(room_id=self.room.id)))
        assert (undone.code is None) == (not self.undo)
        if self.undo:
            before, _, made, stood = act = self.undo.pop()
            self._bring(before, made, stood, gone=True)
            self.redo.append(act)

    @rule()
    def do_again(self) -> None:
        undone = self.do(self.table.story.redo(RoomParams(room_id=self.room.id)))
        assert (undone.code is None) == (not self.redo)
        if self.redo:
            _, after, made, stood = act = self.redo.pop()
            self._bring(after, made, stood, gone=False)
            self.undo.append(act)

    def _bring(self, marks: Marks, made: str | None, stood: bool, *, gone: bool) -> None:
        said = self.marks.text
        self.marks = copy.deepcopy(marks)
        self.marks.text = said | self.marks.text
        if stood:
            self.now.used = self.tick()
        if made:
            self.marks.trashed.discard(made)
            if gone and self.bare(self.ways[made]):
                self.marks.trashed.add(made)

    # What must always hold

    @invariant()
    def the_view_is_the_models(self) -> None:
        self.do(self._compare())

    async def _compare(self) -> None:
        view = await self.table.view(self.room)
        shown = self.seen(self.now.path)
        assert list(view.messages) == self.table.page.path(self.room.id), "events told it all"
        assert view.room.branch_id == self.now.id
        assert view.room.message_count == len(shown)
        assert [one.id for one in view.messages] == [node.id for node in shown][-60:]
        for one, node in zip(view.messages, shown[-60:], strict=True):
            ways = self.siblings(node)
            assert one.text == self.marks.text[node.id]
            assert one.hidden == (node.id in self.marks.hidden)
            assert (one.alternative, one.alternatives) == (ways.index(node) + 1, len(ways))
        async with self.table.database.reading() as session:
            await self._compare_for_ai(session)

    async def _compare_branches(self) -> None:
        async with self.table.database.reading() as session:
            await self._compare_each(session)

    async def _compare_each(self, session: Any) -> None:
        for way in self.ways.values():
            stored = await branches.find(session, way.id)
            assert stored is not None
            assert stored.message_count == len(self.seen(way.path))
            path = await messages.newest(session, way.id, 1_000)
            assert [one.id for one in path] == [node.id for node in self.seen(way.path)]

    async def _compare_for_ai(self, session: Any) -> None:
        for_ai = await messages.newest(session, self.now.id, 1_000, for_ai=True)
        told = tuple((one.id, one.text) for one in for_ai)
        key = (tuple(node.id for node in self.now.path), told, self.now.chain()[-1].id)
        name = await timeline_fingerprint(session, self.now.id, len(self.now.path))
        assert self.prints.setdefault(key, name) == name
        assert len(set(self.prints.values())) == len(self.prints)


StoryWalk.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


TestStoryWalk = StoryWalk.TestCase
