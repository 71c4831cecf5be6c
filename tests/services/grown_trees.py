"""Rooms whose trees have grown at random through the acts of a person, and of chance."""

import random
from typing import Any

import msgspec

from desktop.dialogue.dice import START, roll, seal
from desktop.protocol.base import UtcMs
from desktop.protocol.dice import SealedRoll
from desktop.protocol.models import (
    Author,
    Character,
    Message,
    Persona,
    Room,
    Stage,
    Turn,
    Usage,
)
from desktop.protocol.problems import problem
from desktop.protocol.story import Slot
from desktop.services.new_room import add_room
from desktop.services.outside import fresh_id
from desktop.store import branches, messages, rooms, slots, summaries, turns
from desktop.store.branches import Branch
from desktop.store.database import Database
from desktop.store.fingerprint import timeline_fingerprint
from desktop.store.session import Session
from desktop.store.summaries import SummaryRow

NOW = 1_767_225_600_000
WORDS = (
    "등대로 간다.",
    "*파도 소리*",
    "[하루]: 아니?",
    '"열쇠"\n\n# 제목',
    "네.",
    "👩‍👩‍👧",
    "{x}",
    "\\",
)


class Grower:
    """One room, grown step by step from a seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.time = NOW + chance.randrange(10**9)
        self.hash = START

    def tick(self) -> UtcMs:
        self.time += self.chance.randrange(1, 90_000)
        return UtcMs(self.time)

    def text(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randrange(1, 4)))

    async def grow(self, session: Session, steps: int) -> Room:
        title = self.chance.choice(("등대", "灯台", "The lighthouse", "ㅋㅋ / <b>"))
        room = await add_room(session, title, self.stage(), self.tick(), fresh_id)
        self.branches = [room.branch_id]
        for _ in range(steps):
            act = self.chance.choice(
                (self.say, self.say, self.say, self.answer, self.answer, self.fork, self.roll,
                 self.edit, self.hide, self.save, self.delete, self.sum_up)
            )  # fmt: skip
            await act(session, room.id)
        shown = self.chance.choice(self.branches)
        await rooms.switch(session, room.id, shown)
        await rooms.refresh(session, room.id, self.text())
        if self.chance.random() < 0.3:
            await rooms.set_archived(session, room.id, self.tick())
        await rooms.set_draft(session, room.id, self.text())
        found = await rooms.find(session, room.id)
        assert found is not None
        return found

    def stage(self) -> Stage:
        people = tuple(
            Character(id=f"c{number}", name=name, dye="chija", description=self.text())
            for number, name in enumerate(("하루", "나비", "Mina")[: self.chance.randrange(4)])
        )
        return Stage(
            world=self.text(),
            me=Persona(name="우체부"),
            characters=people,
            provider="claude",
            window=None,
            choices=3,
        )

    def author(self) -> Author:
        return self.chance.choice(
            (
                Author(kind="user", name="우체부"),
                Author(kind="narrator", name="진행자"),
                Author(kind="character", name="하루", id="c0", dye="chija"),
                Author(kind="character", name="[낯선: 이]"),
                Author(kind="note", name=""),
            )
        )

    def message(self, room_id: str, **more: Any) -> Message:
        fields: dict[str, Any] = {
            "id": fresh_id(),
            "room_id": room_id,
            "branch_id": "",
            "position": 0,
            "turn_id": "",
            "author": self.author(),
            "text": self.text(),
            "status": self.chance.choice(("complete", "partial", "stopped", "failed")),
            "created_at": self.tick(),
        }
        return Message(**{**fields, **more})

    async def say(self, session: Session, room_id: str) -> None:
        branch_id = self.chance.choice(self.branches)
        await messages.append(session, branch_id, [self.message(room_id)], self.tick())

    async def answer(self, session: Session, room_id: str) -> None:
        branch_id = self.chance.choice(self.branches)
        newest = await messages.newest(session, branch_id, 1)
        turn = Turn(
            id=fresh_id(),
            room_id=room_id,
            provider="claude",
            model="sonnet",
            outcome="running",
            started_at=self.tick(),
        )
        await turns.add(session, turn, branch_id, newest[0].id if newest else "")
        said = [self.message(room_id, turn_id=turn.id) for _ in range(self.chance.randrange(3))]
        await messages.append(session, branch_id, said, self.tick())
        ended = msgspec.structs.replace(
            turn,
            outcome=self.chance.choice(("complete", "failed", "interrupted")),
            problem=self.chance.choice((None, problem("quota", provider="claude"))),
            first_text_ms=self.chance.choice((None, 310)),
            total_ms=2_000,
            usage=Usage(
                input=self.chance.randrange(900), output=3, cost_usd=0.25, source="reported"
            ),
        )
        await session.run("UPDATE turn SET voice = 'haru+nabi' WHERE id = ?", turn.id)
        await turns.finish(session, ended, raw=self.text(), session_id="s", segments="[]")

    async def fork(self, session: Session, room_id: str) -> None:
        parent = await branches.find(session, self.chance.choice(self.branches))
        assert parent is not None
        least = parent.fork_position + (1 if parent.parent_id else 0)
        if parent.tip_position < least:
            return
        position = self.chance.randint(least, parent.tip_position)
        point = branches.Point(branch_id=parent.id, position=position)
        fresh = Branch(
            id=fresh_id(),
            room_id=room_id,
            parent_id=parent.id,
            fork_position=position,
            tip_position=position,
            message_count=await branches.count_at(session, point),
            kind=self.chance.choice(("alternative", "slot", "fresh")),
            name=self.chance.choice(("", "갈림길")),
            created_at=self.tick(),
        )
        await branches.add(session, fresh)
        self.branches.append(fresh.id)

    async def roll(self, session: Session, room_id: str) -> None:
        thrown = roll("2d6+1", lambda sides: self.chance.randint(1, sides))
        at, roll_id = self.tick(), fresh_id()
        self.hash = seal(self.hash, thrown, roll_id, at)
        sealed = SealedRoll(id=roll_id, roll=thrown, time=at, hash=self.hash)
        dice = Author(kind="dice", name="진행자")
        said = self.message(room_id, author=dice, roll=sealed, status="complete")
        await messages.append(session, self.chance.choice(self.branches), [said], self.tick())

    async def sum_up(self, session: Session, room_id: str) -> None:
        if found := await self._any(session):
            mark = await timeline_fingerprint(session, found.branch_id, found.position)
            await summaries.add(
                session,
                SummaryRow(
                    id=fresh_id(),
                    room_id=room_id,
                    branch_id=found.branch_id,
                    position=found.position,
                    fingerprint=mark,
                    provider="claude",
                    created_at=self.tick(),
                    text=self.text(),
                ),
            )

    async def _any(self, session: Session) -> Message | None:
        found = await messages.newest(session, self.chance.choice(self.branches), 20)
        return self.chance.choice(found) if found else None

    async def edit(self, session: Session, _: str) -> None:
        if found := await self._any(session):
            await messages.change_text(session, found.id, self.text(), self.tick())

    async def hide(self, session: Session, _: str) -> None:
        if found := await self._any(session):
            await messages.set_hidden(session, found.id, not found.hidden)

    async def delete(self, session: Session, _: str) -> None:
        found = await self._any(session)
        if found and self.chance.random() < 0.5:
            await messages.set_deleted(session, found.id, self.tick())

    async def save(self, session: Session, room_id: str) -> None:
        if found := await self._any(session):
            await slots.add(
                session,
                Slot(
                    id=fresh_id(),
                    room_id=room_id,
                    branch_id=found.branch_id,
                    position=found.position,
                    name=" ".join(self.text().split()),
                    before=self.chance.choice((None, "again", "chapter")),  # type: ignore[arg-type]
                    created_at=self.tick(),
                ),
            )


async def forest(database: Database, seed: int, how_many: int, steps: int) -> list[Room]:
    chance = random.Random(seed)
    grown = []
    for _ in range(how_many):
        async with database.transaction() as session:
            grown.append(await Grower(chance).grow(session, steps))
    return grown
