"""Of a room's parts the one path that a chat without branches can tell, forks as alternatives."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from desktop.formats.parts import AnyPart, BranchPart, MessagePart, RoomPart, TurnPart, Unreadable


class Told(NamedTuple):
    room: RoomPart
    messages: list[MessagePart]
    turns: dict[str, TurnPart]


def told_path(parts: Iterable[AnyPart]) -> Told:
    """The first room's current path. Raises ``Unreadable`` (``not_known``) if there is none."""
    room: RoomPart | None = None
    branches: dict[str, BranchPart] = {}
    messages: list[MessagePart] = []
    turns: dict[str, TurnPart] = {}
    for part in parts:
        match part:
            case RoomPart():
                room = room or part
            case BranchPart() if room is not None and part.room == room.key:
                branches[part.key] = part
            case MessagePart() if room is not None and part.room == room.key:
                messages.append(part)
            case TurnPart():
                turns[part.key] = part
            case _:
                pass
    if room is None:
        raise Unreadable("not_known", "room")
    return Told(room, list(_Tree(branches, messages).path(room.current_branch)), turns)


class _Tree:
    def __init__(self, branches: dict[str, BranchPart], messages: list[MessagePart]) -> None:
        self._branches = branches
        self._own: dict[str, dict[int, MessagePart]] = {}
        for one in messages:
            own = self._own.setdefault(one.branch, {})
            last = max(own, default=self._fork(one.branch))
            own[one.position or last + 1] = one

    def path(self, current: str) -> Iterator[MessagePart]:
        line = self._line(current)
        ranges = self._ranges(line)
        before = ""
        for branch, upto in ranges:
            for position in sorted(self._own.get(branch, {})):
                if self._fork(branch) < position <= upto:
                    one = self._own[branch][position]
                    others = self._beside(one, before or branch, position)
                    yield replace(one, alternatives=(*one.alternatives, *others))
                    before = branch

    def _fork(self, branch: str) -> int:
        found = self._branches.get(branch)
        return found.fork_position if found is not None and found.parent else 0

    def _line(self, current: str) -> list[str]:
        """The branches from the root to the one the room stands on."""
        roots = [key for key, one in self._branches.items() if not one.parent]
        known = [*self._branches, *self._own]
        start = current if current in known else (roots or known or [""])[0]
        line = [start]
        while (found := self._branches.get(line[-1])) and found.parent and found.parent not in line:
            line.append(found.parent)
        return line[::-1]

    def _ranges(self, line: list[str]) -> list[tuple[str, float]]:
        ends = [float("inf")] * len(line)
        for at in range(len(line) - 2, -1, -1):
            ends[at] = min(ends[at + 1], self._fork(line[at + 1]))
        return list(zip(line, ends, strict=True))

    def _owner(self, branch: str, position: int) -> str:
        """The branch that a position of a path belongs to."""
        seen = set()
        while (found := self._branches.get(branch)) and found.parent and branch not in seen:
            if position > found.fork_position:
                break
            seen.add(branch)
            branch = found.parent
        return branch

    def _beside(self, one: MessagePart, before: str, position: int) -> Iterator[str]:
        """The texts in the place of this one on other branches."""
        owner = self._owner(before, position - 1)
        candidates = [owner]
        candidates += [
            key
            for key, branch in self._branches.items()
            if branch.parent
            and branch.fork_position == position - 1
            and self._owner(branch.parent, position - 1) == owner
        ]
        for key in candidates:
            other = self._own.get(key, {}).get(position)
            if other is not None and other is not one and other.text != one.text:
                yield other.text
