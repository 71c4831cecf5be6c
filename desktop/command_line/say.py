"""One turn in the terminal, over the same services as the window."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from msgspec.structs import replace

from desktop.dialogue.dice import commanded_roll
from desktop.protocol.events import AnyEvent, MessageAdded, TurnEnded
from desktop.protocol.methods import (
    Opened,
    OpenParams,
    RoomParams,
    RoomView,
    SendParams,
    Sent,
    StageParams,
    TurnParams,
)
from desktop.protocol.models import Room, Turn
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.rolling import DiceParams, Rolled

Ask = Callable[[str, object], Awaitable[object]]
"""Calls a method of the protocol by its name."""


async def say(
    ask: Ask,
    events: asyncio.Queue[AnyEvent],
    show: Callable[[AnyEvent], None],
    text: str,
    *,
    room: str = "",
    provider: str = "",
) -> Turn | None:
    """Send a line, show every event until the turn has ended, and return the ended turn.

    A line such as ``/roll 2d6`` is rolled and asks nobody: ``None``. SIGINT stops the turn; what
    had come by then is stored. Raises ``Trouble``.
    """
    chosen = await found_room(ask, room)
    if commanded_roll(text) is not None:
        rolled = await ask("dice.roll", DiceParams(room_id=chosen.id, text=text))
        assert isinstance(rolled, Rolled)
        for message in rolled.messages:
            show(MessageAdded(message=message))
        return None
    async with _answered_by(ask, chosen, provider):
        sent = await ask("turn.send", SendParams(room_id=chosen.id, text=text))
        assert isinstance(sent, Sent)
        with _stopping(ask, sent.turn.id):
            while True:
                event = await events.get()
                show(event)
                if isinstance(event, TurnEnded) and event.turn.id == sent.turn.id:
                    return event.turn


async def found_room(ask: Ask, wanted: str) -> Room:
    """By id or exact title; the last one used if empty. Raises ``Trouble(not_found)``."""
    opened = await ask("app.open", OpenParams())
    assert isinstance(opened, Opened)
    if not wanted:
        if opened.room is None:
            raise Trouble(problem("not_found", field="room"))
        return opened.room.room
    by_id = [room for room in opened.rooms if room.id == wanted]
    by_title = [room for room in opened.rooms if room.title == wanted]
    for found in (by_id, by_title):
        if len(found) == 1:
            view = await ask("room.open", RoomParams(room_id=found[0].id))
            assert isinstance(view, RoomView)
            return view.room
    raise Trouble(problem("not_found", field="room"))


@contextlib.asynccontextmanager
async def _answered_by(ask: Ask, room: Room, provider: str) -> AsyncIterator[None]:
    """Another provider for this turn only: the room keeps its own."""
    if not provider or provider == room.stage.provider:
        yield
        return
    guest = replace(room.stage, provider=provider, model="")
    await ask("room.stage", StageParams(room_id=room.id, stage=guest))
    try:
        yield
    finally:
        await ask("room.stage", StageParams(room_id=room.id, stage=room.stage))


@contextlib.contextmanager
def _stopping(ask: Ask, turn_id: str) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    stops: list[asyncio.Future[object]] = []

    def stop() -> None:
        stops.append(asyncio.ensure_future(ask("turn.stop", TurnParams(turn_id=turn_id))))

    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except NotImplementedError:
        # Windows: the default handler cancels the task, and closing the services stores the turn.
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
