"""A room with a story in it, and its book."""

from collections.abc import Sequence
from pathlib import Path

from desktop.protocol.events import MessageAdded
from desktop.protocol.models import Author, AuthorKind, Message, Room
from desktop.services.book import Book
from desktop.services.book_saving import BookSaving
from desktop.store import messages
from tests.services.table import STAGE, Table

NAMES: dict[AuthorKind, str] = {
    "user": "우체부",
    "character": "하루",
    "narrator": "",
    "note": "메모",
}


class Shelf:
    """``place`` is what the dialog answers; ``names`` is what it was offered."""

    def __init__(self, table: Table, folder: Path) -> None:
        self.table = table
        self.folder = folder
        self.place = ""
        self.names: list[str] = []
        self.book = Book(table.story)
        self.saving = BookSaving(
            table.database,
            table.page.take,
            table.clock,
            folder / "scratch",
            choose_save=self._choose,
        )

    async def _choose(self, name: str) -> str:
        self.names.append(name)
        return self.place

    async def room(self, *lines: tuple[AuthorKind, str]) -> Room:
        room = await self.table.room(STAGE)
        await self.say(room, lines)
        return room

    async def say(self, room: Room, lines: Sequence[tuple[AuthorKind, str]]) -> None:
        now = self.table.clock.now_ms()
        said = [
            Message(
                id=self.table.new_id(),
                room_id=room.id,
                branch_id=room.branch_id,
                position=0,
                turn_id="",
                author=Author(kind=kind, name=NAMES[kind]),
                text=text,
                status="complete",
                created_at=now,
            )
            for kind, text in lines
        ]
        async with self.table.database.transaction() as session:
            stored = await messages.append(session, room.branch_id, said, now)
        for message in stored:
            self.table.page.take(MessageAdded(message=message))
