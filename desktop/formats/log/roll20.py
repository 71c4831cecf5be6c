"""Roll20's chat archive: messages that go on without a name belong to whoever spoke before."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from msgspec.structs import replace

from desktop.formats.card.room import language_of
from desktop.formats.chat.cast import ROOM, Cast
from desktop.formats.log.dice_lines import grade_of
from desktop.formats.log.page import VOID, Bit, bits
from desktop.formats.log.tables import narrates, tidy
from desktop.formats.moments import moment
from desktop.formats.parts import AnyPart, MessagePart, Unreadable
from desktop.formats.remarks import PROSE, Remarks
from desktop.formats.strange_json import Object
from desktop.protocol.models import Author

SAID = "roll20"
_KINDS = ("rollresult", "whisper", "private", "hidden-message", "desc", "emote", "general")
_ASIDE = frozenset({"whisper", "private", "hidden-message"})
_PARTS = ("tstamp", "by", "formula", "rolled", "avatar", "flyout", "spacer")
_BLOCKS = frozenset({"div", "p", "h1", "h2", "h3", "h4", "li", "tr", "table"})
_TITLE = re.compile(r"\s*Chat Log for\s+(.*)", re.DOTALL)
_WHISPER = re.compile(r"\((?:From|To|에게|로부터)\s*(.*?)\)\s*", re.IGNORECASE)
_DEPTH = 200


class _Message:
    def __init__(self, attributes: dict[str, str]) -> None:
        classes = attributes.get("class", "").split()
        self.kind = next((kind for kind in _KINDS if kind in classes), "general")
        self.mine = "you" in classes
        self.id = attributes.get("data-messageid", "")[:200]
        self.player = attributes.get("data-playerid", "")[:200]
        self.picture = ""
        self.texts: dict[str, list[str]] = {name: [] for name in ("", *_PARTS)}
        self.inline: list[str] = []
        self.sheet = False

    def text(self, name: str = "") -> str:
        return tidy("".join(self.texts[name]))

    @property
    def speaker(self) -> str:
        name = self.text("by").rstrip(":").strip()
        whisper = _WHISPER.fullmatch(name)
        return whisper[1] if whisper else name

    @property
    def rolled(self) -> bool:
        return self.kind == "rollresult" or bool(self.inline) or self.sheet


def read_log(file: BinaryIO) -> Iterator[AnyPart]:
    """Two passes: who speaks, then what. Raises ``Unreadable`` (``not_known``). What was whispered
    is kept and hidden from the AI. Rolls are told as they stand and proven by nobody."""
    remarks = Remarks()
    page = _Page(file)
    cast, sample, count = Cast(remarks), "", 0
    for speaker, one in _spoken(page):
        count += 1
        sample += one.text()[:200] if len(sample) < 4_000 else ""
        if one.mine and not cast.me:
            cast.me = speaker
        elif one.kind in ("general", "emote") and speaker != cast.me and not narrates(speaker):
            cast.seat(speaker)
    if not count:
        raise Unreadable("not_known", "log")
    yield cast.room(page.title, language_of(sample + page.title))
    zone_told = None
    for at, (speaker, one) in enumerate(_spoken(page)):
        # Only the first of several messages in a row says when.
        said_at = moment(one.text("tstamp"))
        zone_told = said_at if said_at is not None else zone_told
        part = _part(one, speaker, f"m{at + 1}", cast, remarks)
        yield replace(part, created_at=said_at if said_at is not None else zone_told)
    yield from remarks


def _spoken(page: "_Page") -> Iterator[tuple[str, _Message]]:
    last = ""
    for one in page.messages():
        if one.kind != "desc":
            last = one.speaker or last
        yield ("" if one.kind == "desc" else one.speaker or last), one


def _part(one: _Message, speaker: str, key: str, cast: Cast, remarks: Remarks) -> MessagePart:
    extra: Object = {"kind": one.kind}
    for name, value in (("id", one.id), ("player", one.player), ("avatar", one.picture)):
        if value:
            extra[name] = value
    if one.picture.startswith(("http:", "https:", "//")):
        remarks.say("dropped", "remote_asset", one.picture)
    text = one.text()
    if one.kind == "rollresult":
        text = " ＞ ".join(filter(None, (text, one.text("formula"), one.text("rolled"))))
    if one.rolled:
        author = Author(kind="dice", name=speaker[:200])
        extra["dice"] = _roll(one)
    elif one.kind == "desc" or narrates(speaker) or not speaker:
        author = Author(kind="narrator", name=speaker[:200])
    elif one.mine and (not cast.me or speaker == cast.me):
        author = cast.user(speaker)
    else:
        author = cast.user(speaker) if speaker == cast.me else cast.author(speaker)
    return MessagePart(
        room=ROOM,
        key=key,
        author=author,
        text=remarks.cut(text, PROSE, key),
        hidden=one.kind in _ASIDE,
        extra={SAID: extra},
    )


def _roll(one: _Message) -> Object:
    told: Object = {}
    if formula := one.text("formula"):
        told["formula"] = formula
    if re.fullmatch(r"-?[0-9]{1,9}", rolled := one.text("rolled")):
        told["rolled"] = int(rolled)
    if one.inline:
        told["inline"] = one.inline
    if grade := grade_of(one.text()):
        told["grade"] = grade
    return told


class _Page:
    """The page, read anew for each pass."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.title = ""

    def messages(self) -> Iterator[_Message]:
        current: _Message | None = None
        open_parts: list[str] = []
        in_title = False
        for bit in bits(self._file):
            if bit.name == "title" and bit.kind != "text":
                in_title = bit.kind == "open" and not self.title
            elif in_title and bit.kind == "text":
                found = _TITLE.match(bit.name)
                self.title = tidy(found[1])[:200] if found else ""
            classes = bit.attributes.get("class", "").split()
            if bit.kind == "open" and bit.name == "div" and "message" in classes:
                # One that was never closed ends where the next one begins.
                if current is not None:
                    yield current
                current, open_parts = _Message(bit.attributes), []
            elif current is not None:
                if bit.kind == "close" and bit.name == "div" and "div" not in _tags(open_parts):
                    yield current
                    current = None
                else:
                    _take(bit, classes, current, open_parts)
        if current is not None:
            yield current


def _tags(open_parts: list[str]) -> list[str]:
    return [one.split(" ", 1)[0] for one in open_parts]


def _take(bit: Bit, classes: list[str], one: _Message, open_parts: list[str]) -> None:
    """``open_parts`` are the tags that are open within the message, each with its part's name."""
    current = open_parts[-1].split(" ", 1)[1] if open_parts else ""
    if bit.kind == "text":
        one.texts[current].append(bit.name.replace("\n", " "))
        return
    if bit.name in _BLOCKS or bit.name == "br":
        one.texts[current].append("\n")
    if bit.kind == "close":
        tags = _tags(open_parts)
        if bit.name in tags:
            del open_parts[len(tags) - 1 - tags[::-1].index(bit.name) :]
        return
    if bit.name == "img" and current == "avatar":
        one.picture = bit.attributes.get("src", "")[:2_000]
    if "inlinerollresult" in classes:
        one.inline.append(bit.attributes.get("title", "")[:2_000])
    one.sheet |= any(name.startswith("sheet-rolltemplate") for name in classes)
    if bit.name not in VOID and len(open_parts) < _DEPTH:
        part = next((name for name in _PARTS if name in classes), current)
        open_parts.append(f"{bit.name} {part}")
