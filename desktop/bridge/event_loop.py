"""The one asyncio loop, on a thread of its own, and the only way onto it."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopStopped(Exception):
    """The loop has ended or is ending; the work was not done."""


class EventLoop:
    """Start it once, stop it once; everything in between may come from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="event-loop", daemon=True)
        self._guard = threading.Lock()
        self._open = False

    def start(self) -> None:
        with self._guard:
            self._open = True
        self._thread.start()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin work on the loop and return at once. Raises ``LoopStopped``."""
        with self._guard:
            if self._open:
                return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        coroutine.close()
        raise LoopStopped

    def call(self, coroutine: Coroutine[Any, Any, T], timeout_s: float | None = None) -> T:
        """Do work on the loop and wait for it; never from the loop's own thread.

        Raises what the work raises, ``TimeoutError`` after ``timeout_s`` seconds (the work is
        cancelled then) and ``LoopStopped``.
        """
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("the loop cannot wait for itself")
        future = self.submit(coroutine)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            future.cancel()
            raise

    def stop(self, grace_s: float = 5.0) -> bool:
        """Cancel what still runs and end the thread. True when all ended within ``grace_s``."""
        with self._guard:
            was_open, self._open = self._open, False
        if was_open:
            self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread.ident is not None:
            self._thread.join(grace_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._end_tasks()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _end_tasks(self) -> None:
        # A future whose loop has gone is never settled, and its thread would wait for ever.
        # Tasks may be begun by other tasks that are being cancelled.
        while tasks := asyncio.all_tasks(self._loop):
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
