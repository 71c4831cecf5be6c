"""The story's memory: made in the background, edited, stale after changes, true to its branch."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest
from msgspec.structs import replace

from desktop.protocol.events import SummaryChanged
from desktop.protocol.methods import AgainParams, EditParams, StageParams
from desktop.protocol.models import Room, Secret, SummaryMode, Usage
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.prompt_methods import SummaryParams
from desktop.protocol.prompting import SummarySaveParams, SummaryState
from desktop.protocol.usage import UsageParams
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Request,
    Started,
    TextCame,
    UsageTold,
)
from desktop.services.measures import Measures
from desktop.services.summaries import Summaries
from desktop.services.summary_writer import SummaryWriter
from desktop.services.usage import UsageBook
from tests.doubles.scripted_provider import Hold, ScriptedProvider, Step, texts
from tests.services.conftest import Lay
from tests.services.table import PATIENT, STAGE, Table

ANSWER = texts("[하루]: 켰어.")


class Answering(ScriptedProvider):
    """Turns get one script; requests for a summary another."""

    summing: Sequence[Step] = texts("# 줄거리\n우체부가 등대에 왔다.")

    async def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        self.scripts = [self.summing if request.one_off else ANSWER]
        async for event in super().answer(request):
            yield event


async def laid(
    lay: Lay, mode: SummaryMode = "request", turns: int = 9
) -> tuple[Table, Room, Summaries]:
    table = await lay(ANSWER)
    table.by_id["scripted"] = Answering([ANSWER])
    writer = SummaryWriter(
        table.database,
        table.by_id,
        Measures(table.database),
        lambda: PATIENT,
        table.new_id,
        table.clock,
    )
    summaries = Summaries(
        table.database, writer, table.page.take, table.clock, table.new_id, table.report_bug
    )
    table.turns._around.emit = summaries.overhear(table.page.take)
    room = await table.room(replace(STAGE, window=5, summary=mode))
    for number in range(turns):
        await table.say(room, f"{number}번째 말")
    return table, room, summaries


async def made(table: Table, room: Room, summaries: Summaries) -> SummaryState:
    assert (await summaries.make(SummaryParams(room_id=room.id))).making
    return await settled(table)


async def test_what_a_summary_costs_is_counted_for_the_room_and_is_no_turn(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    told = UsageTold(usage=Usage(input=900, output=40, cost_usd=0.5, source="reported"))
    answering = table.by_id["scripted"]
    assert isinstance(answering, Answering)
    answering.summing = (Started(), TextCame(text="우체부가 왔다."), told, Finished())
    book = UsageBook(table.database, table.clock)
    before = await book.read(UsageParams(room_id=room.id))
    await made(table, room, summaries)
    after = await book.read(UsageParams(room_id=room.id))
    assert after.all.turns == before.all.turns
    assert after.all.input == before.all.input + 900
    assert after.today.output == before.today.output + 40
    assert after.all.cost_usd == 0.5
    assert [one.all.input for one in after.speakers if one.kind == "nobody"] == [900]


async def test_a_summary_that_fails_has_cost_what_the_ai_says(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    told = UsageTold(usage=Usage(input=70, source="reported"))
    answering = table.by_id["scripted"]
    assert isinstance(answering, Answering)
    answering.summing = (Started(), told, Failed(problem=problem("quota", provider="scripted")))
    await made(table, room, summaries)
    sums = await UsageBook(table.database, table.clock).read(UsageParams(room_id=room.id))
    assert [one.all.input for one in sums.speakers if one.kind == "nobody"] == [70]


async def settled(table: Table) -> SummaryState:
    def found() -> SummaryState | None:
        told = table.page.of(SummaryChanged)
        return told[-1].state if told and not told[-1].state.making else None

    return await table.until(found)


async def test_what_fell_out_is_summed_up_and_told_to_the_next_turn(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    before = await summaries.read(SummaryParams(room_id=room.id))
    assert before.fallen == 8
    assert before.summary is None
    state = await made(table, room, summaries)
    assert state.summary is not None
    assert state.summary.text == "우체부가 등대에 왔다."
    assert (state.summary.by, state.summary.stale, state.fallen) == ("scripted", False, 0)
    asked = table.by_id["scripted"].requests[-1]
    assert asked.one_off
    assert asked.room_id != room.id
    assert "0번째 말" in asked.prompt
    assert "8번째 말" not in asked.prompt
    await table.say(room, "이제 어디로 가지?")
    prompt = table.by_id["scripted"].requests[-1].prompt
    assert "> 우체부가 등대에 왔다." in prompt
    assert "위의 줄거리로 줄였습니다" in prompt


async def test_a_summary_is_made_of_what_was_said_and_of_no_secret(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    secret = Secret(text="지하실 열쇠는 하루가 숨겼다.")
    keeper = replace(STAGE.characters[0], secrets=(secret,), description="몰래 밀수를 돕는다.")
    stage = replace(room.stage, characters=(keeper, *STAGE.characters[1:]))
    await table.rooms.stage(StageParams(room_id=room.id, stage=stage))
    await made(table, room, summaries)
    asked = table.by_id["scripted"].requests[-1]
    assert asked.one_off
    assert "0번째 말" in asked.prompt
    assert "밝혀진 만큼만" in asked.system
    for hidden in ("지하실", "밀수"):
        assert hidden not in asked.system + asked.prompt


async def test_the_next_summary_goes_on_from_the_last_one(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    first = (await made(table, room, summaries)).summary
    for number in range(9, 14):
        await table.say(room, f"{number}번째 말")
    second = (await made(table, room, summaries)).summary
    asked = table.by_id["scripted"].requests[-1].prompt
    assert first is not None
    assert second is not None
    assert second.upto > first.upto
    assert "> 우체부가 등대에 왔다." in asked
    assert " 0번째 말" not in asked


async def test_it_is_made_by_itself_before_anything_is_lost(lay: Lay) -> None:
    table, room, summaries = await laid(lay, "automatic", turns=6)
    await table.until(lambda: table.page.of(SummaryChanged))
    state = await settled(table)
    assert state.summary is not None
    for number in range(10):
        await table.say(room, f"더 {number}")
        await settled(table)
        await asyncio.gather(*summaries._looking)
        await settled(table)
        assert (await summaries.read(SummaryParams(room_id=room.id))).fallen == 0
    await summaries.close()


async def test_nothing_is_summed_up_by_itself_unless_the_room_wants_it(lay: Lay) -> None:
    table, _, _ = await laid(lay, "request", turns=12)
    assert not [one for one in table.by_id["scripted"].requests if one.one_off]


async def test_an_edit_in_what_it_covers_makes_it_stale_and_another_branch_does_not(
    lay: Lay,
) -> None:
    table, room, summaries = await laid(lay)
    await made(table, room, summaries)
    params = SummaryParams(room_id=room.id)
    sent = await table.turns.again(AgainParams(room_id=room.id))
    await table.ended(sent.turn.id)
    on_branch = (await summaries.read(params)).summary
    assert on_branch is not None
    assert not on_branch.stale
    last = table.page.path(room.id)[-2]
    await table.messages.edit(EditParams(message_id=last.id, text="다른 말"))
    later = (await summaries.read(params)).summary
    assert later is not None
    assert not later.stale
    first = table.page.path(room.id)[0]
    await table.messages.edit(EditParams(message_id=first.id, text="처음부터 다른 말"))
    stale = (await summaries.read(params)).summary
    assert stale is not None
    assert stale.stale
    state = await summaries.save(SummarySaveParams(room_id=room.id, text="내가 고친 줄거리"))
    assert state.summary is not None
    assert (state.summary.stale, state.summary.by, state.summary.upto) == (False, "", stale.upto)


async def test_a_branch_from_before_its_end_does_not_know_it(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    await made(table, room, summaries)
    early = table.page.path(room.id)[1]
    sent = await table.turns.again(AgainParams(room_id=room.id, message_id=early.id))
    await table.ended(sent.turn.id)
    assert (await summaries.read(SummaryParams(room_id=room.id))).summary is None
    assert "우체부가 등대에 왔다." not in table.by_id["scripted"].requests[-1].prompt


async def test_switched_off_it_is_kept_and_not_told(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    await made(table, room, summaries)
    from desktop.protocol.methods import StageParams

    off = replace(STAGE, window=5, summary="off")
    await table.rooms.stage(StageParams(room_id=room.id, stage=off))
    await table.say(room, "그래서?")
    assert "우체부가 등대에 왔다." not in table.by_id["scripted"].requests[-1].prompt
    assert (await summaries.read(SummaryParams(room_id=room.id))).summary is not None


async def test_deleted_it_is_gone_and_can_be_written_again(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    await made(table, room, summaries)
    params = SummaryParams(room_id=room.id)
    assert (await summaries.delete(params)).summary is None
    state = await summaries.save(SummarySaveParams(room_id=room.id, text="손으로 쓴 줄거리"))
    assert state.summary is not None
    assert state.fallen == 0
    await table.say(room, "그래서?")
    assert "> 손으로 쓴 줄거리" in table.by_id["scripted"].requests[-1].prompt


async def test_a_failure_is_told_and_leaves_what_was_there(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    provider = table.by_id["scripted"]
    assert isinstance(provider, Answering)
    provider.summing = (Started(), Failed(problem=problem("quota", provider="scripted")))
    state = await made(table, room, summaries)
    assert state.summary is None
    assert state.problem is not None
    assert state.problem.code == "quota"


async def test_a_turn_is_answered_while_one_is_being_made_and_it_can_be_called_off(
    lay: Lay,
) -> None:
    table, room, summaries = await laid(lay)
    provider = table.by_id["scripted"]
    assert isinstance(provider, Answering)
    gate = asyncio.Event()
    provider.summing = (Started(), Hold(gate), TextCame(text="늦은 줄거리"), Finished())
    params = SummaryParams(room_id=room.id)
    assert (await summaries.make(params)).making
    turn = await table.say(room, "기다리지 말자.")
    assert turn.outcome == "complete"
    assert (await summaries.make(params)).making
    state = await summaries.stop(params)
    assert (state.making, state.summary) == (False, None)
    gate.set()
    assert provider.running == 0


async def test_where_nothing_fell_out_there_is_nothing_to_sum_up(lay: Lay) -> None:
    _, room, summaries = await laid(lay, turns=3)
    with pytest.raises(Trouble) as caught:
        await summaries.make(SummaryParams(room_id=room.id))
    assert caught.value.problem.code == "nothing_to_say"


async def test_the_practice_storyteller_is_not_asked_for_one(lay: Lay) -> None:
    table, room, summaries = await laid(lay)
    summaries._is_practice = lambda _: True
    with pytest.raises(Trouble) as caught:
        await summaries.make(SummaryParams(room_id=room.id))
    assert caught.value.problem.field == "provider"
    assert not [one for one in table.by_id["scripted"].requests if one.one_off]
