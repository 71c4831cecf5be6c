"""Times as files spell them, and ours as the web version spelt them."""

import re
from datetime import UTC, datetime

from desktop.protocol.base import UtcMs

LATEST = 253_402_300_799_999
"""The last millisecond of the year 9999."""

_SPELT = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,6}))?)?")
_DAY_MS = 86_400_000


def read_time(value: object) -> UtcMs | None:
    """A time in one of the usual spellings, UTC where it names no zone; ``None`` if it is none.

    Numbers are seconds or milliseconds since 1970, whichever gives a date in living memory.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value)
    return _from_text(value) if isinstance(value, str) else None


def _from_number(value: float) -> UtcMs | None:
    if not 0 < value < LATEST:
        return None
    return UtcMs(int(value * 1000)) if value < 100_000_000_000 else UtcMs(int(value))


def _from_text(text: str) -> UtcMs | None:
    text = text.strip()
    found = _SPELT.fullmatch(text.removesuffix("Z"))
    try:
        if found:
            year, month, day, hour, minute, second = (int(one or 0) for one in found.groups()[:6])
            at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            rest = int((found[7] or "").ljust(3, "0")[:3] or 0)
            return _bounded(int(at.timestamp()) * 1000 + rest)
        told = datetime.fromisoformat(text)
        return _bounded(int(told.replace(tzinfo=told.tzinfo or UTC).timestamp() * 1000))
    except (ValueError, OverflowError):
        return None


def _bounded(at: int) -> UtcMs | None:
    return UtcMs(at) if 0 < at <= LATEST else None


class Stamps:
    """Writes ``2025-12-01 09:00:00`` in UTC, remembering the day it was last asked for."""

    def __init__(self) -> None:
        self._day = -1
        self._date = ""

    def of(self, at: int) -> str:
        day, rest = divmod(at, _DAY_MS)
        if day != self._day:
            self._date = datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d ")
            self._day = day
        seconds = rest // 1000
        return f"{self._date}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
