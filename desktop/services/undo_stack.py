"""What each room can undo and redo until the program ends; the page may come and go meanwhile."""

from collections import defaultdict
from collections.abc import Callable
from typing import Literal, NamedTuple

from desktop.protocol.events import HistoryChanged
from desktop.protocol.story import ActCode, UndoState
from desktop.store.changes import Change

Direction = Literal["undo", "redo"]


class Act(NamedTuple):
    """Something a person did, and what takes it back."""

    code: ActCode
    inverse: tuple[Change, ...]


class _Stack:
    def __init__(self) -> None:
        self.undo: list[Act] = []
        self.redo: list[Act] = []


class UndoStacks:
    """Kept in memory only: what it names is stored, nothing of it is a copy of the story."""

    def __init__(self, emit: Callable[[HistoryChanged], None] = lambda _: None) -> None:
        self._emit = emit
        self._rooms: defaultdict[str, _Stack] = defaultdict(_Stack)

    def state(self, room_id: str) -> UndoState:
        stack = self._rooms[room_id]
        return UndoState(
            undo=stack.undo[-1].code if stack.undo else None,
            redo=stack.redo[-1].code if stack.redo else None,
        )

    def did(self, room_id: str, act: Act) -> None:
        """Something new was done: what had been undone before cannot be redone any more."""
        stack = self._rooms[room_id]
        stack.undo.append(act)
        stack.redo.clear()
        self._tell(room_id)

    def went_on(self, room_id: str) -> None:
        """The story has grown, which is not undone itself, but ends every redo."""
        stack = self._rooms[room_id]
        if stack.redo:
            stack.redo.clear()
            self._tell(room_id)

    def next(self, room_id: str, direction: Direction) -> Act | None:
        stack = getattr(self._rooms[room_id], direction)
        return stack[-1] if stack else None

    def took_back(self, room_id: str, direction: Direction, act: Act) -> None:
        """The next act was undone (or redone); ``act`` is the way back."""
        stack = self._rooms[room_id]
        source, target = (
            (stack.undo, stack.redo) if direction == "undo" else (stack.redo, stack.undo)
        )
        source.pop()
        target.append(act)
        self._tell(room_id)

    def forget(self, room_id: str) -> None:
        self._rooms.pop(room_id, None)

    def _tell(self, room_id: str) -> None:
        state = self.state(room_id)
        self._emit(HistoryChanged(room_id=room_id, undo=state.undo, redo=state.redo))
