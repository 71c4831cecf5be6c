"""Keeps what was sent for a turn small, and builds it again exactly.

The story and most rules are stored already or repeat from turn to turn. So a record holds, for
each section, its reason and the fingerprint of its text; the texts themselves are kept once for
all turns that share them. The history is held as runs of positions, because what an AI is shown
lies together in the branches it came from: a window of any length costs a few numbers. What stands
above the talk is the same for most turns of a room: its sections are one text, the head.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from desktop.dialogue.segments import (
    Omission,
    Place,
    Prompt,
    Segment,
    SegmentKind,
    Talk,
    told_talk,
)
from desktop.protocol.base import Frozen
from desktop.protocol.models import Author, Message

_FINGERPRINT = 32
_PASSING = frozenset({"history", "summary", "lore", "direction"})
"""What may be left out of one turn and not of the next."""


class Run(Frozen, kw_only=True, array_like=True):
    """Messages of one branch with positions from ``first`` to ``last``, both included."""

    branch_id: str
    first: int
    last: int


class _History(Frozen, kw_only=True, omit_defaults=True):
    runs: tuple[Run, ...]
    tags: dict[str, str]
    """The name in the prompt by author."""
    tail: str = ""
    """The fingerprint of our own words behind it."""
    reworded: dict[str, str] = {}
    """The fingerprint of a message's text by its id, where it had been changed before."""


class Row(Frozen, kw_only=True):
    """What a list of the sections shows without loading any text."""

    kind: SegmentKind
    place: Place
    reason: str
    characters: int
    name: str = ""


class _Section(Row, kw_only=True, omit_defaults=True):
    text: str = ""
    """The fingerprint of the whole text, or of the history's own words."""
    history: _History | None = None


class _Head(Frozen, kw_only=True, omit_defaults=True):
    sections: tuple[_Section, ...]
    omissions: tuple[Omission, ...] = ()


class _Record(Frozen, kw_only=True, omit_defaults=True):
    """``head`` is the fingerprint of a ``_Head`` as JSON."""

    sections: tuple[_Section, ...]
    whole: str
    omissions: tuple[Omission, ...] = ()
    head: str = ""


class Encoded(NamedTuple):
    """``record`` is JSON, to be stored with the turn; ``texts`` by fingerprint, to be kept once."""

    record: str
    texts: dict[str, str]


class Needed(NamedTuple):
    """What ``decode`` must be given."""

    texts: tuple[str, ...]
    runs: tuple[Run, ...]


class Rebuilt(NamedTuple):
    """``exact``: this is to the letter what was sent; else a text was lost or changed since."""

    prompt: Prompt
    exact: bool


def encode(prompt: Prompt, reworded: Container[str] = ()) -> Encoded:
    """The record of a prompt and the texts it points at.

    ``reworded`` are the ids of messages that read otherwise before: their texts are kept as well,
    for which of several a turn was sent cannot be told from the message later.
    """
    texts: dict[str, str] = {}

    def kept(text: str) -> str:
        mark = fingerprint(text)
        texts[mark] = text
        return mark

    def history(talk: Talk) -> _History:
        return _History(
            runs=tuple(_runs(talk.messages)),
            tags=_tags(talk),
            tail=kept(talk.tail) if talk.tail else "",
            reworded={one.id: kept(one.text) for one in talk.messages if one.id in reworded},
        )

    def sections(place: Place) -> tuple[_Section, ...]:
        return tuple(
            _Section(
                kind=part.kind,
                place=part.place,
                reason=part.reason_code,
                characters=len(part.text),
                name=part.name,
                text=kept(part.talk.lead if part.talk else part.text),
                history=history(part.talk) if part.talk else None,
            )
            for part in prompt.segments
            if part.place == place
        )

    passing = tuple(one for one in prompt.omissions if one.kind in _PASSING)
    lasting = tuple(one for one in prompt.omissions if one.kind not in _PASSING)
    head = _Head(sections=sections("system"), omissions=lasting)
    record = _Record(
        head=kept(msgspec.json.encode(head).decode()),
        sections=sections("user"),
        whole=_whole(prompt),
        omissions=passing,
    )
    return Encoded(msgspec.json.encode(record).decode(), texts)


def head_of(record: str) -> str:
    """The fingerprint of the text that the other functions need first; empty for none."""
    return _read(record).head


def outline(record: str, texts: Mapping[str, str]) -> tuple[Row, ...]:
    """The sections without their texts; also of records that never held more than that.

    Raises ``ValueError`` for anything else.
    """
    return tuple(
        Row(
            kind=one.kind,
            place=one.place,
            reason=one.reason,
            characters=one.characters,
            name=one.name,
        )
        for one in _whole_record(record, texts).sections
    )


