"""A program of its own that is being killed: it sends one line and tells what its page hears."""

import asyncio
import sys
import uuid
from collections.abc import AsyncGenerator
from pathlib import Path

from desktop.protocol.events import AnyEvent, MessageAdded, MessageGrew
from desktop.protocol.methods import RoomCreateParams, SendParams, StageParams
from desktop.protocol.problems import Trouble
from desktop.providers.base import AnswerEvent, Request, TextCame
from desktop.services.outside import SystemClock, fresh_id
from desktop.services.rooms import Rooms
from desktop.services.turns import Turns
from desktop.store.database import Database
from tests.doubles.scripted_provider import ScriptedProvider
from tests.services.table import PATIENT, STAGE


class Endless(ScriptedProvider):
    """Two speakers in turn, a few words every five milliseconds, for ever."""

    async def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        number = 0
        while True:
            name = ("하루", "나비")[number // 20 % 2]
            tag = f"\n[{name}]: " if number % 20 == 0 else ""
            yield TextCame(text=f"{tag}{number}번째 말, ")
            number += 1
            await asyncio.sleep(0.005)


def tell(event: AnyEvent) -> None:
    if isinstance(event, MessageAdded):
        print("added", event.message.author.name, event.message.text.strip(), flush=True)
    elif isinstance(event, MessageGrew):
        print("grew", event.text.strip(), flush=True)


def report(bug: BaseException, doing: str) -> str:
    print("bug", doing, repr(bug), flush=True)
    return uuid.uuid4().hex


async def main(path: Path) -> None:
    database = await Database.open(path)
    clock = SystemClock()
    turns = Turns(
        database=database,
        providers={"scripted": Endless([()])},
        limits=lambda: PATIENT,
        emit=tell,
        clock=clock,
        new_id=fresh_id,
        report_bug=report,
    )
    rooms = Rooms(database, turns, tell, clock, fresh_id, lambda: 0)
    view = await rooms.create(RoomCreateParams(title="등대"))
    await rooms.stage(StageParams(room_id=view.room.id, stage=STAGE))
    print("ready", view.room.id, flush=True)
    try:
        await turns.send(SendParams(room_id=view.room.id, text="불을 켜 줘."))
    except Trouble as trouble:
        print("bug", trouble.problem, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
