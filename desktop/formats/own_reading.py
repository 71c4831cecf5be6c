"""Reads our JSON and NDJSON, and every JSON and NDJSON the web version wrote or documented."""

from collections.abc import Generator, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec.structs import replace

from desktop.formats.json_stream import MOST_CHARACTERS, JsonCursor
from desktop.formats.own_writing import FILE_LISTS, ROOM_LISTS
from desktop.formats.parts import AnyPart, MessagePart, Remark, Unreadable
from desktop.formats.records import (
    FORMAT,
    FORMAT_VERSION,
    ITEMS,
    MESSAGE,
    OBJECT,
    TURN,
    MessageRecord,
    RoomRecord,
    UsageRecord,
    converted,
    message_part,
    read_item,
    room_part,
)
from desktop.formats.seed_rooms import ANSWER, ME, SeedRoom
from desktop.formats.text_stream import lines, open_text

_MESSAGE = ('{"type":"message"', b'{"type":"message"')
_OTHER = ('{"type":"alternative"', b'{"type":"alternative"')
_TURN = ('{"type":"turn"', b'{"type":"turn"')
_HEAD = {"room_id", "title", "context", "stage"}


def read_json(stream: BinaryIO) -> Generator[AnyPart, None, None]:
    """``rooms``, ``room`` or the file itself as one room; of our own also what stands beside."""
    with open_text(stream) as text:
        cursor = JsonCursor(text)
        if cursor.peek() != "{":
            raise Unreadable("malformed" if cursor.peek() else "empty")
        yield from _Json(cursor).parts()
        cursor.end()


class _Json:
    def __init__(self, cursor: JsonCursor) -> None:
        self._cursor = cursor
        self._ours = False
        self._rooms = 0
        self._known = False
        """Whether it has a place for rooms, be there any or none."""

    def parts(self) -> Iterator[AnyPart]:
        itself = SeedRoom("itself")
        try:
            for key in self._cursor.fields():
                yield from self._field(key, itself)
            if itself.fields and not self._rooms:
                yield from itself.parts(converted(itself.fields, RoomRecord))
            elif not self._known:
                raise Unreadable("not_known")
        finally:
            itself.close()

    def _field(self, key: str, itself: SeedRoom) -> Iterator[AnyPart]:
        """A field of the whole file; ``itself`` is the room where the file is one."""
        self._known |= key in ("rooms", "room")
        if key == "rooms" and self._cursor.peek() == "[":
            for _ in self._cursor.items():
                yield from self._room()
        elif key == "room" and self._cursor.peek() == "{":
            yield from self._room()
        elif key in FILE_LISTS and self._cursor.peek() == "[":
            for _ in self._cursor.items():
                yield read_item(FILE_LISTS[key], self._object())
        elif key in ("messages", "token_usage") or key in _HEAD:
            self._seed_field(itself, key)
        else:
            self._told(key, self._cursor.value())

    def _told(self, key: str, value: Any) -> None:
        if key == "format":
            self._ours = value == FORMAT
        elif key == "format_version" and self._ours:
            refuse_newer(value)

    def _room(self) -> Iterator[AnyPart]:
        """Streamed if it is ours, for ours tell everything else of a room before its lists."""
        self._rooms += 1
        key = f"r{self._rooms}"
        room = SeedRoom(key)
        started = False
        try:
            for name in self._cursor.fields():
                listed = name in ROOM_LISTS and self._cursor.peek() == "["
                if listed and self._ours:
                    if not started:
                        yield room_part(converted(room.fields, RoomRecord), key)
                        started = True
                    yield from self._list(ROOM_LISTS[name], key)
                else:
                    self._seed_field(room, name)
            if not started:
                yield from room.parts(converted(room.fields, RoomRecord))
        finally:
            room.close()

    def _list(self, kind: str, room: str) -> Iterator[AnyPart]:
        for _ in self._cursor.items():
            if kind in ("message", "alternative"):
                yield told_message(converted(self._object(), MessageRecord), room)
            elif kind in ITEMS:
                yield read_item(kind, {**self._object(), "room": room})
            else:
                self._cursor.value()

    def _seed_field(self, room: SeedRoom, name: str) -> None:
        if self._cursor.peek() == "[" and name in ("messages", "token_usage"):
            for _ in self._cursor.items():
                if name == "messages":
                    room.add_message(converted(self._object(), MessageRecord))
                else:
                    room.add_usage(converted(self._object(), UsageRecord))
        else:
            value = self._cursor.value()
            if name in RoomRecord.__struct_fields__ and value is not None:
                room.fields[name] = value

    def _object(self) -> dict[str, Any]:
        found = self._cursor.value()
        if not isinstance(found, dict):
            raise Unreadable("malformed", str(found)[:60])
        return found


