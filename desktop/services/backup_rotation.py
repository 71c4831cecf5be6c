"""Which backups are kept: pure arithmetic over the days of a calendar."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from desktop.protocol.base import UtcMs

WEEKS = 4
MONTHS = 12
NEWEST = 3
"""Kept whatever their day: the ones before today's imports are among them."""


class Made(NamedTuple):
    id: str
    made_at: UtcMs


def kept(made: Iterable[Made], days: int, zone: tzinfo | None = None) -> set[str]:
    """Ids of those that stay: the last of each of the newest days, weeks and months there are.

    ``zone`` is whose calendar counts; without one the machine's.
    """
    newest_first = sorted(made, key=lambda each: (each.made_at, each.id), reverse=True)
    stay = {each.id for each in newest_first[:NEWEST]}
    for form, most in (("%Y-%m-%d", days), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        seen: dict[str, str] = {}
        for each in newest_first:
            seen.setdefault(calendar(each.made_at, form, zone), each.id)
        stay.update(list(seen.values())[:most])
    return stay


def calendar(at: UtcMs, form: str = "%Y-%m-%d", zone: tzinfo | None = None) -> str:
    """The moment's day, or week, or month."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).strftime(form)
