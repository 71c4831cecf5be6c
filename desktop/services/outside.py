"""What every service takes from outside: the clock, fresh ids, the way out for events and bugs."""

import secrets
import time
from collections.abc import Callable
from typing import Protocol

from desktop.protocol.base import UtcMs
from desktop.protocol.events import AnyEvent

Emit = Callable[[AnyEvent], None]
"""Hands an event on; called on the loop, never waits."""

NewId = Callable[[], str]

ReportBug = Callable[[BaseException, str], str]
"""Writes an exception and what was being done to the log; returns the log id."""


class Clock(Protocol):
    """Two clocks: one that tells the date, one that only ever goes forward."""

    def now_ms(self) -> UtcMs: ...

    def monotonic_ms(self) -> int: ...


class SystemClock:
    """The machine's own clocks."""

    def now_ms(self) -> UtcMs:
        return UtcMs(time.time_ns() // 1_000_000)

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000


def fresh_id() -> str:
    """32 hexadecimal digits: the time in milliseconds in front, 80 bits by chance behind.

    In the order of their making, ids come to lie side by side in the database's indexes.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
