"""When a provider's own conversation goes on, what it is told then, and what ends it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from desktop.protocol.methods import AgainParams, RoomParams, StageParams
from desktop.protocol.models import Room, Usage
from desktop.providers.base import Finished, Request, Started, TextCame, UsageTold
from desktop.services.readiness import Readiness
from desktop.store import lanes, messages
from tests.doubles.scripted_provider import ScriptedProvider, Step, cut
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table

KEPT = replace(STAGE, retention=True)
Change = Callable[[Table, Room], Awaitable[object]]


def in_session(name: str, *parts: str) -> tuple[Step, ...]:
    return (Started(session=name), *(TextCame(text=part) for part in parts), Finished())


async def after_one_turn(lay: Lay, *scripts: tuple[Step, ...]) -> tuple[Table, Room]:
    table = await lay(*(scripts or (in_session("s1", "[하루]: 켰어.\n"),)))
    room = await table.room(KEPT)
    await table.say(room, "불을 켜 줘.")
    return table, room


async def test_the_next_turn_goes_on_and_its_news_are_the_line_alone(lay: Lay) -> None:
    table, room = await after_one_turn(lay)
    await table.say(room, "이제 문을 열어 줘.")
    first, second = table.provider.requests
    assert (first.retain, first.session, first.news) == (True, "", first.news)
    assert (second.retain, second.session) == (True, "s1")
    assert "이제 문을 열어 줘." in second.news
    assert "불을 켜 줘." not in second.news
    assert "켰어." not in second.news
    assert "불을 켜 줘." in second.prompt  # for a provider that has forgotten
    assert second.system == first.system


async def test_without_retention_nothing_goes_on(lay: Lay) -> None:
    table = await lay(in_session("s1", "[하루]: 켰어.\n"))
    room = await table.room()
    await table.say(room)
    await table.say(room)
    assert [(one.retain, one.session, one.news) for one in table.provider.requests] == [
        (False, "", "")
    ] * 2


async def test_what_was_said_meanwhile_is_among_the_news(lay: Lay) -> None:
    table, room = await after_one_turn(lay)
    async with table.database.transaction() as session:
        (line,) = [one for one in table.page.path(room.id) if one.text == "불을 켜 줘."]
        more = replace(line, id="more", text="누가 문을 두드린다.", turn_id="")
        await messages.append(session, room.branch_id, [more], table.clock.now_ms())
    await table.say(room, "누구지?")
    request = table.provider.requests[-1]
    assert request.session == "s1"
    assert "누가 문을 두드린다." in request.news
    assert "켰어." not in request.news


async def _edit(table: Table, room: Room) -> None:
    async with table.database.transaction() as session:
        one = table.page.path(room.id)[0]
        await messages.change_text(session, one.id, "아무 말도 안 했다.", table.clock.now_ms())


async def _reset(table: Table, room: Room) -> None:
    async with table.database.transaction() as session:
        assert await lanes.forget_all(session, room.id) == 1


@pytest.mark.parametrize("change", [_edit, _reset])
async def test_a_change_of_the_past_begins_a_new_conversation(lay: Lay, change: Change) -> None:
    table, room = await after_one_turn(lay)
    await change(table, room)
    await table.say(room, "그래서?")
    assert table.provider.requests[-1].session == ""
    assert table.provider.requests[-1].retain


async def test_another_branch_begins_a_new_conversation_and_the_old_one_may_go_on(
    lay: Lay,
) -> None:
    from desktop.services.retention import still_held

    table, room = await after_one_turn(lay)
    async with table.database.reading() as session:
        assert await still_held(session, room) == "s1"
    sent = await table.turns.again(AgainParams(room_id=room.id))
    await table.ended(sent.turn.id)
    assert table.provider.requests[-1].session == ""


@pytest.mark.parametrize(
    "script",
    [
        (Started(session="s1"), *cut("[하루]: 켜")[1:]),
        (Started(session="s1"), TextCame(text="[하루]: 켜"), Finished(stop="max_tokens")),
        (Started(session="s1"), TextCame(text="[하루]: 켜"), Finished(stop="cancelled")),
        (TextCame(text="[하루]: 켰어.\n"), Finished()),
    ],
)
async def test_an_answer_that_is_not_whole_or_not_named_is_no_conversation_to_go_on_with(
    lay: Lay, script: tuple[Step, ...]
) -> None:
    table, room = await after_one_turn(lay, script)
    await table.say(room, "그래서?")
    assert table.provider.requests[-1].session == ""


async def test_a_cut_answer_ends_a_conversation_that_went_well_before(lay: Lay) -> None:
    good = in_session("s1", "[하루]: 켰어.\n")
    table, room = await after_one_turn(lay, good, (Started(session="s1"), *cut("[하루]: 뭐")[1:]))
    await table.say(room, "둘")
    await table.say(room, "셋")
    assert [one.session for one in table.provider.requests] == ["", "s1", ""]


async def test_a_conversation_that_fills_the_models_context_begins_anew(lay: Lay) -> None:
    def used(tokens: int) -> tuple[Step, ...]:
        usage = Usage(input=tokens, context_window=200_000, source="reported")
        return (
            Started(session="s1"),
            TextCame(text="[하루]: 응.\n"),
            UsageTold(usage=usage),
            Finished(),
        )

    table, room = await after_one_turn(lay, used(100_000), used(150_000))
    await table.say(room, "둘")
    await table.say(room, "셋")
    assert [one.session for one in table.provider.requests] == ["", "s1", ""]


async def test_a_new_program_still_knows_the_conversation(lay: Lay) -> None:
    table, room = await after_one_turn(lay)
    table.turns = table.new_turns()
    await table.say(room, "그래서?")
    assert table.provider.requests[-1].session == "s1"


@dataclass
class ReadyProvider(ScriptedProvider):
    """Notes what it is asked to get ready for."""

    prepared: list[Request] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def prepare(self, request: Request) -> None:
        self.prepared.append(request)

    def forget(self, room_id: str = "") -> None:
        self.forgotten.append(room_id)


def readiness(table: Table, provider: ReadyProvider) -> Readiness:
    return Readiness(table.database, {"scripted": provider}, table.report_bug, pause_s=0.01)


async def test_what_is_made_ready_is_what_the_next_turn_asks_for(lay: Lay) -> None:
    table, room = await after_one_turn(lay)
    provider = ReadyProvider([])
    ready = readiness(table, provider)
    await ready.prepare(RoomParams(room_id=room.id))
    await table.until(lambda: provider.prepared)
    await table.say(room, "그래서?")
    [prepared], asked = provider.prepared, table.provider.requests[-1]
    assert prepared.session == asked.session == "s1"
    assert (prepared.system, prepared.model) == (asked.system, asked.model)
    assert (prepared.room_id, prepared.retain) == (asked.room_id, asked.retain)
    await ready.close()


async def test_leafing_through_rooms_makes_ready_only_the_last(lay: Lay) -> None:
    table = await lay(in_session("s1", "응"))
    rooms = [await table.room() for _ in range(5)]
    provider = ReadyProvider([])
    ready = readiness(table, provider)
    for room in rooms:
        await ready.prepare(RoomParams(room_id=room.id))
    await table.until(lambda: provider.prepared)
    await asyncio.sleep(0.05)
    assert [one.room_id for one in provider.prepared] == [rooms[-1].id]
    await ready.close()


async def test_a_room_that_is_gone_or_cannot_be_made_ready_troubles_nobody(lay: Lay) -> None:
    table = await lay(in_session("s1", "응"))
    room = await table.room(replace(STAGE, provider="storyteller"))
    provider = ReadyProvider([])
    ready = readiness(table, provider)
    for room_id in (room.id, "nowhere"):
        await ready.prepare(RoomParams(room_id=room_id))
        await asyncio.sleep(0.05)
    assert provider.prepared == []
    assert table.bugs == []
    ready.let_go("r1")
    ready.let_go()
    assert provider.forgotten == ["r1", ""]
    await ready.close()


async def test_a_changed_stage_asks_for_another_process(lay: Lay) -> None:
    table, room = await after_one_turn(lay)
    await table.rooms.stage(StageParams(room_id=room.id, stage=replace(KEPT, world="다른 바다")))
    await table.say(room, "그래서?")
    first, second = table.provider.requests
    assert first.system != second.system


async def test_what_is_made_ready_knows_the_house_rules(lay: Lay) -> None:
    async def rules(_: str) -> str:
        return "비가 오면 누구나 우산을 챙긴다."

    table = await lay(in_session("s1", "응"))
    room = await table.room()
    provider = ReadyProvider([])
    ready = Readiness(
        table.database,
        {"scripted": provider},
        table.report_bug,
        pause_s=0.01,
        house_rules=rules,
    )
    await ready.prepare(RoomParams(room_id=room.id))
    await table.until(lambda: provider.prepared)
    assert "누구나 우산을" in provider.prepared[0].system
    await ready.close()
