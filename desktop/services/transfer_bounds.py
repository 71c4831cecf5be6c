"""Times, numbers and names of a file, kept within what our own tables hold."""

import re

from desktop.formats.times import LATEST
from desktop.protocol.base import UtcMs
from desktop.services.plain_text import storable

MOST_NAME = 200
_ID = re.compile(r"[A-Za-z0-9_-]{0,64}")
MOST_TOKENS = 1 << 53


def bounded(at: UtcMs | None) -> UtcMs | None:
    return at if at is not None and 0 <= at <= LATEST else None


def span(value: int | None) -> int | None:
    return value if value is not None and 0 <= value < MOST_TOKENS else None


def clean_name(name: str) -> str:
    return " ".join(storable(name).split())[:MOST_NAME]


def clean_id(name: str) -> str:
    return name if _ID.fullmatch(name) else ""
