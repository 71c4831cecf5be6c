"""Cut a stream of bytes into server-sent events; pure, and the same for any slicing."""

import re
from typing import NamedTuple

MAX_LINE_BYTES = 1024 * 1024
MAX_EVENT_BYTES = 4 * 1024 * 1024

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


class ServerSentEvent(NamedTuple):
    """``event`` is ``message`` where the server named none."""

    event: str
    data: str


class EventTooLong(Exception):
    """A line or an event grew beyond its bound; whoever sends that is not talking to us."""


class SseParser:
    """Feed bytes, get events. Comments, ids and retry times are read over.

    Lines are found before anything is decoded, so a character cut in two is whole again.
    """

    def __init__(self, max_line: int = MAX_LINE_BYTES, max_event: int = MAX_EVENT_BYTES) -> None:
        self._max_line = max_line
        self._max_event = max_event
        self._line = bytearray()
        self._after_cr = False
        self._first = True
        self._name = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, block: bytes) -> list[ServerSentEvent]:
        """Raises ``EventTooLong``; nothing may be fed after that."""
        start = 1 if self._after_cr and block.startswith(b"\n") else 0
        if block:
            self._after_cr = block.endswith(b"\r")
        events: list[ServerSentEvent] = []
        for end in _LINE_END.finditer(block, start):
            self._hold(block[start : end.start()])
            start = end.end()
            event = self._line_ended()
            if event:
                events.append(event)
        self._hold(block[start:])
        return events

    def finish(self) -> list[ServerSentEvent]:
        """The event a server left open when it closed; many leave out the last blank line."""
        events = [self._line_ended()] if self._line else []
        return [event for event in (*events, self._dispatch()) if event]

    def _hold(self, piece: bytes) -> None:
        if len(self._line) + len(piece) > self._max_line:
            raise EventTooLong
        self._line += piece

    def _line_ended(self) -> ServerSentEvent | None:
        line = bytes(self._line)
        self._line.clear()
        if self._first:
            line = line.removeprefix(_BOM)
            self._first = False
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        text = value.removeprefix(b" ").decode("utf-8", "replace")
        if name == b"event":
            self._name = text
        elif name == b"data":
            self._size += len(value)
            if self._size > self._max_event:
                raise EventTooLong
            self._data.append(text)
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        event = ServerSentEvent(self._name or "message", "\n".join(self._data))
        told = bool(self._data)
        self._name, self._data, self._size = "", [], 0
        return event if told else None