def read_ndjson(stream: BinaryIO) -> Generator[AnyPart, None, None]:
    """``meta``, rooms and what belongs to each, ``end``; without its end the file is cut off."""
    reading = _Lines()
    try:
        for line in lines(stream, MOST_CHARACTERS):
            # Nearly all lines of a large file are these two.
            if reading.ours and (line[:17] in _MESSAGE or line[:21] in _OTHER):
                yield told_message(_decoded(line, MESSAGE), reading.room)
            elif reading.ours and line[:14] in _TURN:
                yield replace(_decoded(line, TURN), room=reading.room)
            else:
                yield from reading.take(line)
        yield from reading.finish()
    finally:
        reading.close()


class _Lines:
    def __init__(self) -> None:
        self.ours = False
        """Whether lines of our own may come."""
        self.room = ""
        self._rooms = 0
        self._seed: SeedRoom | None = None
        self._ended = False
        self._unknown: dict[str, int] = {}

    def take(self, line: bytes | str) -> Iterator[AnyPart]:
        if self._ended:
            raise Unreadable("malformed", "after the end")
        raw = _decoded(line, OBJECT)
        kind = raw.get("type")
        if kind == "meta":
            self.ours = raw.get("format") == FORMAT
            if self.ours:
                refuse_newer(raw.get("format_version"))
        elif kind == "room":
            yield from self._begin(raw)
        elif kind == "end":
            self._ended, self.ours = True, False
        else:
            yield from self._of_room(str(kind)[:60], raw)

    def _of_room(self, kind: str, raw: dict[str, Any]) -> Iterator[AnyPart]:
        if kind in ("message", "alternative"):
            record = converted(raw, MessageRecord)
            if self._seed is not None:
                self._seed.add_message(record)
            elif self.room:
                yield told_message(record, self.room)
            else:
                raise Unreadable("malformed", "a message before any room")
        elif kind == "token_usage":
            if self._seed is not None:
                self._seed.add_usage(converted(raw, UsageRecord))
        elif kind in ITEMS:
            of_room = {"room": self.room} if "room" in ITEMS[kind].__struct_fields__ else {}
            yield read_item(kind, {**raw, **of_room})
        else:
            self._unknown[kind] = self._unknown.get(kind, 0) + 1

    def _begin(self, raw: dict[str, Any]) -> Iterator[AnyPart]:
        yield from self._end_room()
        self._rooms += 1
        self.room = f"r{self._rooms}"
        if self.ours:
            yield room_part(converted(raw, RoomRecord), self.room)
        else:
            self._seed = SeedRoom(self.room)
            known = RoomRecord.__struct_fields__
            told = {key: value for key, value in raw.items() if key in known and value is not None}
            self._seed.fields.update(told)

    def _end_room(self) -> Iterator[AnyPart]:
        if self._seed is not None:
            seed, self._seed = self._seed, None
            try:
                yield from seed.parts(converted(seed.fields, RoomRecord))
            finally:
                seed.close()

    def finish(self) -> Iterator[AnyPart]:
        if not self._ended:
            raise Unreadable("cut_off")
        yield from self._end_room()
        for name, count in self._unknown.items():
            yield Remark(fate="dropped", code="unknown_record", where=name, count=count)

    def close(self) -> None:
        if self._seed is not None:
            self._seed.close()


def told_message(record: MessageRecord, room: str) -> MessagePart:
    """A message of one of our files; one that was added by hand names no author."""
    if record.author is not None:
        return message_part(record, room)
    mine = record.role == "user"
    return MessagePart(
        room=room, author=ME if mine else ANSWER, text=record.content, reply=not mine
    )


def refuse_newer(version: object) -> None:
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise Unreadable("newer_version", str(version)[:20])


def _decoded(line: bytes | str, wanted: msgspec.json.Decoder[Any]) -> Any:
    try:
        return wanted.decode(line)
    except RecursionError as error:
        raise Unreadable("too_deep") from error
    except UnicodeEncodeError as error:
        raise Unreadable("undecodable") from error
    except msgspec.DecodeError as error:
        cut = "truncated" in str(error)
        raise Unreadable("cut_off" if cut else "malformed", str(error)[:120]) from error
