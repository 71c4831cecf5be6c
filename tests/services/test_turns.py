"""One line, one answer: what the page hears and what is stored in the end."""

import asyncio

import pytest

from desktop.protocol.base import DurationMs
from desktop.protocol.events import (
    HistoryChanged,
    MessageAdded,
    MessageChanged,
    MessageGrew,
    MessageRemoved,
    RoomChanged,
    TurnEnded,
    TurnNoted,
    TurnStarted,
)
from desktop.protocol.methods import AgainParams, DraftParams
from desktop.protocol.models import Narrator, Usage
from desktop.protocol.problems import Trouble
from desktop.providers.base import (
    Finished,
    RetryAnnounced,
    Started,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from tests.doubles.scripted_provider import Hold, cut, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, said
from tests.services.turn_lines import MINE, THREE, same_everywhere


async def test_three_speakers_become_three_messages_of_one_turn(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    sent = await table.send(room)
    assert sent.message is not None
    turn = await table.ended(sent.turn.id)
    assert await same_everywhere(table, room) == [
        MINE,
        ("진행자", "파도가 친다.", "complete"),
        ("하루", "왔나.", "complete"),
        ("나비", "야옹.", "complete"),
    ]
    view = await table.view(room)
    assert [one.position for one in view.messages] == [1, 2, 3, 4]
    assert {one.turn_id for one in view.messages} == {turn.id}
    assert [(one.author.kind, one.author.id, one.author.dye) for one in view.messages] == [
        ("user", "", ""),
        ("narrator", "", ""),
        ("character", "haru", "chija"),
        ("character", "nabi", "jadu"),
    ]
    assert view.last_turn == turn
    assert (turn.outcome, turn.problem) == ("complete", None)
    assert turn.first_text_ms is not None
    assert turn.total_ms is not None
    assert turn.first_text_ms < turn.total_ms


async def test_events_tell_the_turn_from_start_to_end_in_order(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    turn = await table.say(room)
    set_up = (RoomChanged, HistoryChanged)
    kinds = [type(event) for event in table.page.events if not isinstance(event, set_up)]
    assert kinds[:2] == [MessageAdded, TurnStarted]
    assert kinds[-4:] == [MessageChanged, MessageChanged, MessageChanged, TurnEnded]
    assert set(kinds[2:-4]) <= {MessageAdded, MessageGrew}
    (ended,) = table.page.of(TurnEnded)
    assert ended.turn == turn
    assert ended.room.message_count == 4
    assert ended.room.last_line == "야옹."


async def test_the_request_carries_prompt_history_and_line(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    await table.say(room, "첫 번째 말")
    await table.say(room, "두 번째 말")
    first, second = table.provider.requests
    assert first.history == ()
    assert [one.text for one in second.history] == ["첫 번째 말", "파도가 친다.", "왔나.", "야옹."]
    assert second.line == "두 번째 말"
    assert "안개의 바다" in second.system
    assert "첫 번째 말" in second.prompt
    assert second.prompt.count("두 번째 말") == 1
    assert second.stop == ("\n[우체부]",)
    assert first.seed != second.seed


async def test_a_room_and_its_turn_number_give_the_same_seed_anywhere(lay: Lay) -> None:
    seeds = []
    for _ in range(2):
        table = await lay(THREE)
        room = await table.room()
        await table.say(room)
        await table.say(room)
        seeds.append([request.seed for request in table.provider.requests])
    assert seeds[0] == seeds[1]


async def test_only_the_window_is_read_for_the_ai(lay: Lay) -> None:
    from msgspec.structs import replace

    table = await lay(texts("[하루]: 그래."))
    room = await table.room(replace(STAGE, window=5))
    for number in range(20):
        await table.say(room, f"{number}번")
    request = table.provider.requests[-1]
    assert 10 < len(request.history) <= 4 * 6
    assert "14번" in request.prompt
    assert "13번" not in request.prompt


async def test_a_strangers_name_has_no_colour_and_no_id(lay: Lay) -> None:
    table = await lay(texts("[등대지기]: 누구요?\n[우체부]: 접니다."))
    room = await table.room()
    await table.say(room)
    view = await table.view(room)
    strangers = [one.author for one in view.messages[1:]]
    assert [(one.kind, one.name, one.id, one.dye) for one in strangers] == [
        ("character", "등대지기", "", ""),
        ("character", "우체부", "", ""),
    ]


async def test_sending_clears_the_draft(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    await table.rooms.draft(DraftParams(room_id=room.id, text="불을"))
    assert (await table.view(room)).room.draft == "불을"
    await table.say(room)
    assert (await table.view(room)).room.draft == ""


async def test_what_the_provider_takes_back_is_gone_and_told(lay: Lay) -> None:
    table = await lay(
        (
            Started(),
            TextCame(text="[하루]: 처음 말.\n[나비]: 야"),
            TextDiscarded(reason="retry"),
            TextCame(text="[하루]: 다시 말."),
            Finished(),
        )
    )
    room = await table.room()
    await table.say(room)
    assert await same_everywhere(table, room) == [MINE, ("하루", "다시 말.", "complete")]
    assert len(table.page.of(MessageRemoved)) == 2
    assert [one.note for one in table.page.of(TurnNoted)] == ["discarded"]
    async with table.database.reading() as session:
        row = await session.one("SELECT raw, segments FROM turn")
        assert row is not None
        assert row["raw"] == "[하루]: 다시 말."
        assert '"reason":"line.said"' in row["segments"]
        assert "불을 켜" not in row["segments"]
        kept = await session.one("SELECT count(*) FROM prompt_text WHERE text LIKE '%안개의 바다%'")
        assert kept is not None
        assert kept[0] == 1
        assert await session.all("SELECT * FROM journal") == []


async def test_notes_usage_and_model_are_passed_on(lay: Lay) -> None:
    usage = Usage(input=10, output=5, cost_usd=0.5, source="reported")
    table = await lay(
        (
            Started(session="s1", model="big-1"),
            ThinkingCame(text="a"),
            ThinkingCame(text="b"),
            RetryAnnounced(attempt=2, wait_ms=DurationMs(900), reason="overloaded"),
            ToolBlocked(name="Bash"),
            TextCame(text="[하루]: 응."),
            UsageTold(usage=usage),
            Finished(),
        )
    )
    turn = await table.say(await table.room())
    notes = table.page.of(TurnNoted)
    assert [(one.note, one.attempt, one.wait_ms, one.detail) for one in notes] == [
        ("thinking", 0, None, ""),
        ("retrying", 2, 900, "overloaded"),
        ("tool_blocked", 0, None, "Bash"),
    ]
    assert (turn.model, turn.usage) == ("big-1", usage)


async def test_endless_notes_are_not_passed_on(lay: Lay) -> None:
    flood = [ToolBlocked(name="Bash")] * 5_000
    table = await lay((Started(), *flood, TextCame(text="응."), Finished()))
    await table.say(await table.room())
    assert len(table.page.of(TurnNoted)) == 50


async def test_two_rooms_talk_at_once(lay: Lay) -> None:
    gate = asyncio.Event()
    held = (TextCame(text="[하루]: 왔"), Hold(gate), TextCame(text="나."), Finished())
    table = await lay(held)
    one, two = await table.room(), await table.room()
    first, second = await table.send(one), await table.send(two)
    await table.until(lambda: len(table.turns.streaming_in(two.id)) == 1)
    await table.until(lambda: len(table.turns.streaming_in(one.id)) == 1)
    assert table.turns.running_for(one.id) is not None
    gate.set()
    await table.ended(first.turn.id)
    await table.ended(second.turn.id)
    for room in (one, two):
        assert [row[:2] for row in await same_everywhere(table, room)] == [
            MINE[:2],
            ("하루", "왔나."),
        ]


async def test_a_line_may_be_spoken_as_the_narrator_by_who_plays_it(lay: Lay) -> None:
    from msgspec.structs import replace

    table = await lay(THREE)
    room = await table.room(replace(STAGE, narrator=Narrator(kind="me")))
    sent = await table.send(room, "밤이 된다.", narrated=True)
    assert sent.message is not None
    assert (sent.message.author.kind, sent.message.author.name) == ("narrator", "진행자")
    await table.ended(sent.turn.id)
    assert "[진행자]: 밤이 된다." in table.provider.requests[0].prompt
    other = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.send(other, "밤이 된다.", narrated=True)
    assert caught.value.problem.field == "as_narrator"


async def test_again_after_a_failure_goes_on_in_the_same_branch(lay: Lay) -> None:
    table = await lay(cut(code="network"), THREE)
    room = await table.room()
    await table.say(room)
    sent = await table.turns.again(AgainParams(room_id=room.id))
    assert sent.message is None
    await table.ended(sent.turn.id)
    assert len(await same_everywhere(table, room)) == 4
    assert (await table.view(room)).room.branch_id == room.branch_id
    first, second = table.provider.requests
    assert first.prompt == second.prompt
    assert first.seed != second.seed


async def test_again_keeps_the_old_answer_in_its_branch(lay: Lay) -> None:
    table = await lay(
        texts("[하루]: 첫째."), texts("[하루]: 둘째.\n[나비]: 야옹."), texts("[하루]: 셋째.")
    )
    room = await table.room()
    await table.say(room)
    for _ in range(2):
        sent = await table.turns.again(AgainParams(room_id=room.id))
        await table.ended(sent.turn.id)
    assert [row[1] for row in await same_everywhere(table, room)] == ["불을 켜 줘.", "셋째."]
    async with table.database.reading() as session:
        rows = await session.all("SELECT text, branch_id FROM message ORDER BY number")
    assert [row["text"] for row in rows] == ["불을 켜 줘.", "첫째.", "둘째.", "야옹.", "셋째."]
    assert len({row["branch_id"] for row in rows}) == 3
    assert [request.history for request in table.provider.requests] == [(), (), ()]
    await table.say(room, "그다음")
    assert [one.text for one in table.provider.requests[-1].history] == ["불을 켜 줘.", "셋째."]
    assert len(await same_everywhere(table, room)) == 4


async def test_a_room_opened_in_mid_answer_shows_what_is_being_said(lay: Lay) -> None:
    gate = asyncio.Event()
    table = await lay((TextCame(text="[하루]: 왔"), Hold(gate), TextCame(text="나."), Finished()))
    room = await table.room()
    sent = await table.send(room)
    await table.heard("왔")
    view = await table.view(room)
    assert said(view.messages) == [MINE, ("하루", "왔", "streaming")]
    assert view.running is not None
    assert view.running.id == sent.turn.id
    assert view.sequence == len(table.page.events)
    gate.set()
    await table.ended(sent.turn.id)
    assert (await table.view(room)).running is None


async def test_a_view_taken_at_any_moment_is_whole(lay: Lay) -> None:
    """Views and turns race; each view must be exactly what the events up to it amount to."""
    table = await lay(texts("[하루]: ", "왔", "나.\n", "[나비]", ": 야", "옹.\n"))
    room = await table.room()
    views = 0
    for number in range(15):
        sent = await table.send(room, f"{number}번")
        while table.turns.running_for(room.id):
            view = await table.view(room)
            views += 1
            replayed = type(table.page)()
            for event in table.page.events[: view.sequence]:
                replayed.take(event)
            assert list(view.messages) == replayed.path(room.id)[-60:]
            await asyncio.sleep(0)
        await table.ended(sent.turn.id)
    assert views > 15
