"""The lines of our own files: the web version's documented fields first, ours beside them.

A reader of version 1.0 finds ``room_id``, ``title``, ``context``, ``role``, ``content`` and
``timestamp`` where it expects them: the path each room shows is told by ``message`` records, what
stands elsewhere in the tree by ``alternative`` records, which it passes over.
"""

from typing import Any

import msgspec

from desktop.formats.parts import (
    AssetPart,
    BranchPart,
    Extra,
    LibraryItem,
    MessagePart,
    PicturePart,
    Remark,
    RollPart,
    RoomPart,
    SlotPart,
    SummaryPart,
    TurnPart,
    Unreadable,
)
from desktop.formats.times import Stamps, read_time
from desktop.protocol.base import UtcMs
from desktop.protocol.dice import SealedRoll
from desktop.protocol.models import Author, MessageStatus, Stage, Usage

FORMAT = "persona-chat"
FORMAT_VERSION = 1
SEED_VERSION = "1.0"

encode = msgspec.json.encode

ITEMS: dict[str, type[msgspec.Struct]] = {
    "branch": BranchPart,
    "turn": TurnPart,
    "roll": RollPart,
    "slot": SlotPart,
    "summary": SummaryPart,
    "library": LibraryItem,
    "picture": PicturePart,
    "asset": AssetPart,
    "remark": Remark,
}
"""Records that are parts as they are, with a ``type`` in front."""
_READ = {
    name: msgspec.defstruct(
        f"{part.__name__}Read",
        # A line stands behind its room's, which need not be named again.
        [("room", str, "")] if "room" in part.__struct_fields__ else [],
        bases=(part,), frozen=True, kw_only=True,
        forbid_unknown_fields=False,
    )
    for name, part in ITEMS.items()
}  # fmt: skip
TYPE_OF: dict[type, str] = {part: name for one in (ITEMS, _READ) for name, part in one.items()}


class MessageRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A message of either kind of file; whatever is ours has a default."""

    type: str = ""
    room_id: str = ""
    role: str = ""
    content: str = ""
    timestamp: str | int | float | None = None
    time: int | None = None
    key: str = ""
    branch: str = ""
    position: int = 0
    turn: str = ""
    author: Author | None = None
    status: MessageStatus = "complete"
    edited_at: int | None = None
    hidden: bool = False
    earlier: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    roll: SealedRoll | None = None
    reply: bool = False
    extra: Extra = {}


class RoomRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What is told of a room apart from its lists."""

    type: str = ""
    room_id: str | int | None = None
    title: str | None = ""
    context: Extra | None = None
    stage: Any = None
    created_at: Any = None
    updated_at: Any = None
    archived_at: Any = None
    draft: str = ""
    sort_order: int = 0
    current_branch: str = ""
    extra: Extra = {}


class UsageRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What the web version noted of an answer's tokens."""

    type: str = ""
    room_id: str = ""
    user_id: Any = None
    provider: str = ""
    token_info: Any = None
    timestamp: str | int | float | None = None


MESSAGE = msgspec.json.Decoder(MessageRecord)
TURN = msgspec.json.Decoder(_READ["turn"])
OBJECT = msgspec.json.Decoder(dict[str, Any])


def message_record(part: MessagePart, stamps: Stamps, kind: str) -> MessageRecord:
    author = part.author
    mine = author.kind == "user"
    return MessageRecord(
        type=kind,
        room_id=part.room,
        role="user" if mine else "assistant",
        content=part.text if mine or part.reply else spoken(author.name, part.text),
        timestamp=None if part.created_at is None else stamps.of(part.created_at),
        time=part.created_at,
        key=part.key,
        branch=part.branch,
        position=part.position,
        turn=part.turn,
        author=author,
        status=part.status,
        edited_at=part.edited_at,
        hidden=part.hidden,
        earlier=part.earlier,
        alternatives=part.alternatives,
        roll=part.roll,
        reply=part.reply,
        extra=part.extra,
    )


def message_part(record: MessageRecord, room: str) -> MessagePart:
    """Of a record of ours: one that names its author."""
    author = record.author
    assert author is not None
    text = record.content
    if author.kind != "user" and not record.reply:
        text = text.removeprefix(spoken(author.name, ""))
    return MessagePart(
        room=room,
        author=author,
        text=text,
        key=record.key,
        branch=record.branch,
        position=record.position,
        turn=record.turn,
        status=record.status,
        created_at=None if record.time is None else UtcMs(record.time),
        edited_at=None if record.edited_at is None else UtcMs(record.edited_at),
        hidden=record.hidden,
        earlier=record.earlier,
        alternatives=record.alternatives,
        roll=record.roll,
        reply=record.reply,
        extra=record.extra,
    )


def spoken(name: str, text: str) -> str:
    return f"[{name}]: {text}"


def room_part(record: RoomRecord, key: str) -> RoomPart:
    """The stage in our own words where it is told so, else in those of the web version."""
    stage, extra = None, record.extra
    if record.stage is not None:
        try:
            stage = msgspec.convert(record.stage, Stage)
        except msgspec.ValidationError:
            # A newer or a mended file: whoever stores it takes what fits.
            extra = {**extra, "stage": record.stage}
    return RoomPart(
        key=key,
        title=record.title or "",
        stage=stage,
        context=record.context if record.stage is None else None,
        created_at=read_time(record.created_at),
        updated_at=read_time(record.updated_at),
        archived_at=read_time(record.archived_at),
        draft=record.draft,
        sort_order=record.sort_order,
        current_branch=record.current_branch,
        extra=extra,
    )


def read_item(name: str, raw: dict[str, Any]) -> Any:
    """A part of ours from its record. Raises ``Unreadable(malformed)``; a picture is told alone."""
    if name == "picture" and not _is_base64(raw.get("data")):
        return Remark(fate="dropped", code="picture_unusable", where=str(raw.get("key"))[:60])
    return converted({key: value for key, value in raw.items() if key != "type"}, _READ[name])


def _is_base64(data: Any) -> bool:
    try:
        msgspec.convert(data, bytes)
    except msgspec.ValidationError:
        return False
    return True


def item_line(part: Any) -> bytes:
    """A part as a record: its own fields behind its type."""
    fields = encode(part)
    joint = b"," if len(fields) > 2 else b""
    return b'{"type":"%b"%b%b' % (TYPE_OF[type(part)].encode(), joint, fields[1:])


def converted(raw: Any, struct: Any) -> Any:
    try:
        return msgspec.convert(raw, struct)
    except msgspec.ValidationError as error:
        raise Unreadable("malformed", str(error)[:120]) from error


def usage_record(part: TurnPart, room: str, stamps: Stamps) -> UsageRecord | None:
    """An answer's tokens in the words of the web version; ``None`` if none are known."""
    told = part.usage
    if told == Usage():
        return None
    names = ("input", "output", "cache_read", "cache_write")
    info = {f"{name}_tokens": getattr(told, name) for name in names}
    return UsageRecord(
        type="token_usage",
        room_id=room,
        user_id=1,
        provider=part.provider,
        token_info=encode({**info, "total_tokens": sum(info.values())}).decode(),
        timestamp=None if part.started_at is None else stamps.of(part.started_at),
    )
