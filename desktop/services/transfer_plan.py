"""Turns the parts of a file into batches of rows, one room after the other; touches no disk."""

import secrets
from collections.abc import Callable, Iterator

import msgspec

from desktop.formats.parts import (
    AnyPart,
    AssetPart,
    BranchPart,
    CardPart,
    LibraryItem,
    MessagePart,
    PicturePart,
    Remark,
    RollPart,
    RoomPart,
    SlotPart,
    SummaryPart,
    TurnPart,
    Unreadable,
)
from desktop.protocol.base import UtcMs
from desktop.protocol.models import Stage
from desktop.services.transfer_bounds import clean_name
from desktop.services.transfer_kept import IncomingKept
from desktop.services.transfer_place import Onto
from desktop.services.transfer_room import IncomingRoom
from desktop.services.transfer_stage import stage_of
from desktop.services.transfer_tally import Tally
from desktop.store.intake import Rows

MOST_ROOMS = 100_000
MOST_LIBRARY = 20_000
_BATCH = 10_000
_BATCH_CHARACTERS = 4_000_000


class Ended:
    """A room of which everything was told."""

    def __init__(self, room: IncomingRoom, shown: str) -> None:
        self.id = room.id
        self.title = room.title
        self.shown = shown
        """The branch it stands on."""
        self.turns = room.turns
        self.messages = room.messages
        self.branch_ids = tuple(room.branch_ids)
        self.summaries = tuple(room.summaries)


class Batch:
    """What is to be written next, in one step."""

    def __init__(self) -> None:
        self.rows: Rows = {}
        self.tips: list[tuple[int, int, str]] = []
        self.ended: list[Ended] = []
        self.library: list[LibraryItem] = []
        self.kept: list[PicturePart | AssetPart] = []


class Plan:
    """``file_title`` names a room whose title the file does not tell; ``stage`` is the one of the
    room that goes on, where one does."""

    def __init__(
        self,
        *,
        file_title: str,
        now: UtcMs,
        new_id: Callable[[], str],
        onto: Onto | None = None,
        stage: Stage | None = None,
    ) -> None:
        self.tally = Tally()
        self.kept = IncomingKept(self.tally)
        self._file_title = file_title
        self._now = now
        self._new_id = new_id
        self._onto = onto
        self._stage = stage
        self._room: IncomingRoom | None = None
        self._key = ""
        self._rooms = 0
        self._library = 0
        self._batch = Batch()
        self._characters = 0

    def batches(self, parts: Iterator[AnyPart]) -> Iterator[Batch]:
        """Raises what the parts raise, and ``Unreadable`` for a story that cannot be."""
        size = 0
        for part in parts:
            if type(part) is MessagePart:
                self._characters += len(part.text)
                self._of(part.room).message(part)
            else:
                self._take(part)
            size += 1
            if size >= _BATCH or self._characters >= _BATCH_CHARACTERS:
                size = 0
                yield self._full()
        self._end_room()
        yield self._full()

    def _full(self) -> Batch:
        batch, self._batch = self._batch, Batch()
        self._characters = 0
        if self._room is not None:
            batch.tips += self._room.tips()
            self._room.write_to(self._batch.rows)
        return batch

    def _take(self, part: AnyPart) -> None:
        match part:
            case MessagePart():
                self._characters += len(part.text)
                self._of(part.room).message(part)
            case TurnPart():
                self._characters += len(part.raw)
                self._of(part.room).turn(part)
            case RoomPart():
                self._begin_room(part)
            case BranchPart():
                self._of(part.room).branch(part)
            case RollPart():
                self._of(part.room).roll(part)
            case SlotPart():
                self._of(part.room).slot(part)
            case _:
                self._aside(part)

    def _aside(self, part: AnyPart) -> None:
        match part:
            case LibraryItem():
                self._library += 1
                self.tally.found["library"] += 1
                if self._library > MOST_LIBRARY:
                    raise Unreadable("too_many", "library")
                self._characters += len(part.content)
                self.kept.points(part.content)
                self._batch.library.append(part)
            case PicturePart() | AssetPart():
                self.kept.count(part)
                self._characters += len(part.data)
                self._batch.kept.append(part)
            case CardPart():
                # Its room, its entries and its rest are told by themselves.
                pass
            case SummaryPart():
                self._of(part.room).summary(part)
            case Remark():
                self.tally.told(part)
            case _:
                raise TypeError(type(part).__name__)

    def _of(self, room: str) -> IncomingRoom:
        if self._room is None or room != self._key:
            raise Unreadable("malformed", f"room {room}"[:60])
        return self._room

    def _begin_room(self, part: RoomPart) -> None:
        self._end_room()
        self._rooms += 1
        if self._rooms > MOST_ROOMS or (self._onto is not None and self._rooms > 1):
            raise Unreadable("too_many", "rooms")
        title = clean_name(part.title or self._file_title)
        if len(" ".join(part.title.split())) > len(title):
            self.tally.note("changed", "title_cut", part.title)
        stage = self._stage or stage_of(part, self.tally)
        if self._onto is None:
            self.kept.points(msgspec.json.encode(stage).decode())
        self._key = part.key
        self._room = IncomingRoom(
            part,
            stage,
            salt=secrets.token_bytes(16),
            now=self._now,
            new_id=self._new_id,
            rows=self._batch.rows,
            tally=self.tally,
            onto=self._onto,
        )
        self._room.begin(title or "?")

    def _end_room(self) -> None:
        room, self._room = self._room, None
        if room is not None:
            shown = room.end()
            self._batch.tips += room.tips()
            self._batch.ended.append(Ended(room, shown))
