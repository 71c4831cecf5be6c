"""A turn as it is printed: live text with names, or one event a line."""

from typing import Protocol

import msgspec

from desktop.protocol.events import (
    AnyEvent,
    MessageAdded,
    MessageChanged,
    MessageGrew,
    MessageRemoved,
    TurnEnded,
)
from desktop.protocol.models import Message, Turn


class Writes(Protocol):
    def write(self, text: str, /) -> object: ...

    def flush(self) -> object: ...


class JsonPrinter:
    """Every event, one a line."""

    def __init__(self, out: Writes) -> None:
        self._out = out

    def show(self, event: AnyEvent) -> None:
        self._out.write(msgspec.json.encode(event).decode() + "\n")
        self._out.flush()


class TextPrinter:
    """``name: text`` as it comes; what is printed cannot be taken back, so that is said."""

    def __init__(self, out: Writes, errors: Writes) -> None:
        self._out = out
        self._errors = errors
        self._open = ""
        """The message whose line is still being written."""
        self._shown: dict[str, str] = {}

    def show(self, event: AnyEvent) -> None:
        if isinstance(event, MessageAdded):
            self._begin(event.message)
        elif isinstance(event, MessageGrew):
            self._grow(event.message_id, event.text)
        elif isinstance(event, MessageChanged):
            self._settle(event.message)
        elif isinstance(event, MessageRemoved) and event.message_id in self._shown:
            self._end_line()
            self._out.write("(taken back)\n")
        elif isinstance(event, TurnEnded):
            self._end_line()
            self._tell(event.turn)
        self._out.flush()

    def _begin(self, message: Message) -> None:
        self._end_line()
        self._out.write(f"{printable(message.author.name)}: {printable(message.text)}")
        self._shown[message.id] = message.text
        self._open = message.id
        if message.author.kind == "dice":
            self._end_line()

    def _grow(self, message_id: str, text: str) -> None:
        self._shown[message_id] = self._shown.get(message_id, "") + text
        if message_id == self._open:
            self._out.write(printable(text))

    def _settle(self, message: Message) -> None:
        """Print what the stored text has more than was streamed, and its end."""
        shown = self._shown.get(message.id)
        if shown is None:
            return
        if message.id == self._open and message.text.startswith(shown):
            self._out.write(printable(message.text[len(shown) :]))
            self._shown[message.id] = message.text
        if message.status not in {"complete", "streaming"}:
            self._out.write(f" ({message.status})")

    def _end_line(self) -> None:
        if self._open:
            self._out.write("\n")
            self._open = ""

    def _tell(self, turn: Turn) -> None:
        if turn.problem is not None:
            problem = turn.problem
            detail = f": {printable(problem.detail)}" if problem.detail else ""
            self._errors.write(f"{turn.outcome}, {problem.code}{detail}\n")
        elif turn.outcome != "complete":
            self._errors.write(f"{turn.outcome}\n")


def printable(text: str) -> str:
    """The text without control characters, which could command the terminal."""
    return "".join(c if c in "\n\t" or ord(c) > 0x9F or 0x20 <= ord(c) < 0x7F else "" for c in text)
