"""A CLI is killed in the middle of a turn, at any moment: a marked partial, and the next works."""

import os
import random
import signal
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from msgspec.structs import replace

from desktop.protocol.models import Room
from desktop.services.providers import Providers
from desktop.services.rooms import Rooms
from desktop.services.turns import Turns
from desktop.store.database import Database
from tests.emulator.scenarios import KO
from tests.providers.warm import KINDS, Warm
from tests.reliability._home import run
from tests.services.table import STAGE, Table, info


class CliTable(Table):
    """The services over a real database, with one real CLI in the place of the scripted one."""

    def seat(self, warm: Warm, name: str) -> None:
        self.cli = warm.provider(name, "slow", "r")
        self.turns = Turns(
            database=self.database,
            providers={name: self.cli},
            limits=self.settings.limits,
            emit=self.page.take,
            clock=self.clock,
            new_id=self.new_id,
            report_bug=self.report_bug,
        )
        self.providers = Providers(
            {name: self.cli}, [info(name)], self.page.take, self.clock, self.report_bug
        )
        self.rooms = Rooms(
            self.database, self.turns, self.page.take, self.clock, self.new_id, self.sequence
        )


async def one_kill(table: CliTable, room: Room, chance: random.Random) -> str:
    """Kill after some of the text, or before any; returns what became of the turn."""
    before = len(table.page.path(room.id))
    sent = await table.send(room)
    wanted = chance.randrange(0, 60)

    def so_far() -> str:
        return "".join(one.text for one in table.page.path(room.id)[before + 1 :])

    await table.until(lambda: table.cli._lanes and len(so_far()) >= wanted)
    victim = next(lane for lane in table.cli._lanes if lane not in table.cli._pool.idle)
    os.kill(victim.pid, signal.SIGKILL)
    turn = await table.ended(sent.turn.id)
    rows = table.page.path(room.id)[before + 1 :]
    if turn.outcome == "complete":  # it died before its first text, and another took its place
        return "replaced"
    assert turn.outcome == "failed", turn
    assert turn.problem is not None
    assert turn.problem.code in {"cut_off", "crashed"}, turn.problem
    assert not rows or rows[-1].status == "partial", rows
    return "partial" if rows else "nothing came"


async def killed_clis(warm: Warm, name: str, kills: int) -> str:
    """Raises ``AssertionError`` where a kill leaves no mark, or the next turn does not work."""
    chance, seen = random.Random(7), Counter[str]()
    async with AsyncExitStack() as stack:
        database = await Database.open(Path(warm.home.root) / "table.db")
        table = CliTable(database, [])
        stack.push_async_callback(table.close)
        table.seat(warm, name)
        room = await table.room(
            replace(STAGE, provider=name, model=KINDS[name].model, retention=True)
        )
        for number in range(kills):
            seen[await one_kill(table, room, chance)] += 1
            turn = await table.say(room, f"{number}째 다음 말")
            assert turn.outcome == "complete", (number, turn)
            said = "".join(
                one.text.strip() for one in table.page.path(room.id) if one.turn_id == turn.id
            )
            assert "커피는 네가 사는" in said, said
            assert said.count("좁은 우산") == (KO * 2).count("좁은 우산"), said
        assert table.bugs == []
        assert warm.zombies() == 0
    return f"{kills} kills: " + ", ".join(f"{many} {what}" for what, many in seen.most_common())


if __name__ == "__main__":
    run(killed_clis, 50)
