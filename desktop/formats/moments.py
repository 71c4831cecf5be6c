"""Reads the times that chat programs have written over the years, and writes one of them."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from desktop.protocol.base import UtcMs

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799_999
"""The end of the year 9999 in milliseconds."""
_HUMAN = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})\s*@\s*(\d{1,2})h\s*(\d{1,2})m(?:\s*(\d{1,2})s)?(?:\s*(\d{1,3})ms)?"
)
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS = {name[:3].lower(): at + 1 for at, name in enumerate(_MONTH_NAMES)}
_WORDY = re.compile(
    r"(?:[a-z]{3,9},\s*)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"
    r"(?:,?\s*(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])\.?m\.?|,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(\d{4})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})\.?[T\s]*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])\.?m\.?", re.IGNORECASE)


def moment(value: Any, zone: tzinfo | None = None) -> UtcMs | None:
    """The time that a file means, or ``None`` if it cannot be told; never an error.

    Read: milliseconds and seconds since 1970 (as numbers or digits), ISO 8601, ``2024-7-28
    @15h 46m 26s 123ms`` with and without spaces, ``January 1, 2026 12:00pm``, ``Jan 1st 2026``.
    A time without a zone is meant in ``zone``; ``None`` is that of this computer.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _counted(value)
    if not isinstance(value, str) or len(value) > 100:
        return None
    written = value.strip()
    if re.fullmatch(r"-?\d{9,17}(?:\.\d+)?", written, re.ASCII):
        return _counted(float(written))
    try:
        found = _human(written) or _numeric(written) or _wordy(written)
        return None if found is None else _ms(found, zone)
    except (ValueError, OverflowError, OSError):
        return None


def iso(at: UtcMs) -> str:
    """``2026-01-01T12:00:00.000Z``, which all of today's programs read."""
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds")[:-6] + "Z"


def human(at: UtcMs) -> str:
    """``2026-01-01@12h00m00s``, SillyTavern's name of a chat; in UTC."""
    return (_EPOCH + timedelta(milliseconds=at)).strftime("%Y-%m-%d@%Hh%Mm%Ss")


def _counted(value: float) -> UtcMs | None:
    if value != value or abs(value) > 1e18:
        return None
    # Seconds until the year 5138, which in milliseconds is 1973: nobody chatted then.
    ms = value * 1000 if abs(value) < 100_000_000_000 else value
    return UtcMs(int(ms)) if 0 < ms <= _LAST else None


def _ms(found: datetime, zone: tzinfo | None) -> UtcMs | None:
    if found.tzinfo is None and zone is not None:
        found = found.replace(tzinfo=zone)
    # Without a zone astimezone takes this computer's.
    ms = (found.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)
    return UtcMs(ms) if 0 <= ms <= _LAST else None


def _human(written: str) -> datetime | None:
    match = _HUMAN.fullmatch(written)
    if match is None:
        return None
    year, month, day, hour, minute, second, ms = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second, ms * 1000)  # noqa: DTZ001


def _numeric(written: str) -> datetime | None:
    match = _NUMERIC.match(written)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    micro = int((match[7] or "0").ljust(6, "0")[:6])
    if rest := _CLOCK.search(written, match.end(3)):
        hour, minute, second = _twelve(rest[1], rest[4]), int(rest[2]), int(rest[3] or 0)
    found = datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001
    return found if match[8] is None else found.replace(tzinfo=_zone(match[8]))


def _zone(written: str) -> tzinfo:
    if written == "Z":
        return UTC
    zone = datetime.strptime(written.replace(":", ""), "%z").tzinfo
    return UTC if zone is None else zone


def _wordy(written: str) -> datetime | None:
    match = _WORDY.match(written)
    if match is None or match[1][:3].lower() not in _MONTHS:
        return None
    hour = _twelve(match[4], match[7]) if match[4] else int(match[8] or 0)
    minute, second = int(match[5] or match[9] or 0), int(match[6] or match[10] or 0)
    month = _MONTHS[match[1][:3].lower()]
    return datetime(int(match[3]), month, int(match[2]), hour, minute, second)  # noqa: DTZ001


def _twelve(hour: str, half: str) -> int:
    return int(hour) % 12 + (12 if half.lower() == "p" else 0)


def wordy(at: UtcMs) -> str:
    """``January 1, 2026 12:00PM``, as Roll20 writes it; in UTC."""
    when = _EPOCH + timedelta(milliseconds=at)
    clock = f"{(when.hour % 12) or 12}:{when.minute:02d}{'AM' if when.hour < 12 else 'PM'}"
    return f"{_MONTH_NAMES[when.month - 1]} {when.day}, {when.year} {clock}"
