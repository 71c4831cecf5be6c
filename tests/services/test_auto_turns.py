"""Turns that come by themselves: how many, what ends them, and that they leave no line of mine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop.protocol.auto import VoiceParams
from desktop.protocol.auto_methods import AutoRoomParams
from desktop.protocol.events import AnyEvent, AutoChanged, NextChanged, ProblemRaised, TurnEnded
from desktop.protocol.methods import (
    RoomParams,
    RoomView,
    SendParams,
    StageParams,
    TurnParams,
)
from desktop.protocol.models import Narrator, Room
from desktop.protocol.problems import Trouble
from desktop.services.auto_turns import AutoTurns
from desktop.services.next_voices import NextVoices
from desktop.services.turn_voices import Voices
from desktop.services.turns import Turns
from desktop.store.database import Database
from tests.doubles.scripted_provider import Hold, ScriptedProvider, Step, cut, texts
from tests.services.table import PATIENT, STAGE, Table, said

SINGLE = replace(
    STAGE, answering="single", narrator=Narrator(kind="none"), auto_delay_s=0, auto_limit=3
)
BOTH = texts("[하루]: 음.\n[나비]: 음.")
HARU, NABI = texts("[하루]: 음."), texts("[나비]: 야옹.")
TURN_BY_TURN = (HARU, NABI) * 40


class AutoTable(Table):
    """A table at which turns can come by themselves; ``slept`` are the delays."""

    def lay_autos(self) -> None:
        self.voices = Voices()
        self.slept: list[float] = []
        self.hearing: list[AutoTurns | NextVoices] = []
        self.prepared: list[str] = []
        self.turns = Turns(
            database=self.database,
            providers=self.by_id,
            limits=lambda: PATIENT,
            emit=self.emit,
            clock=self.clock,
            new_id=self.new_id,
            report_bug=self.report_bug,
            stacks=self.stacks,
            voices=self.voices,
        )
        self.autos = AutoTurns(
            self.database,
            lambda: self.turns,
            self.voices,
            self.emit,
            self.clock,
            self.report_bug,
            self.sleep,
        )
        self.next = NextVoices(self.database, self.voices, self.emit, self.report_bug, self.prepare)
        self.hearing += [self.autos, self.next]
        self.rooms._emit = self.emit
        self.rooms._turns = self.turns

    def emit(self, event: AnyEvent) -> None:
        self.page.take(event)
        for one in self.hearing:
            one.heard(event)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0 if seconds < 30 else 3600)

    async def prepare(self, room_id: str) -> None:
        self.prepared.append(room_id)

    async def auto(self, room: Room) -> None:
        await self.autos.start(VoiceParams(room_id=room.id))

    async def why(self) -> str:
        return await self.until(
            lambda: next((one.why for one in self.page.of(AutoChanged) if one.why), "")
        )

    async def close(self) -> None:
        await self.autos.close()
        await self.next.close()
        await super().close()


@pytest.fixture
async def laid(tmp_path: Path) -> AsyncIterator[AutoTable]:
    database = await Database.open(tmp_path / "auto.db", busy_timeout_ms=50)
    table = AutoTable(database, [ScriptedProvider(TURN_BY_TURN)])
    table.lay_autos()
    yield table
    assert table.bugs == []
    await table.close()


def play(table: AutoTable, *scripts: tuple[Step, ...]) -> None:
    table.provider.scripts = scripts


async def test_turns_come_by_themselves_until_the_limit_and_none_is_a_line_of_mine(
    laid: AutoTable,
) -> None:
    room = await laid.room(replace(SINGLE, auto_delay_s=2))
    await laid.say(room)
    await laid.auto(room)
    assert await laid.why() == "limit"
    assert [one[0] for one in said(laid.page.path(room.id))] == [
        "우체부",
        "하루",
        "나비",
        "하루",
        "나비",
    ]
    counts = [one.auto.count for one in laid.page.of(AutoChanged) if one.auto]
    assert counts == [0, 0, 1, 1, 2, 2]
    assert laid.slept == [2, 2]
    assert [one.turn.automatic for one in laid.page.of(TurnEnded)] == [False, True, True, True]
    assert laid.autos.state(room.id) is None


async def test_without_a_limit_they_go_on_until_i_say_so(laid: AutoTable) -> None:
    room = await laid.room(replace(SINGLE, auto_limit=None))
    await laid.say(room)
    await laid.auto(room)
    await laid.until(lambda: len(laid.page.of(TurnEnded)) > 12)
    state = laid.autos.state(room.id)
    assert state is not None
    assert state.limit is None
    await laid.autos.stop(AutoRoomParams(room_id=room.id))
    assert await laid.why() == "asked"
    await laid.until(lambda: not laid.turns.occupied(room.id))
    ended = len(laid.page.of(TurnEnded))
    await asyncio.sleep(0.05)
    assert len(laid.page.of(TurnEnded)) == ended


async def test_stopping_the_answer_stops_them(laid: AutoTable) -> None:
    room = await laid.room(SINGLE)
    await laid.say(room)
    play(laid, (*HARU[:-1], Hold(asyncio.Event())))
    await laid.auto(room)
    turn = await laid.until(lambda: laid.turns.running_for(room.id))
    await laid.heard("음.")
    await laid.turns.stop(TurnParams(turn_id=turn.id))
    assert await laid.why() == "stopped"


async def test_a_problem_stops_them(laid: AutoTable) -> None:
    room = await laid.room(SINGLE)
    await laid.say(room)
    play(laid, HARU, cut("[나비]: 야"))
    await laid.auto(room)
    assert await laid.why() == "problem"


async def test_my_line_goes_first_and_stops_them(laid: AutoTable) -> None:
    room = await laid.room(replace(SINGLE, auto_limit=None))
    await laid.say(room)
    play(laid, HARU, (*NABI[:-1], Hold(asyncio.Event())))
    await laid.auto(room)
    await laid.until(lambda: laid.turns.running_for(room.id))
    play(laid, BOTH)
    sent = await laid.autos.send(SendParams(room_id=room.id, text="잠깐만."))
    await laid.ended(sent.turn.id)
    assert await laid.why() == "line"
    assert [one.text for one in laid.page.path(room.id)][-2:] == ["잠깐만.", "음."]
    await asyncio.sleep(0.05)
    assert not laid.turns.occupied(room.id)


async def test_my_line_in_the_pause_goes_at_once(laid: AutoTable) -> None:
    room = await laid.room(replace(SINGLE, auto_delay_s=60))
    await laid.say(room)
    await laid.auto(room)
    await laid.until(lambda: laid.slept)
    sent = await laid.autos.send(SendParams(room_id=room.id, text="나도 있어."))
    assert await laid.why() == "line"
    await laid.ended(sent.turn.id)


async def test_they_wait_for_me_when_somebody_says_my_name(laid: AutoTable) -> None:
    room = await laid.room(SINGLE)
    await laid.say(room)
    play(laid, HARU, texts("[나비]: 우체부는 어떻게 생각해?"))
    await laid.auto(room)
    assert await laid.why() == "addressed"
    assert len([one for one in laid.page.of(TurnEnded) if one.turn.automatic]) == 1


@pytest.mark.parametrize("change", ["provider", "answering"])
async def test_others_at_the_table_stop_them(laid: AutoTable, change: str) -> None:
    room = await laid.room(replace(SINGLE, auto_delay_s=60))
    await laid.say(room)
    await laid.auto(room)
    await laid.until(lambda: laid.slept)
    stage = replace(SINGLE, **{change: {"provider": "other", "answering": "ensemble"}[change]})
    await laid.rooms.stage(StageParams(room_id=room.id, stage=stage))
    assert await laid.why() == "restaged"


async def test_a_change_of_words_alone_does_not_stop_them(laid: AutoTable) -> None:
    room = await laid.room(replace(SINGLE, auto_delay_s=60))
    await laid.say(room)
    await laid.auto(room)
    await laid.until(lambda: laid.slept)
    stage = replace(SINGLE, auto_delay_s=60, situation="비가 온다.", auto_limit=7)
    await laid.rooms.stage(StageParams(room_id=room.id, stage=stage))
    state = laid.autos.state(room.id)
    assert state is not None
    assert state.limit == 7
    await laid.rooms.trash(RoomParams(room_id=room.id))
    assert await laid.why() == "moved"


async def test_they_begin_behind_the_answer_that_is_being_given(laid: AutoTable) -> None:
    gate = asyncio.Event()
    play(laid, (*HARU[:-1], Hold(gate), HARU[-1]), NABI, HARU, NABI)
    room = await laid.room(SINGLE)
    await laid.send(room)
    await laid.heard("음.")
    await laid.auto(room)
    gate.set()
    assert await laid.why() == "limit"
    assert len(laid.page.of(TurnEnded)) == 4


async def test_in_an_empty_room_and_for_nobody_they_do_not_begin(laid: AutoTable) -> None:
    room = await laid.room(SINGLE)
    with pytest.raises(Trouble) as refused:
        await laid.auto(room)
    assert refused.value.problem.code == "nothing_to_say"
    await laid.say(room)
    with pytest.raises(Trouble) as refused:
        await laid.autos.start(VoiceParams(room_id=room.id, voice="nobody"))
    assert refused.value.problem.code == "invalid_request"
    assert laid.page.of(AutoChanged) == []


async def test_a_provider_that_is_gone_is_told(laid: AutoTable) -> None:
    room = await laid.room(SINGLE)
    await laid.say(room)
    laid.by_id.pop("scripted")
    await laid.auto(room)
    assert await laid.why() == "problem"
    assert [one.problem.code for one in laid.page.of(ProblemRaised)] == ["not_found"]
    laid.by_id["scripted"] = ScriptedProvider(TURN_BY_TURN)


async def test_who_is_next_is_told_when_it_changes_and_can_be_chosen_once(laid: AutoTable) -> None:
    room = await laid.room(SINGLE)

    def shown() -> RoomView:
        return laid.next.shown(RoomView(room=room, messages=(), has_more=False))

    assert shown().next is not None
    room = (await laid.view(room)).room
    await laid.say(room)
    await laid.until(lambda: laid.page.of(NextChanged)[-1:] and laid.prepared)
    told = laid.page.of(NextChanged)[-1].next
    assert told is not None
    assert told.voice == "nabi"
    await laid.next.choose(VoiceParams(room_id=room.id, voice="haru"))
    await laid.until(lambda: laid.page.of(NextChanged)[-1].next.reason == "asked")  # type: ignore[union-attr]
    sent = await laid.turns.go_on(VoiceParams(room_id=room.id))
    assert sent.turn.voice == "haru"
    await laid.ended(sent.turn.id)
    await laid.until(lambda: laid.page.of(NextChanged)[-1].next.reason == "turn")  # type: ignore[union-attr]


async def test_the_whole_table_can_go_on_by_itself_too(laid: AutoTable) -> None:
    play(laid, BOTH)
    room = await laid.room(replace(SINGLE, answering="ensemble", auto_limit=2))
    await laid.say(room)
    await laid.auto(room)
    assert await laid.why() == "limit"
    assert len([one for one in laid.page.of(TurnEnded) if one.turn.automatic]) == 2
