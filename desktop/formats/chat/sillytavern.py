"""SillyTavern's chats, a JSON object a line, and its groups."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from msgspec.structs import replace

from desktop.formats.card.room import language_of
from desktop.formats.chat.cast import ROOM, Cast
from desktop.formats.chat.lines import json_lines
from desktop.formats.chat.path import told_path
from desktop.formats.merging import written_over
from desktop.formats.moments import human, iso, moment
from desktop.formats.parts import AnyPart, MessagePart, TurnPart, Unreadable
from desktop.formats.remarks import PROSE, Remarks
from desktop.formats.strange_json import Object, fields, text, texts, whole, write_json, yes
from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, AuthorKind, MessageStatus, Usage

SAID = "sillytavern"
"""Under this key of a part's ``extra`` stands its line as it was."""
OURS = "persona_chat"
_KINDS: dict[str, AuthorKind] = {"dice": "dice", "note": "note", "narrator": "narrator"}
_SAMPLE = 4_000


def read_chat(file: BinaryIO) -> Iterator[AnyPart]:
    """Two passes over the file: first who speaks, then what. Raises ``Unreadable`` (``not_known``)
    if no line is a message."""
    remarks = Remarks()
    cast, header, sample, count = Cast(remarks), Object(), "", 0
    for raw in json_lines(file, Remarks()):
        if "mes" not in raw and not count and not header:
            header = raw
        elif "mes" in raw:
            count += 1
            sample += text(raw.get("mes")) if len(sample) < _SAMPLE else ""
            _seat(cast, raw)
    if not count and "chat_metadata" not in header and "user_name" not in header:
        raise Unreadable("not_known", "chat")
    cast.me = cast.me or _human_name(header.get("user_name"))
    room = cast.room(_title(header, cast), language_of(sample))
    created = moment(header.get("create_date"))
    yield replace(room, created_at=created, extra={SAID: header} if header else {})
    yield from _messages(file, cast, remarks)
    yield from remarks


def _messages(file: BinaryIO, cast: Cast, remarks: Remarks) -> Iterator[AnyPart]:
    at = 0
    for raw in json_lines(file, remarks):
        if "mes" not in raw:
            if at:
                remarks.say("dropped", "no_message")
            continue
        at += 1
        turn = _turn(raw, f"t{at}")
        if turn is not None:
            yield turn
        yield read_message(raw, f"m{at}", cast, remarks, turn="" if turn is None else turn.key)


def read_message(
    raw: Object, key: str, cast: Cast, remarks: Remarks, turn: str = ""
) -> MessagePart:
    said = remarks.cut(text(raw.get("mes")), PROSE, key)
    swipes = [remarks.cut(one, PROSE, key) for one in texts(raw.get("swipes"))]
    at = whole(raw.get("swipe_id"), -1, -1, 100_000)
    if 0 <= at < len(swipes):
        others = swipes[:at] + swipes[at + 1 :]
    else:
        others = [one for one in swipes if one != said]
    ours = fields(fields(raw.get("extra")).get(OURS))
    return MessagePart(
        room=ROOM,
        key=key,
        author=_author(raw, cast),
        text=said,
        turn=turn,
        status=_status(ours.get("status")),
        created_at=moment(raw.get("send_date")),
        hidden=yes(raw.get("is_system")),
        alternatives=tuple(others),
        extra={SAID: {name: value for name, value in raw.items() if name != "mes"}},
    )


def _status(value: Any) -> MessageStatus:
    match value:
        case "partial" | "stopped" | "failed":
            status: MessageStatus = value
            return status
        case _:
            return "complete"


def _author(raw: Object, cast: Cast) -> Author:
    extra = fields(raw.get("extra"))
    name = text(raw.get("name")).strip()
    ours = text(fields(extra.get(OURS)).get("kind"))
    kind = text(extra.get("type"))
    if ours in _KINDS:
        return Author(kind=_KINDS[ours], name=name[:200])
    if kind in ("narrator", "comment"):
        return Author(kind="narrator" if kind == "narrator" else "note", name=name[:200])
    if yes(raw.get("is_user")):
        return cast.user(name)
    return cast.author(name, _identity(raw))


