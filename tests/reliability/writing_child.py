"""A program of its own that is being killed while it edits, or while it brings old data up."""

import asyncio
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from desktop.protocol.methods import EditParams, RoomParams
from desktop.store.database import Database
from tests.doubles.scripted_provider import texts
from tests.services.table import STAGE, Table


def say(*words: object) -> None:
    print(*words, flush=True)


async def edit(path: Path) -> None:
    """Edit one line after the other for ever; tell each once it is promised to be stored."""
    table = await Table.laid(path, *[texts("[하루]: 켰어.\n[나비]: 야옹.")] * 8)
    room = await table.room(STAGE)
    for number in range(8):
        await table.say(room, f"{number}번째 줄")
    lines = [one.id for one in (await table.rooms.open(RoomParams(room_id=room.id))).messages]
    print("ready", room.id, len(lines), flush=True)
    for number in count():
        line = lines[number % len(lines)]
        await table.messages.edit(EditParams(message_id=line, text=f"고침 {number}"))
        print("edited", line, number, flush=True)


async def migrate(path: Path, tell: Callable[..., None] = say) -> None:
    tell("ready")
    await Database.open(path)
    tell("migrated")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run({"edit": edit, "migrate": migrate}[sys.argv[1]](Path(sys.argv[2])))
