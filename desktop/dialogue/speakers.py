"""Cuts an answer into one speech per speaker while it is still being written."""

import re
from dataclasses import dataclass

from desktop.dialogue.roster import Named, Roster
from desktop.dialogue.tags import BLANKS, Tag, read_tag
from desktop.protocol.models import Author

__all__ = ["Closed", "Grew", "Opened", "Roster", "SpeakerParser", "Speech", "SpeechEvent", "parse"]

_INVISIBLE = (
    "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\u2060\ufeff"
)
_HIGH = re.compile("[\ud800-\udbff]\\Z")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Opened:
    """A speech begins; its first visible text follows at once. ``index`` counts from 0.

    ``known`` is false for a name nobody at the table has, and for mine: a model does not speak
    for me.
    """

    index: int
    author: Author
    known: bool


@dataclass(frozen=True, slots=True)
class Grew:
    """New text of an open speech, never an empty string."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The speech is whole: nothing will be added to it."""

    index: int


SpeechEvent = Opened | Grew | Closed


@dataclass(frozen=True, slots=True)
class Speech:
    """What one speaker said in one run, trimmed at both ends."""

    author: Author
    known: bool
    text: str


class SpeakerParser:
    """Text in any slices goes in, speeches come out; the slicing never changes the result.

    A speech opens with its first visible character. A speaker whose tag is repeated right away
    goes on in the same speech on a new line; anyone else opens the next one. Only a line's
    beginning that may yet become a tag is held back (``tags.HOLD`` characters at most), and
    white space until something visible follows it.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._events: list[SpeechEvent] = []
        self._open: Named | None = None
        self._next = Named(roster.untagged, True)
        self._fresh = True
        self._index = -1
        self._space: list[str] = []
        self._start: str | None = ""
        self._tail: _Tail | None = None
        self._carry = ""

    def feed(self, text: str) -> tuple[SpeechEvent, ...]:
        """Take the next slice."""
        self._take(self._mended(text))
        return self._told()

    def finish(self) -> tuple[SpeechEvent, ...]:
        """No more text will come."""
        carry, self._carry = self._carry, ""
        self._take(_LONE.sub("\ufffd", carry).replace("\r", "\n"))
        if self._start:
            self._say(self._start)
            self._start = None
        self._close()
        return self._told()

    def _mended(self, text: str) -> str:
        text = self._carry + text
        self._carry = ""
        if text.endswith("\r") or _HIGH.search(text):
            text, self._carry = text[:-1], text[-1]
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.isascii() and _LONE.search(text):
            text = _PAIR.sub(_joined, text)
            text = _LONE.sub("\ufffd", text)
        return text

    def _take(self, text: str) -> None:
        at = 0
        while at < len(text):
            if self._tail is not None:
                at = self._take_tail(self._tail, text, at)
            elif self._start is not None:
                self._take_start(self._start + text[at])
                at += 1
            else:
                end = text.find("\n", at)
                if end < 0:
                    self._say(text[at:])
                    return
                self._say(text[at : end + 1])
                self._start, at = "", end + 1

    def _take_start(self, start: str) -> None:
        if start[-1] == "\n":
            self._say(start)
            self._start = ""
            return
        reading = read_tag(start, self._roster)
        if isinstance(reading, Tag):
            self._turn_to(reading.named)
            self._start, self._tail = None, _Tail(reading)
        elif reading == "text":
            self._start = None
            self._say(start)
        else:
            self._start = start

    def _take_tail(self, tail: "_Tail", text: str, at: int) -> int:
        if tail.eats(text[at]):
            return at + 1
        self._tail = None
        if tail.smile and text[at] != "\n":
            self._say(":")
        return at

    def _turn_to(self, named: Named) -> None:
        self._next, self._fresh = named, True
        self._space.clear()

    def _say(self, text: str) -> None:
        visible = text.rstrip(_INVISIBLE)
        if not visible:
            if not self._fresh:
                self._space.append(text)
            return
        space = text[len(visible) :]
        if self._fresh:
            visible = self._opening(visible.lstrip(_INVISIBLE))
        self._space.append(visible)
        self._events.append(Grew(self._index, "".join(self._space)))
        self._space = [space] if space else []

    def _opening(self, visible: str) -> str:
        self._fresh = False
        spoken = f"{self._next.manner} {visible}" if self._next.manner else visible
        same = self._open is not None and self._open.author == self._next.author
        if same:
            return "\n" + spoken
        self._close()
        self._index += 1
        self._open = self._next
        self._events.append(Opened(self._index, self._next.author, self._next.known))
        return spoken

    def _close(self) -> None:
        if self._open is not None:
            self._events.append(Closed(self._index))
            self._open = None

    def _told(self) -> tuple[SpeechEvent, ...]:
        told, self._events = tuple(self._events), []
        return told


class _Tail:
    """What may stand between a tag and its speech: bold marks, one colon, blanks."""

    def __init__(self, tag: Tag) -> None:
        self._stars = tag.stars
        self._colon = tag.colon
        self._gap = False
        self.smile = False
        """A colon came after a gap: eaten if a blank follows, else it is a face like ``:)``."""

    def eats(self, char: str) -> bool:
        if char in BLANKS:
            self._gap, self.smile = True, False
            return True
        if self.smile:
            return False
        if char == "*" and self._stars:
            self._stars -= 1
            return True
        if char in ":：" and not self._colon:
            self._colon = True
            self.smile = self._gap
            return True
        return False


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def parse(text: str, roster: Roster) -> tuple[Speech, ...]:
    """The speeches of a whole answer: the same rows that feeding it in slices gives."""
    parser = SpeakerParser(roster)
    opened: list[Opened] = []
    texts: list[list[str]] = []
    for event in parser.feed(text) + parser.finish():
        if isinstance(event, Opened):
            opened.append(event)
            texts.append([])
        elif isinstance(event, Grew):
            texts[event.index].append(event.text)
    rows = zip(opened, texts, strict=True)
    return tuple(Speech(one.author, one.known, "".join(parts)) for one, parts in rows)
