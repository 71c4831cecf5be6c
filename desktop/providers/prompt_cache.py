"""Cut a prompt so that the part which stays the same can be cached by the vendor. Pure."""

from collections import OrderedDict
from typing import Any, NamedTuple

_BLOCK_CHARS = 2_000
"""Small enough that little is sent anew, large enough that a turn adds few blocks: the vendor
looks back over twenty of them for what it has cached."""
_ROOMS = 64


class Blocks(NamedTuple):
    """``texts`` put end to end are the prompt, unchanged. ``cached`` counts from the start."""

    texts: tuple[str, ...]
    cached: int


class PromptCache:
    """Remembers how each room's last prompt was cut.

    Writing to a cache costs a surcharge, so only what will be read again is marked: all before
    the newest line while the story just grows; what is still the same after an edit; nothing
    while a full window slides and every prompt begins with another line.
    """

    def __init__(self) -> None:
        self._rooms: OrderedDict[str, tuple[int, ...]] = OrderedDict()

    def cut(self, room_id: str, prompt: str, line: str) -> Blocks:
        """``line`` is the newest line: whatever stands from there on is new each time."""
        at = prompt.rfind(line) if line else -1
        stable, rest = _chunks(prompt[: at if at > 0 else len(prompt)])
        rest += prompt[at:] if at > 0 else ""
        marks = tuple(hash(text) for text in stable)
        before = self._rooms.get(room_id)
        same = len(marks) if before is None else _same(before, marks)
        grew = before is None or same == len(before)
        self._rooms[room_id] = marks
        self._rooms.move_to_end(room_id)
        while len(self._rooms) > _ROOMS:
            self._rooms.popitem(last=False)
        # A vendor refuses a block without a word in it.
        if not rest.strip() and stable:
            rest = stable.pop() + rest
        cached = min(len(marks) if grew else same, len(stable))
        return Blocks((*stable, rest), cached)


def marked_text(text: str) -> list[dict[str, Any]]:
    """One text that is cached whole, as a message part of Anthropic's shape."""
    return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]


def marked_content(blocks: Blocks) -> list[dict[str, Any]]:
    """The blocks as message parts, with a marker after the last one to be cached."""
    parts: list[dict[str, Any]] = [{"type": "text", "text": text} for text in blocks.texts]
    if blocks.cached:
        parts[blocks.cached - 1] = marked_text(blocks.texts[blocks.cached - 1])[0]
    return parts


def _chunks(text: str) -> tuple[list[str], str]:
    """Whole lines in blocks, and what is left. A longer text begins with the same blocks."""
    blocks: list[str] = []
    block = ""
    for line in text.splitlines(keepends=True):
        block += line
        if len(block) >= _BLOCK_CHARS and block.strip() and block.endswith("\n"):
            blocks.append(block)
            block = ""
    return blocks, block


def _same(before: tuple[int, ...], now: tuple[int, ...]) -> int:
    pairs = zip(before, now, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(before), len(now)))
