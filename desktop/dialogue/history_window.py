"""Which part of the story an AI is shown, counted in turns."""

from collections.abc import Sequence

from desktop.protocol.models import Message

_SHOWN = ("complete", "partial", "stopped")


def visible(history: Sequence[Message], window: int | None) -> tuple[Message, ...]:
    """The messages of the last ``window`` turns, oldest first; all of them for ``None``.

    A turn is my line and everything until my next line. An answer without a line of mine (going
    on, or mine as the narrator) is a turn as well: it is told by its turn id. Notes, failed or
    running answers and empty texts are left out.
    """
    shown = tuple(filter(_is_shown, history))
    if window is None:
        return shown
    return shown[_cut(shown, window) :]


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
        if at == 0 or _begins_turn(shown[at - 1], shown[at]):
            turns += 1
    return 0


def _begins_turn(before: Message, message: Message) -> bool:
    if message.author.kind == "user":
        return True
    return bool(before.turn_id) and before.turn_id != message.turn_id
