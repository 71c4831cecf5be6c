"""Which room's name stands in the window's title: the one that was opened last."""

from collections.abc import Callable

from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent, RoomChanged
from desktop.protocol.methods import Opened, RoomView
from desktop.protocol.models import Room


class RoomTitle:
    """``show`` gets the title whenever it changes; both ``saw`` methods run on the loop."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._room_id = ""
        self._title = ""

    def saw_result(self, result: Frozen) -> None:
        """The page was given a room to show, or none."""
        if isinstance(result, Opened):
            self._choose(result.room.room if result.room else None)
        elif isinstance(result, RoomView):
            self._choose(result.room)

    def forget(self) -> None:
        """No room is shown any more, or nobody is to know which."""
        self._choose(None)

    def saw_event(self, event: AnyEvent) -> None:
        if isinstance(event, RoomChanged) and event.room.id == self._room_id:
            self._choose(event.room)

    def _choose(self, room: Room | None) -> None:
        self._room_id = room.id if room else ""
        title = room.title if room else ""
        if title != self._title:
            self._title = title
            self._show(title)
