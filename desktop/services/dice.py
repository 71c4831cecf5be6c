"""Rolling for the table: the program throws, seals the roll and proves the room's chain."""

from collections.abc import Callable, Mapping, Sequence
from secrets import randbelow

import msgspec

from desktop.dialogue.dice import (
    START,
    DiceError,
    asked_rolls,
    commanded_roll,
    named_formula,
    roll,
    seal,
    verify,
)
from desktop.protocol.dice import Grade, Outcome, Roll, SealedRoll
from desktop.protocol.events import MessageAdded, RoomChanged
from desktop.protocol.methods import RoomParams
from desktop.protocol.models import Author, Message, Room
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.rolling import DiceParams, DiceVerified, Rolled
from desktop.protocol.spoken import narrator_tag
from desktop.services.outside import Clock, Emit, NewId
from desktop.services.room_view import existing
from desktop.store import messages, rolls, rooms
from desktop.store.database import Database
from desktop.store.session import Session

Chance = Callable[[int], int]

MOST = 10
"""Rolls of one line."""


def secure_chance(sides: int) -> int:
    """1 to ``sides``, from the system's own source of chance."""
    return randbelow(sides) + 1


class Dice:
    """``busy`` says whether an answer is coming in a room: nothing may get in between."""

    def __init__(
        self,
        database: Database,
        busy: Callable[[str], bool],
        emit: Emit,
        clock: Clock,
        new_id: NewId,
        chance: Chance = secure_chance,
    ) -> None:
        self._database = database
        self._busy = busy
        self._emit = emit
        self._clock = clock
        self._new_id = new_id
        self._chance = chance

    async def roll(self, params: DiceParams) -> Rolled:
        """Roll what a line asks for, ``/roll …`` or ``[[…]]``, and put it into the story.

        Raises ``Trouble``: ``busy`` while an answer comes, ``invalid_request`` with the dice's
        own code in ``detail`` for a formula that cannot be rolled. All rolls are stored, or none.
        """
        thrown = self._thrown(params.text)
        async with self._database.transaction() as session:
            room = await existing(session, params.room_id)
            if self._busy(room.id):
                raise Trouble(problem("busy"))
            if room.trashed_at is not None:
                raise Trouble(problem("invalid_request", field="room_id"))
            stored = await self._store(session, room, thrown)
            if commanded_roll(params.text) is not None:
                await rooms.set_draft(session, room.id, "")
            room = await existing(session, room.id)
        for message in stored:
            self._emit(MessageAdded(message=message))
        self._emit(RoomChanged(room=room))
        return Rolled(messages=stored)

    async def throw_asked(self, session: Session, room: Room, text: str) -> tuple[Message, ...]:
        """Roll what a line asks for in double brackets, within the transaction that stores it.

        Nothing where it asks for none. Raises ``Trouble(invalid_request)`` as ``roll`` does.
        """
        thrown = self._asked(text)
        return await self._store(session, room, thrown) if thrown else ()

    async def verify(self, params: RoomParams) -> DiceVerified:
        """Prove every roll of a room anew, from its faces and the hash before it."""
        async with self._database.reading() as session:
            await existing(session, params.room_id)
            try:
                chain = await rolls.chain(session, params.room_id)
            except msgspec.MsgspecError:
                return DiceVerified(count=0, holds=False)
        broken = verify([sealed for _, sealed in chain])
        whole = chain if broken is None else chain[:broken]
        return DiceVerified(
            count=len(chain),
            holds=broken is None,
            message_ids=tuple(message_id for message_id, _ in whole),
        )

    def _thrown(self, text: str) -> tuple[Roll, ...]:
        command = commanded_roll(text)
        thrown = self._asked(text) if command is None else self._rolled([command])
        if not thrown:
            raise Trouble(problem("invalid_request", field="text", detail="empty"))
        return thrown

    def _asked(self, text: str) -> tuple[Roll, ...]:
        asked = asked_rolls(text)[:MOST]
        return self._rolled([named_formula(one) for one in asked])

    def _rolled(self, formulas: Sequence[str]) -> tuple[Roll, ...]:
        try:
            return tuple(roll(one, self._chance) for one in formulas)
        except DiceError as error:
            code = error.problem.code
            raise Trouble(problem("invalid_request", field="text", detail=code)) from error

    async def _store(
        self, session: Session, room: Room, thrown: tuple[Roll, ...]
    ) -> tuple[Message, ...]:
        now = self._clock.now_ms()
        previous = await rolls.newest_hash(session, room.id) or START
        fresh = []
        for one in thrown:
            roll_id = self._new_id()
            previous = seal(previous, one, roll_id, now)
            sealed = SealedRoll(id=roll_id, roll=one, time=now, hash=previous)
            fresh.append(
                Message(
                    id=self._new_id(),
                    room_id=room.id,
                    branch_id=room.branch_id,
                    position=0,
                    turn_id="",
                    author=Author(kind="dice", name=narrator_tag(room.stage)),
                    text=told(one),
                    status="complete",
                    created_at=now,
                    hidden=one.secret,
                    roll=sealed,
                )
            )
        return await messages.append(session, room.branch_id, fresh, now)


def told(thrown: Roll, words: Mapping[Grade, str] | None = None) -> str:
    """A roll as a line of the story: ``열쇠: 2d6+3>=9 = 11 [5, 3] success``.

    ``words`` are the names of the grades for readers; without them they stand as in the protocol.
    """
    outcomes = "; ".join(_outcome(one, words or {}) for one in thrown.outcomes)
    label = f"{thrown.label}: " if thrown.label else ""
    return f"{label}{thrown.normalised} = {outcomes}"


def _outcome(one: Outcome, words: Mapping[Grade, str]) -> str:
    faces = ", ".join(str(face.value) for group in one.groups for face in group.faces if face.kept)
    reached = one.grades or ((one.grade,) if one.grade else ())
    grades = [words.get(grade, grade) for grade in reached]
    loss = "" if one.loss is None else f"-{one.loss} → {one.left}"
    parts = (one.picked or str(one.total), f"[{faces}]", *grades, loss)
    return " ".join(filter(None, parts))
