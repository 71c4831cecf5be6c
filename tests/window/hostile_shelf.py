"""Rooms, people, files and failures whose every word is out of a corpus, put where they lie."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread

from desktop.protocol.base import UtcMs
from desktop.protocol.models import (
    Author,
    Character,
    Message,
    Narrator,
    Persona,
    Relation,
    Room,
    Secret,
    Stage,
    Turn,
)
from desktop.protocol.problems import problem
from desktop.store import branches, messages, rooms, turns
from desktop.store.database import Database
from desktop.store.session import Session

NOW = UtcMs(1_767_225_600_000)
PER_ROOM = 116
"""Two in each message: a page of them is 60, and some are left for rolls and a turn."""
KINDS = ("character", "narrator", "user", "note")


def written(data: Path, corpus: Sequence[str]) -> list[str]:
    """Fill the data folder of a program that does not run; returns the names to open rooms by."""
    place = data / "data"
    place.mkdir(parents=True, mode=0o700)
    # Playwright has a loop of its own on the thread of the test.
    filling = Thread(target=lambda: asyncio.run(_fill(place / "persona-chat.db", corpus)))
    filling.start()
    filling.join()
    worlds = place / "persona_data" / "worlds"
    worlds.mkdir(parents=True)
    for number, vector in enumerate(corpus):
        name = "".join(c for c in vector if c not in "/\0\n\r")[:60].strip()
        (worlds / f"{name or number}.md").write_text(vector, "utf-8")
    return [f"방{number}" for number, _ in enumerate(_parts(corpus))]


def _parts(corpus: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(corpus), PER_ROOM):
        yield list(corpus[start : start + PER_ROOM])


def _pairs(part: list[str]) -> list[tuple[str, str]]:
    return list(zip(part[::2], part[1::2] + part[-1:], strict=False))


async def _fill(path: Path, corpus: Sequence[str]) -> None:
    database = await Database.open(path)
    async with database.transaction() as session:
        for number, vector in enumerate(corpus):
            await _room(session, f"t{number}", vector[:200], Stage(), NOW)
        for number, part in enumerate(_parts(corpus)):
            at = UtcMs(NOW + 1_000 - number)
            room = await _room(
                session, f"r{number}", f"방{number} {part[0]}"[:200], _stage(part), at
            )
            said = [
                _message(number, place, f"{one}\n\n{other}", one)
                for place, (one, other) in enumerate(_pairs(part))
            ]
            await messages.append(session, room.branch_id, said, at)
            await _failed_turn(session, room, part)
    await database.close()


async def _room(session: Session, room_id: str, title: str, stage: Stage, at: UtcMs) -> Room:
    room = Room(
        id=room_id,
        title=title,
        stage=stage,
        branch_id=f"b{room_id}",
        message_count=0,
        last_line=title,
        draft=title,
        created_at=at,
        updated_at=at,
    )
    await rooms.add(session, room)
    await branches.add(session, branches.Branch(id=room.branch_id, room_id=room_id, created_at=at))
    return room


def _stage(part: list[str]) -> Stage:
    text = "\n\n".join(vector[:1_000] for vector in part)
    return Stage(
        world=text,
        situation=text,
        me=Persona(name=part[0][:200], description=text),
        narrator=Narrator(description=text),
        model=part[-1][:200],
        characters=tuple(
            Character(
                id=f"c{place}",
                name=one[:200],
                aliases=(other[:200],),
                line=other[:2_000],
                description=one,
                speech=other,
                examples=(one[:2_000], other[:2_000]),
                relations=(Relation(text=other[:2_000]),),
                secrets=(Secret(text=one),),
                enabled=place < 3,
            )
            for place, (one, other) in enumerate(_pairs(part))
        ),
    )


def _message(room: int, place: int, text: str, vector: str) -> Message:
    return Message(
        id=f"m{room}x{place}",
        room_id="",
        branch_id="",
        position=0,
        turn_id=f"turn{room}",
        author=Author(kind=KINDS[place % 4], name=vector[:200], id=f"c{place}", dye=vector[:80]),  # type: ignore[arg-type]
        text=text,
        status="complete",
        created_at=NOW,
    )


async def _failed_turn(session: Session, room: Room, part: Sequence[str]) -> None:
    told = problem("crashed", detail=part[1], provider=part[2][:200], log_id=part[3][:200])
    turn = Turn(
        id=f"turn{room.id[1:]}",
        room_id=room.id,
        provider="storyteller",
        model=part[0][:200],
        outcome="running",
        started_at=NOW,
    )
    await turns.add(session, turn, room.branch_id, "")
    failed = Turn(
        id=turn.id,
        room_id=room.id,
        provider=turn.provider,
        model=turn.model,
        outcome="failed",
        problem=told,
        started_at=NOW,
    )
    await turns.finish(session, failed, raw=part[1], session_id="", segments="[]")
