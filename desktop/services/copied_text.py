"""A file in memory for text that goes to the clipboard, and no further than it should."""

import io

from desktop.protocol.problems import Trouble, problem

MOST_BYTES = 6_000_000
"""Some two million Korean letters; who wants more wants a file."""


class TextFile(io.BytesIO):
    """Raises ``Trouble(too_long)`` when more is written than a clipboard should hold."""

    def write(self, data: object, /) -> int:
        written = super().write(data)  # type: ignore[arg-type]
        if self.tell() > MOST_BYTES:
            raise Trouble(problem("too_long"))
        return written

    def text(self) -> str:
        return self.getvalue().decode()
