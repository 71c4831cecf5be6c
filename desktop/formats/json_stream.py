"""Reads a JSON file of any size piece by piece: one list item at a time is held, never the whole.

The outer objects and lists are walked by hand; what stands in them is read by the standard
library's scanner from a buffer that grows only while a value is not whole yet.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Never, TextIO

from desktop.formats.parts import Unreadable

MOST_CHARACTERS = 48_000_000
"""Of one value: a message, a stage, a picture."""

_BLOCK = 1 << 18
_BLANK = re.compile(r"[ \t\n\r]*")


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _mended(found: Any) -> Any:
    """The value with what UTF-8 cannot hold replaced; as deep as the scanner itself goes."""
    if isinstance(found, str):
        return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(found, list):
        return [_mended(one) for one in found]
    if isinstance(found, dict):
        return {_mended(key): _mended(value) for key, value in found.items()}
    return found


def _no_constant(name: str) -> Never:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


class JsonCursor:
    """A place in the text. Each method takes what it names and moves on behind it.

    Everything raises ``Unreadable``: ``malformed``, ``cut_off``, ``too_deep``, ``too_large``.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next sign that is no white space; empty at the end."""
        while True:
            blank = _BLANK.match(self._buffer, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more(_BLOCK):
                return ""

    def fields(self) -> Iterator[str]:
        """The keys of an object; take each one's value before the next key is asked for."""
        self._take("{")
        if self._is("}"):
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise Unreadable("malformed", self._place())
            self._take(":")
            yield key
            if self._is("}"):
                return
            self._take(",")

    def items(self) -> Iterator[None]:
        """One round for each item of a list; take the item in it."""
        self._take("[")
        if self._is("]"):
            return
        while True:
            yield
            if self._is("]"):
                return
            self._take(",")

    def value(self) -> Any:
        """The whole value that comes next."""
        if not self.peek():
            raise Unreadable("cut_off", self._place())
        while True:
            try:
                found, end = _DECODER.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise Unreadable("too_deep", self._place()) from error
            except ValueError as error:
                if not self._more(len(self._buffer) - self._at):
                    raise self._fault() from error
                continue
            # A number may go on behind the buffer's end.
            if end < len(self._buffer) or not self._more(_BLOCK):
                # Half a sign, written as an escape, is nothing that could be stored.
                halves = _HALF.search(self._buffer, self._at, end)
                self._at = end
                return _mended(found) if halves else found

    def end(self) -> None:
        """Nothing but white space may follow."""
        if self.peek():
            raise Unreadable("malformed", self._place())

    def _fault(self) -> Unreadable:
        try:
            json.loads(self._buffer[self._at :], parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            # What is wrong right at the end is only missing the rest.
            if error.pos >= len(self._buffer) - self._at or "Unterminated" in error.msg:
                return Unreadable("cut_off", self._place())
        except (ValueError, RecursionError):
            pass
        return Unreadable("malformed", self._place())

    def _is(self, sign: str) -> bool:
        if self.peek() == sign:
            self._at += 1
            return True
        return False

    def _take(self, sign: str) -> None:
        found = self.peek()
        if found != sign:
            raise Unreadable("malformed" if found else "cut_off", self._place())
        self._at += 1

    def _more(self, wanted: int) -> bool:
        """Read on; what lies behind is let go."""
        if self._ended:
            return False
        if len(self._buffer) - self._at > MOST_CHARACTERS:
            raise Unreadable("too_large", self._place())
        block = self._text.read(max(_BLOCK, wanted))
        self._ended = not block
        self._buffer = self._buffer[self._at :] + block
        self._at = 0
        return bool(block)

    def _place(self) -> str:
        shown = self._buffer[max(0, self._at - 20) : self._at + 40]
        return " ".join(shown.split())[:60]
