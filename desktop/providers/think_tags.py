"""Tell a local model's thinking, written as ``<think>…</think>`` before its text, from the text."""

from typing import NamedTuple

_TAGS = {"<think>": "</think>", "<thinking>": "</thinking>"}


class Piece(NamedTuple):
    """``text`` and ``thinking`` of one piece; either may be empty."""

    text: str
    thinking: str


class ThinkTags:
    """Takes a text in pieces. Only a tag at the very start counts: later ones are story."""

    def __init__(self) -> None:
        self._held = ""
        self._end = ""
        self._state = "start"

    def feed(self, piece: str) -> Piece:
        if self._state == "text":
            return Piece(piece, "")
        if self._state == "thinking":
            return self._thinking(piece)
        if self._state == "gap":
            return self._after_thinking(piece)
        return self._start(piece)

    def finish(self) -> Piece:
        """What was held back because it might have become a tag."""
        held, self._held = self._held, ""
        return Piece("", held) if self._state == "thinking" else Piece(held, "")

    def _start(self, piece: str) -> Piece:
        self._held += piece
        begun = self._held.lstrip()
        for tag, end in _TAGS.items():
            if begun.startswith(tag):
                self._held, self._end, self._state = "", end, "thinking"
                return self._thinking(begun.removeprefix(tag))
        if any(tag.startswith(begun) for tag in _TAGS):
            return Piece("", "")
        held, self._held, self._state = self._held, "", "text"
        return Piece(held, "")

    def _thinking(self, piece: str) -> Piece:
        self._held += piece
        thinking, found, rest = self._held.partition(self._end)
        if found:
            self._held, self._state = "", "gap"
            return Piece(self._after_thinking(rest).text, thinking)
        keep = _begun(self._held, self._end)
        thinking = self._held[: len(self._held) - keep]
        self._held = self._held[len(thinking) :]
        return Piece("", thinking)

    def _after_thinking(self, piece: str) -> Piece:
        text = piece.lstrip()
        if text:
            self._state = "text"
        return Piece(text, "")


def _begun(text: str, tag: str) -> int:
    """How many characters at the end of ``text`` may be the start of ``tag``."""
    sizes = range(min(len(text), len(tag) - 1), 0, -1)
    return next((size for size in sizes if tag.startswith(text[-size:])), 0)
