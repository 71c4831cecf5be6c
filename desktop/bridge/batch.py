"""What one push looks like: merged events as a line of ASCII JavaScript. Pure."""

import json
from collections.abc import Iterable
from itertools import groupby

import msgspec

from desktop.protocol.events import AnyEvent, Batch, MessageGrew

MAX_BATCH_EVENTS = 2_000


def merged(events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """The same events in the same order, with adjacent text of one message put together."""
    return tuple(_joined(list(run)) for _, run in groupby(events, key=_growing))


def _growing(event: AnyEvent) -> object:
    # An object equals only itself, so every other event stays alone.
    return event.message_id if isinstance(event, MessageGrew) else object()


def _joined(run: list[AnyEvent]) -> AnyEvent:
    first = run[0]
    if len(run) == 1 or not isinstance(first, MessageGrew):
        return first
    text = "".join(event.text for event in run if isinstance(event, MessageGrew))
    return msgspec.structs.replace(first, text=text)


def weight(event: AnyEvent) -> int:
    """About how many characters an event puts on the bridge."""
    return 100 + len(event.text) if isinstance(event, MessageGrew) else 2_000


def script(events: tuple[AnyEvent, ...], last: int) -> str:
    """The call that hands a batch to the page; a page that is not ready yet ignores it.

    Pure ASCII: GTK cuts other scripts short, and U+2028 would end a line in older engines.
    """
    batch = msgspec.to_builtins(Batch(last=last, events=events))
    text = json.dumps(batch, separators=(",", ":")).replace("</", "<\\/")
    return f"window.personaReceive&&window.personaReceive({text})"
