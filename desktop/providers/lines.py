"""Cut a stream of bytes into lines, of any length up to a bound."""

MAX_LINE_BYTES = 64 * 1024 * 1024


class LineTooLong(Exception):
    """A line grew beyond the bound; whoever writes such a line is not talking to us."""


class LineCutter:
    """Feed blocks, get whole lines without their newline. Blank lines are dropped."""

    def __init__(self, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._max = max_bytes
        self._pieces: list[bytes] = []
        self._held = 0

    def feed(self, block: bytes) -> list[bytes]:
        """Raises ``LineTooLong``; nothing may be fed after that."""
        *whole, rest = block.split(b"\n")
        lines = [self._complete(piece) for piece in whole]
        self._hold(rest)
        return [line for line in lines if line.strip()]

    def finish(self) -> list[bytes]:
        """What was left without a newline when the stream ended: at most one line."""
        line = self._complete(b"")
        return [line] if line.strip() else []

    def _hold(self, piece: bytes) -> None:
        self._held += len(piece)
        if self._held > self._max:
            self._pieces.clear()
            raise LineTooLong(self._held)
        if piece:
            self._pieces.append(piece)

    def _complete(self, piece: bytes) -> bytes:
        self._hold(piece)
        line = b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        return line.removesuffix(b"\r")
