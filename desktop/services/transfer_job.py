"""A job that takes its time: how far it is, when it will end, and the order to stop."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from desktop.protocol.events import TransferEnded, TransferProgressed
from desktop.protocol.transfer import TransferJob
from desktop.services.outside import Clock, Emit

TELL_EVERY_S = 0.3


class Stopped(Exception):
    """The person wants it no more."""


class Job:
    """Its numbers may be set from any thread; what is told goes out on the loop."""

    def __init__(self, told: TransferJob, emit: Emit, clock: Clock) -> None:
        self.told = told
        self.share: Callable[[], float] = lambda: 0.0
        self._emit = emit
        self._clock = clock
        self._begun = clock.monotonic_ms()
        self._stop = threading.Event()
        self._ended = asyncio.Event()
        self._ticking = asyncio.create_task(self._tick(), name="tell of a transfer")

    def stop(self) -> None:
        self._stop.set()

    def check(self) -> None:
        """Raises ``Stopped`` once the job is to end."""
        if self._stop.is_set():
            raise Stopped

    def count(self, **numbers: int) -> None:
        self.told = replace(self.told, **numbers)

    async def end(self, told: TransferJob) -> None:
        self._ticking.cancel()
        with suppress(asyncio.CancelledError):
            await self._ticking
        self.told = told
        self._emit(TransferEnded(job=told))
        self._ended.set()

    async def wait(self) -> TransferJob:
        await self._ended.wait()
        return self.told

    def now(self) -> TransferJob:
        """As it stands, with the time that is left at this pace."""
        share = min(max(self.share(), 0.0), 1.0)
        spent = self._clock.monotonic_ms() - self._begun
        left = int(spent / share * (1 - share) / 1000) if share > 0.02 and spent > 1000 else None
        return replace(self.told, share=share, seconds_left=left)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            self._emit(TransferProgressed(job=self.now()))