def _identity(raw: Object) -> str:
    # Names change and are shared; in a group the picture's file tells who it is.
    return text(raw.get("original_avatar")) or text(raw.get("name")).strip()


def _seat(cast: Cast, raw: Object) -> None:
    author = _author(raw, cast)
    if author.kind == "user":
        cast.me = cast.me or author.name
    elif author.kind == "character" and not yes(raw.get("is_system")):
        cast.seat(text(raw.get("name")).strip(), _identity(raw))


def _human_name(value: Any) -> str:
    name = text(value).strip()
    return "" if name == "unused" else name


def _title(header: Object, cast: Cast) -> str:
    name = _human_name(header.get("character_name"))
    return name or ", ".join(one.name for one in cast.characters[:4])


def _turn(raw: Object, key: str) -> TurnPart | None:
    """What made an answer, where the line tells it."""
    extra = fields(raw.get("extra"))
    model, api = text(extra.get("model")), text(extra.get("api"))
    if yes(raw.get("is_user")) or not (model or api) or extra.get("type"):
        return None
    begun, done = moment(raw.get("gen_started")), moment(raw.get("gen_finished"))
    tokens = whole(extra.get("token_count"), 0, 0, 10_000_000)
    return TurnPart(
        room=ROOM,
        key=key,
        provider=api[:64],
        model=model[:200],
        usage=Usage(output=tokens, source="estimated") if tokens else Usage(),
        started_at=begun or moment(raw.get("send_date")),
        total_ms=max(0, done - begun) if begun and done else None,
    )


def write_chat(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    """The current path of the first room; alternatives become swipes, what is hidden stays so."""
    told = told_path(parts)
    stage = told.room.stage
    me = stage.me.name if stage is not None else ""
    names = [one.name for one in stage.characters] if stage is not None else []
    header = dict(fields(told.room.extra.get(SAID)))
    now = {
        "user_name": me or "unused",
        "character_name": names[0] if len(names) == 1 else "unused",
        "create_date": human(told.room.created_at or UtcMs(0)),
        "chat_metadata": {},
    }
    header = {**now, **header}
    # A seal over the other program's own file, which this is not.
    header["chat_metadata"] = {
        key: value for key, value in fields(header["chat_metadata"]).items() if key != "integrity"
    }
    file.write(write_json(header) + b"\n")
    file.writelines(
        write_json(_again(part, me, told.turns.get(part.turn))) + b"\n" for part in told.messages
    )


def _again(part: MessagePart, me: str, turn: TurnPart | None) -> Object:
    said, now = fields(part.extra.get(SAID)), write_message(part, me, turn)
    if not said:
        return now
    swipes, at = texts(said.get("swipes")), whole(said.get("swipe_id"), -1, -1, 100_000)
    original = {**said, "mes": swipes[at] if 0 <= at < len(swipes) else part.text}
    before = read_message(original, part.key, Cast(Remarks()), Remarks())
    return fields(written_over(original, write_message(before, me, turn), now))


def write_message(part: MessagePart, me: str, turn: TurnPart | None) -> Object:
    kind = part.author.kind
    extra: Object = {}
    if turn is not None:
        extra |= {"api": turn.provider, "model": turn.model}
    if kind in ("narrator", "dice"):
        extra["type"] = "narrator"
    elif kind == "note":
        extra["type"] = "comment"
    ours: Object = {"kind": "dice"} if kind == "dice" else {}
    if kind == "note" and not part.hidden:
        ours["kind"] = "note"
    if part.status not in ("complete", "streaming"):
        ours["status"] = part.status
    if ours:
        extra[OURS] = ours
    told: Object = {
        "name": part.author.name or (me if kind == "user" else kind.capitalize()),
        "is_user": kind == "user",
        "is_system": part.hidden,
        "mes": part.text,
        "extra": extra,
    }
    if part.created_at is not None:
        told["send_date"] = iso(part.created_at)
    if part.alternatives:
        saved = fields(part.extra.get(SAID)).get("swipe_id")
        at = whole(saved, len(part.alternatives), 0, len(part.alternatives))
        others = list(part.alternatives)
        told["swipe_id"] = at
        told["swipes"] = [*others[:at], part.text, *others[at:]]
    return told
