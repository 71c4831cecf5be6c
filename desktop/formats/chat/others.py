"""Chats of Agnai, KoboldAI Lite, text-generation-webui and the exports of Character.AI."""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from msgspec.structs import replace

from desktop.formats.card.room import language_of
from desktop.formats.chat.cast import ROOM, Cast
from desktop.formats.moments import moment
from desktop.formats.parts import AnyPart, MessagePart, Unreadable
from desktop.formats.remarks import PROSE, Remarks
from desktop.formats.strange_json import (
    Object,
    all_of,
    fields,
    items,
    objects,
    read_object,
    text,
    texts,
    yes,
)


class Line(NamedTuple):
    """What one of these files says once."""

    name: str
    user: bool
    text: str
    at: Any = None
    alternatives: tuple[str, ...] = ()
    raw: Object = {}
    hidden: bool = False


class Story(NamedTuple):
    """What one of these files tells. ``rest`` is what stands around the lines."""

    title: str
    lines: list[Line]
    me: str = ""
    world: str = ""
    situation: str = ""
    rest: Object = {}


def _reader(
    origin: str, stories: Callable[[Object, Remarks], list[Story]]
) -> Callable[[BinaryIO], Iterator[AnyPart]]:
    def read(file: BinaryIO) -> Iterator[AnyPart]:
        remarks = Remarks()
        found = stories(read_object(all_of(file)), remarks)
        if not any(story.lines for story in found):
            raise Unreadable("not_known", "chat")
        for at, story in enumerate(found):
            yield from _told(story, origin, f"{ROOM}{at + 1}", remarks)
        yield from remarks

    return read


def _told(story: Story, origin: str, room: str, remarks: Remarks) -> Iterator[AnyPart]:
    cast = Cast(remarks)
    cast.me = story.me
    for line in story.lines:
        if not line.user:
            cast.seat(line.name)
    sample = " ".join(line.text[:200] for line in story.lines[:50])
    told = cast.room(
        story.title,
        language_of(sample),
        world=remarks.cut(story.world, PROSE, story.title),
        situation=remarks.cut(story.situation, PROSE, story.title),
    )
    yield replace(told, key=room, extra={origin: story.rest} if story.rest else {})
    for at, line in enumerate(story.lines):
        yield MessagePart(
            room=room,
            key=f"{room}-m{at + 1}",
            author=cast.user(line.name) if line.user else cast.author(line.name),
            text=remarks.cut(line.text, PROSE, room),
            created_at=moment(line.at),
            hidden=line.hidden,
            alternatives=tuple(remarks.cut(one, PROSE, room) for one in line.alternatives),
            extra={origin: line.raw} if line.raw else {},
        )


def _without(raw: Object, *names: str) -> Object:
    return {key: value for key, value in raw.items() if key not in names}


def _agnai(root: Object, _remarks: Remarks) -> list[Story]:
    name = text(root.get("name"))
    names = {text(one.get("_id")): text(one.get("name")) for one in objects(root.get("characters"))}
    lines = [
        Line(
            name=text(raw.get("handle")) or names.get(text(raw.get("characterId")), "") or name,
            user=bool(text(raw.get("userId"))) and not text(raw.get("characterId")),
            text=text(raw.get("msg")),
            at=raw.get("createdAt"),
            alternatives=texts(raw.get("retries")),
            raw=_without(raw, "msg", "retries"),
            hidden=yes(raw.get("ooc")) or yes(raw.get("system")),
        )
        for raw in objects(root.get("messages"))
        if isinstance(raw.get("msg"), str)
    ]
    return [
        Story(
            title=name,
            lines=lines,
            situation=text(root.get("scenario")),
            rest=_without(root, "messages"),
        )
    ]


_INPUT, _OUTPUT = "{{[INPUT]}}", "{{[OUTPUT]}}"


