"""SillyTavern's groups: who sits at the table; the talk lies in files of its own."""

from collections.abc import Iterator
from typing import BinaryIO

from msgspec.structs import replace

from desktop.formats.card.room import language_of
from desktop.formats.chat.cast import Cast
from desktop.formats.chat.sillytavern import SAID
from desktop.formats.moments import moment
from desktop.formats.parts import AnyPart, Unreadable
from desktop.formats.remarks import Remarks
from desktop.formats.strange_json import all_of, read_object, text, texts


def read_group(file: BinaryIO) -> Iterator[AnyPart]:
    """A room with its members, muted ones away from the table; its chats are told by name.

    Raises ``Unreadable`` (``not_known``).
    """
    root = read_object(all_of(file))
    if not isinstance(root.get("members"), list):
        raise Unreadable("not_known", "group")
    remarks = Remarks()
    cast = Cast(remarks)
    muted = set(texts(root.get("disabled_members")))
    for member in texts(root["members"]):
        cast.seat(member.rsplit(".", 1)[0], member, enabled=member not in muted)
    for chat in texts(root.get("chats")):
        remarks.say("dropped", "chat_elsewhere", f"{chat}.jsonl")
    name = text(root.get("name"))
    room = cast.room(name, language_of(name))
    yield replace(room, created_at=moment(root.get("id")), extra={SAID: root})
    yield from remarks
