"""Rooms as the web version wrote them, as parts: whole replies, and tokens noted beside them."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any

import msgspec

from desktop.formats.parts import AnyPart, Extra, MessagePart, Remark, RoomPart, TurnPart
from desktop.formats.records import (
    MessageRecord,
    RoomRecord,
    UsageRecord,
    encode,
    room_part,
)
from desktop.formats.times import read_time
from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, Usage

_SPOOL = 1 << 20
_EARLY_MS, _LATE_MS = 2_000, 5_000
"""How far the note of an answer's tokens may lie from the answer; both were stored at once."""

ME = Author(kind="user", name="")
ANSWER = Author(kind="narrator", name="")
"""Of a whole reply, until its speakers are split."""


class SeedRoom:
    """Gathers a room whose fields come in any order; the long lists wait in files.

    ``close`` it whatever happens.
    """

    def __init__(self, key: str) -> None:
        self.fields: dict[str, Any] = {}
        self._key = key
        self._messages: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - see close
        self._usages: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - see close

    def add_message(self, record: MessageRecord) -> None:
        self._messages.write(encode(record) + b"\n")

    def add_usage(self, record: UsageRecord) -> None:
        self._usages.write(encode(record) + b"\n")

    def parts(self, record: RoomRecord) -> Iterator[AnyPart]:
        self._messages.seek(0)
        self._usages.seek(0)
        messages = (msgspec.json.decode(line, type=MessageRecord) for line in self._messages)
        usages = (msgspec.json.decode(line, type=UsageRecord) for line in self._usages)
        yield from seed_parts(record, self._key, messages, usages)

    def close(self) -> None:
        self._messages.close()
        self._usages.close()


def seed_parts(
    record: RoomRecord,
    key: str,
    messages: Iterable[MessageRecord],
    usages: Iterable[UsageRecord],
) -> Iterator[AnyPart]:
    """The room, and each reply as a turn with the tokens that were noted when it was stored.

    Both lists are in the order of their times. Tokens that belong to no message that is left
    are kept as turns without one.
    """
    room = room_part(record, key)
    yield room
    context = record.context or {}
    waiting = _Usages(usages, room, str(context.get("ai_provider") or ""), _model(context))
    line, empty, number = "", 0, 0
    for number, one in enumerate(messages, 1):
        if not one.content.strip():
            empty += 1
            continue
        at = UtcMs(one.time) if one.time is not None else read_time(one.timestamp)
        said = MessagePart(room=key, author=ME, text=one.content, key=f"m{number}", created_at=at)
        if one.role == "user":
            line = said.key
            yield said
            continue
        yield from waiting.before(at)
        turn = waiting.turn(f"t{number}", at, one.content, line)
        yield turn
        yield msgspec.structs.replace(said, author=ANSWER, reply=True, turn=turn.key)
    yield from waiting.rest()
    if empty:
        yield Remark(fate="dropped", code="empty_message", where=room.title[:200], count=empty)


def _model(context: Extra) -> str:
    model = context.get("model")
    return model[:200] if isinstance(model, str) else ""


class _Usages:
    """The notes of tokens, taken in step with the replies."""

    def __init__(
        self, usages: Iterable[UsageRecord], room: RoomPart, provider: str, model: str
    ) -> None:
        self._rest = iter(usages)
        self._next: UsageRecord | None = next(self._rest, None)
        self._room = room.key
        self._provider = provider
        self._model = model
        self._lone = 0

    def before(self, at: UtcMs | None) -> Iterator[TurnPart]:
        """Turns for the notes that are too old for a reply of this time."""
        while at is not None and self._next is not None:
            noted = read_time(self._next.timestamp)
            if noted is None or noted >= at - _EARLY_MS:
                return
            yield self._alone()

    def turn(self, key: str, at: UtcMs | None, text: str, line: str) -> TurnPart:
        note = self._next
        noted = read_time(note.timestamp) if note is not None else None
        fits = note is not None and (at is None or noted is None or noted <= at + _LATE_MS)
        taken = self._take() if fits else None
        return TurnPart(
            room=self._room,
            key=key,
            provider=(taken.provider if taken else "") or self._provider,
            model=self._model,
            usage=usage_of(taken.token_info) if taken else Usage(),
            raw=text,
            line=line,
            started_at=at,
        )

    def rest(self) -> Iterator[TurnPart]:
        while self._next is not None:
            yield self._alone()

    def _alone(self) -> TurnPart:
        note = self._take()
        self._lone += 1
        return TurnPart(
            room=self._room,
            key=f"u{self._lone}",
            provider=note.provider or self._provider,
            model=self._model,
            usage=usage_of(note.token_info),
            started_at=read_time(note.timestamp),
        )

    def _take(self) -> UsageRecord:
        note = self._next
        assert note is not None
        self._next = next(self._rest, None)
        return note


_NAMES = {
    "input": ("input_tokens", "prompt_tokens", "input"),
    "output": ("output_tokens", "completion_tokens", "output"),
    "cache_read": ("cache_read_input_tokens", "cache_read_tokens", "cache_read"),
    "cache_write": (
        "cache_creation_input_tokens", "cache_creation_tokens", "cache_write_tokens", "cache_write",
    ),
    "context_window": ("context_window",),
}  # fmt: skip


def usage_of(told: object) -> Usage:
    """Tokens from a note: JSON, as text or not, under any of the names there were."""
    if isinstance(told, str):
        try:
            told = json.loads(told)
        except (ValueError, RecursionError):
            return Usage()
    if not isinstance(told, dict):
        return Usage()
    fields = {name: _first(told, names) for name, names in _NAMES.items()}
    numbers = {name: value for name, value in fields.items() if value is not None}
    if not numbers:
        return Usage()
    return Usage(**numbers, source="reported")


def _first(told: dict[str, Any], names: Iterable[str]) -> int | None:
    for value in chain(told.get(name) for name in names):
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53:
            return value
    return None
