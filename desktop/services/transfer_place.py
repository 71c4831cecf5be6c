"""Where in a room what is brought in comes to stand, and what a room has already."""

from hashlib import blake2b


class Onto:
    """The place in a room that is already there at which a file's room goes on."""

    def __init__(
        self, room_id: str, branch_id: str, position: int, count: int, known: "Known | None"
    ) -> None:
        self.room_id = room_id
        self.branch_id = branch_id
        self.position = position
        self.count = count
        """Messages on the path up to there."""
        self.known = known
        """What it has already; ``None`` takes everything."""


class Known:
    """The messages a path has, to be recognised by speaker, text and second."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def add(self, name: str, text: str, at: int) -> None:
        self._seen.add(_mark(name, text, at // 1000))
        self._seen.add(_mark(name, text, -1))

    def has(self, name: str, text: str, at: int | None) -> bool:
        return _mark(name, text, -1 if at is None else at // 1000) in self._seen


def _mark(name: str, text: str, second: int) -> bytes:
    return blake2b(f"{second}\0{name}\0{text}".encode(), digest_size=10).digest()


class Run:
    """A branch as far as it has been stored."""

    def __init__(
        self, row_id: str, parent: "Run | None", fork: int, shift: int, count: int
    ) -> None:
        self.id = row_id
        self.parent = parent
        self.fork = fork
        self.tip = fork
        self.told = fork - shift
        """The last position of the file that stands on it."""
        self.shifts = [(self.told, shift)]
        """From which position of the file on positions are moved by how much."""
        self.count = count
        self.at_fork = count

    def place(self, told: int) -> int:
        """Where a position of the file's came to stand."""
        if told >= self.told:
            return self.tip
        for start, shift in reversed(self.shifts):
            if told >= start:
                return max(self.fork, min(told + shift, self.tip))
        return self.fork
