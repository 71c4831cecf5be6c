"""Events on their way to the page: numbered, gathered, at most one push per display frame."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from desktop.bridge.batch import MAX_BATCH_EVENTS, merged, script, weight
from desktop.protocol.events import AnyEvent

FRAME_S = 0.016
MAX_WAITING = 20_000
MAX_WAITING_CHARS = 8_000_000
MAX_BATCH_CHARS = 256_000
RELOAD = "window.location.reload()"

Push = Callable[[str], object]
"""Runs JavaScript in the page and waits for it."""

logger = logging.getLogger(__name__)


class Outbox:
    """Every event gets a number; a page that has opened gets every event after its opening.

    A page learns everything up to a number from ``app.open`` and the rest from batches, so
    ``opened`` may drop what still waits: the page is being told it anyway. Before the first
    opening nothing is kept at all. A page that falls too far behind is reloaded, which makes it
    open again; memory stays bounded.
    """

    def __init__(self, frame_s: float = FRAME_S, max_waiting: int = MAX_WAITING) -> None:
        self._frame_s = frame_s
        self._max_waiting = max_waiting
        self._changed = threading.Condition()
        self._waiting: deque[AnyEvent] = deque()
        self._chars = 0
        self._sequence = 0
        self._marks: list[int] = []
        self._listening = False
        self._lost = False
        self._sender = 0
        """Which sender may send; a sender with another number is left over and ends."""
        self._push: Push | None = None

    def mark(self) -> int:
        """The number of the newest event, for a snapshot that holds everything up to it.

        No batch will reach across the mark, so to the page a batch is either older or newer.
        """
        with self._changed:
            if self._waiting and self._marks[-1:] != [self._sequence]:
                self._marks.append(self._sequence)
            return self._sequence

    def emit(self, event: AnyEvent) -> None:
        """Number an event and queue it; never waits for the page."""
        with self._changed:
            self._sequence += 1
            if not self._listening:
                return
            self._waiting.append(event)
            self._chars += weight(event)
            if len(self._waiting) > self._max_waiting or self._chars > MAX_WAITING_CHARS:
                self._forget()
                self._listening, self._lost = False, True
            self._changed.notify_all()

    def opened(self) -> int:
        """A page opens now: the number up to which the answer must tell it everything."""
        with self._changed:
            self._forget()
            self._listening, self._lost = True, False
            return self._sequence

    def hush(self) -> None:
        """Drop what the page was owed, and tell it nothing until it opens again."""
        with self._changed:
            self._forget()
            self._listening, self._lost = False, False

    def start(self, push: Push) -> None:
        """Begin to send, or begin anew when the page behind the last ``push`` has died.

        A push into a dead page may never return; its thread is then left behind.
        """
        with self._changed:
            self._push = push
            self._sender += 1
            number = self._sender
            self._changed.notify_all()
        threading.Thread(
            target=self._send_all, args=(push, number), name=f"outbox-{number}", daemon=True
        ).start()

    def restart(self) -> None:
        """The page has died: forget what it was owed and send through a new thread."""
        with self._changed:
            push = self._push
            self._forget()
            self._listening = False
        if push is not None:
            self.start(push)

    def stop(self) -> None:
        """End sending; a push that is under way is not waited for."""
        with self._changed:
            self._push = None
            self._sender += 1
            self._listening = False
            self._forget()
            self._changed.notify_all()

    def _forget(self) -> None:
        self._waiting.clear()
        self._marks.clear()
        self._chars = 0

    def _send_all(self, push: Push, number: int) -> None:
        while (code := self._next(number)) is not None:
            started = time.monotonic()
            try:
                push(code)
            except Exception:
                # The page is gone or not there yet; the next one opens and asks.
                logger.warning("a push did not reach the page", exc_info=True)
            time.sleep(max(0.0, self._frame_s - (time.monotonic() - started)))

    def _next(self, number: int) -> str | None:
        """Wait for something to send. None when this sender is no longer the one."""
        with self._changed:
            self._changed.wait_for(lambda: self._sender != number or self._waiting or self._lost)
            if self._sender != number:
                return None
            if self._lost:
                self._lost = False
                return RELOAD
            events, last = self._take()
        return script(merged(events), last)

    def _take(self) -> tuple[list[AnyEvent], int]:
        """The oldest events that make one push, and the number of the last of them."""
        first = self._sequence - len(self._waiting)
        reach = (self._marks[0] if self._marks else self._sequence) - first
        events: list[AnyEvent] = []
        chars = 0
        while len(events) < min(reach, MAX_BATCH_EVENTS) and chars < MAX_BATCH_CHARS:
            event = self._waiting.popleft()
            chars += weight(event)
            events.append(event)
        self._chars -= chars
        if len(events) == reach and self._marks:
            self._marks.pop(0)
        return events, first + len(events)
