"""Writes our JSON and NDJSON from the parts as they come."""

import shutil
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from desktop.formats.parts import (
    AnyPart,
    BranchPart,
    MessagePart,
    RoomPart,
    TurnPart,
)
from desktop.formats.records import (
    FORMAT,
    FORMAT_VERSION,
    SEED_VERSION,
    TYPE_OF,
    RoomRecord,
    encode,
    item_line,
    message_record,
    usage_record,
)
from desktop.formats.seed_context import context_of
from desktop.formats.times import Stamps, iso
from desktop.protocol.base import UtcMs

_SPOOL = 1 << 20
_FAR = 1 << 62


class _Path:
    """Which places of a room's tree lie on the path it shows."""

    def __init__(self, current: str) -> None:
        self._current = current
        self._parents: dict[str, tuple[str, int]] = {}
        self._upto: dict[str, int] | None = None

    def add(self, part: BranchPart) -> None:
        self._parents[part.key] = (part.parent, part.fork_position)

    def holds(self, part: MessagePart) -> bool:
        if not self._parents:
            return True
        if self._upto is None:
            self._upto = self._ranges()
        return part.position <= self._upto.get(part.branch, 0)

    def _ranges(self) -> dict[str, int]:
        upto: dict[str, int] = {}
        key, last = self._current or next(iter(self._parents)), _FAR
        while key in self._parents and key not in upto:
            upto[key] = last
            key, fork = self._parents[key]
            last = min(last, fork)
        return upto


def room_record(part: RoomPart, kind: str = "") -> RoomRecord:
    return RoomRecord(
        type=kind,
        room_id=part.key,
        title=part.title,
        context=context_of(part.stage) if part.stage else part.context,
        stage=part.stage,
        created_at=part.created_at,
        updated_at=part.updated_at,
        archived_at=part.archived_at,
        draft=part.draft,
        sort_order=part.sort_order,
        current_branch=part.current_branch,
        extra=part.extra,
    )


def header(now: UtcMs, kind: str) -> dict[str, object]:
    """``kind`` is ``selected``: of its own kinds the web version could only bring that one in."""
    return {
        "version": SEED_VERSION,
        "export_type": kind,
        "exported_at": iso(now),
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
    }


def write_ndjson(parts: Iterable[AnyPart], out: BinaryIO, now: Callable[[], UtcMs]) -> None:
    """``meta``, then each room with what belongs to it, then ``end``; one record a line."""
    told = {"type": "meta", **header(now(), "selected"), "scope": "selected"}
    include = ["context", "messages", "token_usage"]
    out.write(encode({**told, "include": include}) + b"\n")
    stamps, path, room, rooms = Stamps(), _Path(""), "", 0
    for part in parts:
        if type(part) is MessagePart:
            kind = "message" if path.holds(part) else "alternative"
            out.write(encode(message_record(part, stamps, kind)))
        elif isinstance(part, RoomPart):
            path, room, rooms = _Path(part.current_branch), part.key, rooms + 1
            out.write(encode(room_record(part, "room")))
        else:
            if isinstance(part, BranchPart):
                path.add(part)
            elif isinstance(part, TurnPart) and (used := usage_record(part, room, stamps)):
                out.write(encode(used) + b"\n")
            out.write(item_line(part))
        out.write(b"\n")
    out.write(encode({"type": "end", "rooms": rooms}) + b"\n")


class _Lists:
    """The lists of one room, each in a file of its own until the room ends."""

    def __init__(self) -> None:
        self._spools: dict[str, SpooledTemporaryFile[bytes]] = {}

    def add(self, name: str, raw: bytes) -> None:
        spool = self._spools.get(name)
        if spool is None:
            spool = self._spools[name] = SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - see close
            spool.write(raw)
        else:
            spool.write(b",\n" + raw)

    def has(self, name: str) -> bool:
        return name in self._spools

    def pour(self, out: BinaryIO, names: Iterable[str]) -> None:
        for name in names:
            spool = self._spools.pop(name, None)
            if spool is not None:
                with spool:
                    out.write(b',"%b":[\n' % name.encode())
                    spool.seek(0)
                    shutil.copyfileobj(spool, out, _SPOOL)
                    out.write(b"]")

    def close(self) -> None:
        for spool in self._spools.values():
            spool.close()


ROOM_LISTS = {
    "branches": "branch",
    "turns": "turn",
    "messages": "message",
    "alternatives": "alternative",
    "token_usage": "token_usage",
    "rolls": "roll",
    "slots": "slot",
    "summaries": "summary",
}
"""A room's lists in the order in which they are written, and what stands in each."""
FILE_LISTS = {"library": "library", "pictures": "picture", "assets": "asset", "remarks": "remark"}
_LIST_OF = {kind: name for name, kind in (ROOM_LISTS | FILE_LISTS).items()}


def write_json(parts: Iterable[AnyPart], out: BinaryIO, now: Callable[[], UtcMs]) -> None:
    """One object in the web version's shape, with our own keys beside the documented ones."""
    lists = _Lists()
    try:
        _write_json(parts, out, now, lists)
    finally:
        lists.close()


def _write_json(
    parts: Iterable[AnyPart], out: BinaryIO, now: Callable[[], UtcMs], lists: _Lists
) -> None:
    out.write(encode(header(now(), "selected"))[:-1] + b',"rooms":[')
    stamps, path, room = Stamps(), _Path(""), ""
    started = False
    for part in parts:
        if type(part) is MessagePart:
            kind = "messages" if path.holds(part) else "alternatives"
            lists.add(kind, encode(message_record(part, stamps, "")))
        elif isinstance(part, RoomPart):
            if started:
                _end_room(lists, out)
            out.write(b",\n" if started else b"\n")
            out.write(encode(room_record(part))[:-1])
            path, room, started = _Path(part.current_branch), part.key, True
        else:
            if isinstance(part, BranchPart):
                path.add(part)
            elif isinstance(part, TurnPart) and (used := usage_record(part, room, stamps)):
                lists.add("token_usage", encode(used))
            lists.add(_LIST_OF[TYPE_OF[type(part)]], encode(part))
    if started:
        _end_room(lists, out)
    out.write(b"]")
    lists.pour(out, FILE_LISTS)
    out.write(b"}\n")


def _end_room(lists: _Lists, out: BinaryIO) -> None:
    # A room that nothing was said in has its list all the same: readers look for it.
    lists.pour(out, ("branches", "turns"))
    if not lists.has("messages"):
        out.write(b',"messages":[]')
    lists.pour(out, ROOM_LISTS)
    out.write(b"}")
