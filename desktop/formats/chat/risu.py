"""RisuAI's chats, one or all of a character."""

from collections.abc import Iterator
from typing import BinaryIO

from msgspec.structs import replace

from desktop.formats.card.room import book_item, language_of
from desktop.formats.chat.cast import Cast
from desktop.formats.lore.risu import read_entries
from desktop.formats.moments import moment
from desktop.formats.parts import AnyPart, MessagePart, TurnPart, Unreadable
from desktop.formats.remarks import PROSE, Remarks
from desktop.formats.strange_json import (
    Object,
    all_of,
    fields,
    objects,
    read_object,
    text,
    whole,
    yes,
)
from desktop.protocol.models import Usage

SAID = "risu"


def read_chats(file: BinaryIO) -> Iterator[AnyPart]:
    """A room for each chat; its own lore becomes a lorebook. Raises ``Unreadable`` (``not_known``).

    What is switched off stays, hidden; ``allBefore`` hides everything up to there.
    """
    root = read_object(all_of(file))
    remarks = Remarks()
    found = root.get("data")
    chats = objects(found) if isinstance(found, list) else [fields(found)]
    chats = [chat for chat in chats if isinstance(chat.get("message"), list)]
    if not chats:
        raise Unreadable("not_known", "chat")
    for at, chat in enumerate(chats):
        yield from _chat(chat, f"room{at + 1}", remarks)
    yield from remarks


def _chat(chat: Object, room: str, remarks: Remarks) -> Iterator[AnyPart]:
    messages = objects(chat["message"])
    lost = len(chat["message"]) - len(messages)
    if lost:
        remarks.say("dropped", "no_message", room, lost)
    cast = Cast(remarks)
    for raw in messages:
        if text(raw.get("role")) != "user":
            cast.seat(*_who(raw))
    sample = " ".join(text(raw.get("data"))[:200] for raw in messages[:50])
    rest = {key: value for key, value in chat.items() if key != "message"}
    title = text(chat.get("name"))
    yield replace(cast.room(title, language_of(sample)), key=room, extra={SAID: rest})
    yield from _messages(messages, room, cast, remarks)
    if isinstance(chat.get("localLore"), list) and chat["localLore"]:
        yield book_item(read_entries(chat["localLore"], title, remarks), title)


def _who(raw: Object) -> tuple[str, str]:
    """Name and key. A chat of one character does not say who speaks."""
    saying = text(raw.get("saying"))
    name = text(raw.get("name")).strip() or (f"{saying[:8]}" if saying else "Character")
    return name, saying or name


def _messages(messages: list[Object], room: str, cast: Cast, remarks: Remarks) -> Iterator[AnyPart]:
    off = max(
        (at for at, raw in enumerate(messages) if raw.get("disabled") == "allBefore"), default=-1
    )
    for at, raw in enumerate(messages):
        turn = _turn(fields(raw.get("generationInfo")), raw, room, f"{room}-t{at + 1}")
        if turn is not None:
            yield turn
        user = text(raw.get("role")) == "user"
        author = cast.user(text(raw.get("name"))) if user else cast.author(*_who(raw))
        yield MessagePart(
            room=room,
            key=f"{room}-m{at + 1}",
            author=replace(author, kind="note") if yes(raw.get("isComment")) else author,
            text=remarks.cut(text(raw.get("data")), PROSE, room),
            turn="" if turn is None else turn.key,
            created_at=moment(raw.get("time")),
            hidden=at <= off or yes(raw.get("disabled")) or yes(raw.get("isComment")),
            extra={SAID: {key: value for key, value in raw.items() if key != "data"}},
        )


def _turn(info: Object, raw: Object, room: str, key: str) -> TurnPart | None:
    if not info:
        return None
    most = 10_000_000
    read, made = (
        whole(info.get("inputTokens"), 0, 0, most),
        whole(info.get("outputTokens"), 0, 0, most),
    )
    return TurnPart(
        room=room,
        key=key,
        model=text(info.get("model"))[:200],
        usage=Usage(input=read, output=made, source="reported" if read or made else "none"),
        started_at=moment(raw.get("time")),
        extra={SAID: info},
    )
