"""A room with a story of any length, put where a program will find it."""

import asyncio
from pathlib import Path
from threading import Thread

from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, Character, Message, Room, Stage
from desktop.store import branches, messages, rooms
from desktop.store.database import Database

NOW = UtcMs(1_767_225_600_000)
HOUR_MS = 3_600_000
_CHUNK = 2_000
CAST = (
    Character(id="doire", name="도이레", dye="chija"),
    Character(id="maru", name="한마루", dye="jjok"),
    Character(id="yunseul", name="윤슬", dye="iki"),
)
_TEXTS = (
    "막배가 끊기고 나면 이 등대는 섬이 된다. 누군가 지금도 그 편지를 쓰고 있는 것처럼.",
    "*등불을 낮춘다.* 그 편지는 아직 마르지 않았어.",
    "그럼 오늘은 몇 번째 등대가 꺼질 차례입니까? 아무도 세어 보지 않았다는 말은 마세요.",
    "쉿.",
)


def written(data: Path, count: int, title: str = "긴 이야기") -> None:
    """Fill the data folder of a program that does not run."""
    place = data / "data"
    place.mkdir(parents=True, mode=0o700)
    # Playwright has a loop of its own on the thread of the test.
    filling = Thread(target=lambda: asyncio.run(_fill(place / "persona-chat.db", count, title)))
    filling.start()
    filling.join()


async def _fill(path: Path, count: int, title: str) -> None:
    database = await Database.open(path)
    room = Room(
        id="long",
        title=title,
        stage=Stage(characters=CAST),
        branch_id="path",
        message_count=0,
        last_line="",
        draft="",
        created_at=NOW,
        updated_at=NOW,
    )
    async with database.transaction() as session:
        await rooms.add(session, room)
        first = branches.Branch(id=room.branch_id, room_id=room.id, created_at=NOW)
        await branches.add(session, first)
    for start in range(1, count + 1, _CHUNK):
        chunk = [_message(at, count) for at in range(start, min(start + _CHUNK, count + 1))]
        async with database.transaction() as session:
            await messages.append(session, room.branch_id, chunk, NOW)
    await database.close()


def _message(position: int, count: int) -> Message:
    person = CAST[position % len(CAST)]
    mine = position % 4 == 1
    return Message(
        id=f"m{position}",
        room_id="long",
        branch_id="path",
        position=position,
        turn_id="",
        author=Author(kind="user", name="나")
        if mine
        else Author(kind="character", name=person.name, id=person.id, dye=person.dye),
        text=f"{position}번째 말. {_TEXTS[position % len(_TEXTS)]}",
        status="complete",
        created_at=UtcMs(NOW - (count - position) * HOUR_MS // 30),
    )
