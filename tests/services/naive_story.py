"""A naive model of a story: each branch with its whole path, and all that undo brings back."""


class Node:
    def __init__(self, number: int, message_id: str) -> None:
        self.number, self.id = number, message_id


class Way:
    """A branch with its whole path as a plain list."""

    def __init__(self, branch_id: str, parent: "Way | None", path: list[Node], used: int) -> None:
        self.id, self.parent, self.used = branch_id, parent, used
        self.path, self.fork = path, len(path)

    def chain(self) -> "list[Way]":
        return [self, *(self.parent.chain() if self.parent else [])]


class Marks:
    """Everything that undo brings back."""

    def __init__(self) -> None:
        self.text: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.hidden: set[str] = set()
        self.trashed: set[str] = set()
        self.cut: dict[str, int] = {}
        self.slots: tuple[str, ...] = ()
        self.now = ""