def needed(record: str, texts: Mapping[str, str]) -> Needed:
    """The fingerprints and the messages that ``decode`` needs. ``texts`` must hold the head.

    Raises what ``outline`` raises.
    """
    sections = _whole_record(record, texts).sections
    marks = dict.fromkeys(mark for one in sections for mark in _marks(one))
    runs = (run for one in sections if one.history for run in one.history.runs)
    return Needed(tuple(marks), tuple(runs))


def _marks(one: _Section) -> Iterator[str]:
    yield from filter(None, (one.text, one.history.tail if one.history else ""))
    if one.history:
        yield from one.history.reworded.values()


def decode(record: str, texts: Mapping[str, str], messages: Iterable[Message]) -> Rebuilt:
    """The prompt again. Raises what ``outline`` raises; missing texts and messages are left out.

    ``messages`` may hold more than the runs need, in any order. Of a message that was edited
    since, its first text must be given.
    """
    told = _whole_record(record, texts)
    by_branch = _Branches(messages)
    segments = tuple(_segment(one, texts, by_branch) for one in told.sections)
    prompt = Prompt(segments=segments, omissions=told.omissions)
    return Rebuilt(prompt, bool(told.whole) and _whole(prompt) == told.whole)


def fingerprint(text: str) -> str:
    """Tells texts apart; 128 bits of SHA-256 as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT]


def _whole(prompt: Prompt) -> str:
    return fingerprint(f"{prompt.system}\0{prompt.user}")


def _read(record: str) -> _Record:
    try:
        if record.lstrip().startswith("["):
            rows = msgspec.json.decode(record, type=tuple[_Section, ...])
            return _Record(sections=rows, whole="")
        return msgspec.json.decode(record, type=_Record)
    except msgspec.DecodeError as error:
        raise ValueError(f"not a prompt record: {error}") from error


def _whole_record(record: str, texts: Mapping[str, str]) -> _Record:
    """The record with its head in place; without it where that text is lost."""
    told = _read(record)
    if not told.head or told.head not in texts:
        return told
    try:
        head = msgspec.json.decode(texts[told.head], type=_Head)
    except msgspec.DecodeError:
        return told
    return _Record(
        sections=(*head.sections, *told.sections),
        whole=told.whole,
        omissions=(*head.omissions, *told.omissions),
    )


def _tags(talk: Talk) -> dict[str, str]:
    return {
        _key(message.author): tag for message, tag in zip(talk.messages, talk.tags, strict=True)
    }


def _key(author: Author) -> str:
    return msgspec.json.encode((author.kind, author.id, author.name)).decode()


def _runs(messages: Iterable[Message]) -> Iterator[Run]:
    run: Run | None = None
    for one in messages:
        if run and one.branch_id == run.branch_id and one.position == run.last + 1:
            run = Run(branch_id=run.branch_id, first=run.first, last=one.position)
            continue
        if run:
            yield run
        run = Run(branch_id=one.branch_id, first=one.position, last=one.position)
    if run:
        yield run


class _Branches:
    """Messages in the order of their branches."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self._branches: dict[str, list[Message]] = {}
        for one in sorted(messages, key=lambda one: one.position):
            self._branches.setdefault(one.branch_id, []).append(one)

    def run(self, run: Run) -> list[Message]:
        branch = self._branches.get(run.branch_id, [])
        start = bisect_left(branch, run.first, key=lambda one: one.position)
        end = bisect_right(branch, run.last, key=lambda one: one.position)
        return branch[start:end]


def _segment(part: _Section, texts: Mapping[str, str], branches: _Branches) -> Segment:
    text = texts.get(part.text, "")
    talk = _talk(text, part.history, texts, branches) if part.history else None
    return Segment(
        kind=part.kind,
        place=part.place,
        text=told_talk(talk) if talk else text,
        reason_code=part.reason,
        name=part.name,
        talk=talk,
    )


def _talk(lead: str, history: _History, texts: Mapping[str, str], branches: _Branches) -> Talk:
    found = tuple(one for run in history.runs for one in branches.run(run))
    read = tuple(
        replace(one, text=texts.get(history.reworded[one.id], one.text))
        if one.id in history.reworded
        else one
        for one in found
    )
    tags = tuple(history.tags.get(_key(one.author), "?") for one in found)
    return Talk(lead=lead, messages=read, tags=tags, tail=texts.get(history.tail, ""))
