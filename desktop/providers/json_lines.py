"""Read a line of JSON from a program that may say anything: never raises, guesses nothing."""

import json
from typing import Any

import msgspec

Fields = dict[str, Any]


def parsed(line: bytes) -> Fields:
    """The object in a line; empty for everything else, such as a log line between."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        found = _with_lone_surrogates(line)
    return found if isinstance(found, dict) else {}


def _with_lone_surrogates(line: bytes) -> Any:
    # JavaScript writes half an emoji, cut between two deltas, as a lone \\ud83d.
    try:
        return json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def fields(value: Any) -> Fields:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Fields]:
    """The objects in a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int:
    """A count; zero for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value < 2**53 else 0


def number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 2**53 else None
