"""Lines of JSON-RPC, the common ground of two CLIs: one message a line, both ways."""

import json
from typing import Any

import msgspec

Message = dict[str, Any]


def line(**message: Any) -> bytes:
    """One message as a line to write, in ASCII so that no newline look-alike can split it."""
    return json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n"


def message(text: bytes) -> Message | None:
    """The message in a line, or ``None`` if the line is something else, such as a warning."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def part(message: Message, *path: str) -> Message:
    """The object at a path inside a message; empty if it is missing or anything else."""
    found: Any = message
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def words(message: Message, name: str) -> str:
    """The string under a name; empty if it is missing or no string."""
    found = message.get(name)
    return found if isinstance(found, str) else ""


def count(message: Message, name: str) -> int:
    """The number under a name; 0 if it is missing or no number that counts something."""
    found = message.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0