def _kobold(root: Object, _remarks: Remarks) -> list[Story]:
    settings = fields(root.get("savedsettings"))
    me = text(settings.get("chatname")).strip() or "User"
    # Of several opponents nobody can tell from the text alone who spoke.
    others = [
        one.strip() for one in text(settings.get("chatopponent")).split("||$||") if one.strip()
    ]
    pieces = [text(root.get("prompt")), *texts(root.get("actions"))]
    lines: list[Line] = []
    for piece in pieces:
        lines += _spoken(piece, me, others)
    return [
        Story(
            title=", ".join(others),
            lines=lines,
            me=me,
            world=text(root.get("memory")),
            rest=_without(root, "prompt", "actions"),
        )
    ]


def _spoken(piece: str, me: str, others: list[str]) -> Iterator[Line]:
    """A piece of a story: what stands behind a mark is said by one side, the rest by the other."""
    at, user = 0, False
    while at <= len(piece):
        ends = [(piece.find(mark, at), mark) for mark in (_INPUT, _OUTPUT)]
        end, mark = min(((e, m) for e, m in ends if e >= 0), default=(len(piece), ""))
        yield from _named(piece[at:end], user, me, others)
        if not mark:
            return
        user, at = mark == _INPUT, end + len(mark)


def _named(said: str, user: bool, me: str, others: list[str]) -> Iterator[Line]:
    """Cut where a line begins with somebody's name and a colon."""
    names = "|".join(map(re.escape, (me, *others[:64])))
    cuts = re.split(rf"^[^\S\n]*({names}):[^\S\n]*", said, flags=re.MULTILINE)
    usual = me if user else (others or ["Character"])[0]
    speakers = [usual, *cuts[1::2]]
    for name, words in zip(speakers, cuts[::2], strict=True):
        if words.strip():
            yield Line(name, name == me, words.strip())


def _webui(root: Object, remarks: Remarks) -> list[Story]:
    """Pairs of what was said and what was answered; what is shown, if it is there."""
    pairs = (
        root.get("visible") or root.get("data_visible") or root.get("internal") or root.get("data")
    )
    name = text(root.get("name2") or root.get("character_name")) or "Character"
    me = text(root.get("name1") or root.get("user_name"))
    lines = []
    for pair in items(pairs):
        if not isinstance(pair, list) or not pair:
            remarks.say("dropped", "no_message")
            continue
        for at, said in enumerate(pair[:2]):
            # The program's own mark for an empty first line.
            if text(said) and text(said) != "<|BEGIN-VISIBLE-CHAT|>":
                lines.append(Line(me if at == 0 else name, at == 0, text(said)))
    rest = _without(root, "visible", "data_visible")
    return [Story(title="" if name == "Character" else name, lines=lines, me=me, rest=rest)]


def _character_ai(root: Object, _remarks: Remarks) -> list[Story]:
    """``histories`` of the first tools, or the ``turns`` of Character.AI itself."""
    shared = root.get("histories")
    histories = objects(fields(shared).get("histories") if isinstance(shared, dict) else shared)
    name = text(fields(root.get("character")).get("name")) or text(root.get("name"))
    stories = []
    for history in histories or [root]:
        lines = [
            _c_ai_line(raw, name) for raw in objects(history.get("msgs") or history.get("turns"))
        ]
        created = history.get("created")
        stories.append(
            Story(
                title=name,
                lines=[one for one in lines if one.text],
                rest={"created": created} if created else {},
            )
        )
    return stories


def _c_ai_line(raw: Object, name: str) -> Line:
    source = fields(raw.get("src") or raw.get("author"))
    user = yes(source.get("is_human")) or yes(raw.get("is_human"))
    candidates = objects(raw.get("candidates"))
    said = text(raw.get("text")) or text((candidates or [{}])[0].get("raw_content"))
    return Line(
        name=text(source.get("name")) or ("" if user else name or "Character"),
        user=user,
        text=said,
        at=raw.get("created") or raw.get("create_time"),
        alternatives=tuple(
            one for each in candidates[1:] if (one := text(each.get("raw_content")))
        ),
        raw=_without(raw, "text", "candidates"),
    )


read_agnai = _reader("agnai", _agnai)
read_kobold = _reader("kobold", _kobold)
read_webui = _reader("webui", _webui)
read_character_ai = _reader("character_ai", _character_ai)
