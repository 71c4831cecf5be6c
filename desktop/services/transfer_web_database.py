"""The web version's chatbot.db as a format: its rooms, replies and noted tokens."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from desktop.formats.format import Format
from desktop.formats.parts import AnyPart, Remark, Unreadable
from desktop.formats.records import MessageRecord, RoomRecord, UsageRecord
from desktop.formats.seed_rooms import seed_parts
from desktop.store.driver import Row
from desktop.store.web_database import MAGIC, NotTheirs, WebDatabase, opened

IN_MEMORY = 256_000_000
"""Bytes; a larger file is read from a copy on the disk."""


def _sniff(head: bytes, _: str) -> int:
    return 100 if head.startswith(MAGIC) else 0


def read_web_database(stream: BinaryIO) -> Iterator[AnyPart]:
    try:
        if stream.seek(0, os.SEEK_END) <= IN_MEMORY:
            stream.seek(0)
            # No copy of it comes to lie anywhere.
            with opened(stream.read()) as database:
                yield from _parts(database)
            return
        with tempfile.TemporaryDirectory(prefix="persona-chat-") as folder:
            copy = Path(folder) / "chatbot.db"
            stream.seek(0)
            with copy.open("wb") as file:
                shutil.copyfileobj(stream, file, 1 << 20)
            with opened(copy) as database:
                yield from _parts(database)
    except NotTheirs as error:
        raise Unreadable("malformed", str(error)[:120]) from error


def _parts(database: WebDatabase) -> Iterator[AnyPart]:
    for number, row in enumerate(database.rooms(), 1):
        context = _context(row["context"])
        if context is None:
            yield Remark(fate="dropped", code="context_unreadable", where=_text(row["title"])[:200])
        record = RoomRecord(
            title=_text(row["title"]),
            context=context or {},
            created_at=row["created_at"],
            updated_at=row["updated_at"],
        )
        user, room = row["user_id"], row["room_id"]
        yield from seed_parts(
            record,
            f"r{number}",
            map(_message, database.messages(user, room)),
            map(_usage, database.usages(user, room)),
        )


def _context(told: object) -> dict[str, Any] | None:
    if told is None:
        return {}
    try:
        found = msgspec.json.decode(_text(told))
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _message(row: Row) -> MessageRecord:
    return MessageRecord(
        role=_text(row["role"]), content=_text(row["content"]), timestamp=_text(row["timestamp"])
    )


def _usage(row: Row) -> UsageRecord:
    return UsageRecord(
        provider=_text(row["provider"]),
        token_info=_text(row["token_info"]),
        timestamp=_text(row["timestamp"]),
    )


def _text(value: object) -> str:
    """A database without strict types may hold anything anywhere."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


WEB_DATABASE = Format(
    "web_database",
    (".db", ".sqlite", ".sqlite3"),
    _sniff,
    read_web_database,
    holds=frozenset({"rooms", "messages", "context", "usage"}),
)
