"""Which part of the story an AI is shown: so many turns, and no more than its context holds."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from desktop.protocol.models import Message

_SHOWN = ("complete", "partial", "stopped")
_BLOCKS = 4
"""Where the context is full, about this part of what fits is dropped at a time."""

Why = Literal["whole", "window", "context"]


class Fitted(NamedTuple):
    """What is shown, oldest first, and how much of what was given is not.

    ``why`` is what set the beginning: nothing, the room's window, or the model's context.
    """

    visible: tuple[Message, ...]
    dropped_messages: int = 0
    dropped_turns: int = 0
    why: Why = "whole"

    @property
    def first_id(self) -> str:
        """The message before which the log draws its rule; empty if nothing is shown."""
        return self.visible[0].id if self.visible else ""


def fit(
    history: Sequence[Message],
    window: int | None,
    budget_tokens: int | None = None,
    estimate: Callable[[str], int] = len,
) -> Fitted:
    """What ``visible`` shows, cut further where it needs more than ``budget_tokens``.

    Whole turns are dropped, and in blocks: the beginning stays where it is for many turns, so
    that a provider's prompt cache keeps fitting. Blocks are told by the messages' positions;
    only what fits is estimated, however long the story is. Of a turn that is too long by itself
    the end is shown; the newest message always is.
    """
    shown = tuple(filter(_is_shown, history))
    by_window = 0 if window is None else _cut(shown, window)
    by_context = by_window
    if budget_tokens is not None:
        by_context = _cut_to(shown, by_window, budget_tokens, estimate)
    turns = sum(_starts_turn(shown, at) for at in range(by_context))
    why: Why = "context" if by_context > by_window else "window" if by_window else "whole"
    return Fitted(shown[by_context:], by_context, turns, why)


def visible(history: Sequence[Message], window: int | None) -> tuple[Message, ...]:
    """The messages of the last ``window`` turns, oldest first; all of them for ``None``.

    A turn is my line and everything until my next line, also where several AIs answer it one
    after another, or one of them once more. An answer without a line of mine (going
    on, or mine as the narrator) is a turn as well: it is told by its turn id. Notes, failed or
    running answers and empty texts are left out.
    """
    return fit(history, window).visible


def left_out(history: Sequence[Message], window: int | None) -> int:
    """How many messages ``visible`` would have shown without a window, but does not."""
    shown = tuple(filter(_is_shown, history))
    return 0 if window is None else _cut(shown, window)


def _is_shown(message: Message) -> bool:
    return message.status in _SHOWN and message.author.kind != "note" and bool(message.text.strip())


def _cut(shown: Sequence[Message], window: int) -> int:
    turns = 0
    for at in range(len(shown) - 1, -1, -1):
        if turns == window:
            return at + 1
        turns += _starts_turn(shown, at)
    return 0


def _cut_to(
    shown: Sequence[Message], least: int, budget: int, estimate: Callable[[str], int]
) -> int:
    first = len(shown)
    while first > least:
        message = shown[first - 1]
        budget -= estimate(f"[{message.author.name}]: {message.text}\n")
        if budget < 0:
            break
        first -= 1
    if first == least:
        return least
    return _block_start(shown, first)


def _block_start(shown: Sequence[Message], first: int) -> int:
    """The first turn of a block at or behind ``first``; blocks begin at multiples of a length."""
    starts = [at for at in range(first, len(shown)) if _starts_turn(shown, at)]
    if not starts:
        return min(first, len(shown) - 1)
    length = _power_of_two((len(shown) - first) // _BLOCKS)
    block = -(-shown[first].position // length) * length
    return next((at for at in starts if shown[at].position >= block), starts[0])


def _power_of_two(most: int) -> int:
    """The largest one that is not larger: a length that does not follow every small change."""
    return 1 << max(most, 1).bit_length() - 1


def _starts_turn(shown: Sequence[Message], at: int) -> bool:
    if at == 0 or shown[at].author.kind == "user":
        return True
    if shown[at].author.kind == "dice":
        return False
    here, before = shown[at], shown[at - 1]
    if before.author.kind == "user" or _same_round(before, here):
        return False
    return bool(before.turn_id) and before.turn_id != here.turn_id


def _same_round(before: Message, here: Message) -> bool:
    """Whether both answer the same line, each by an AI of its own."""
    lines = {one.by.line_id if one.by else "" for one in (before, here)}
    return len(lines) == 1 and "" not in lines
