"""One line, one answer: what the page hears and what is stored in the end."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

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
from desktop.protocol.methods import AgainParams, DraftParams, RoomParams, StageParams, TurnParams
from desktop.protocol.models import Narrator, Room, Usage
from desktop.protocol.problems import ProblemCode, Trouble, problem
from desktop.providers.base import (
    Failed,
    Finished,
    Limits,
    RetryAnnounced,
    Started,
    StopReason,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from tests.doubles.scripted_provider import Hang, Hold, cut, hanging, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table, said

THREE = texts("[진행", "자]: 파도가 친다.\n[하", "루]: 왔나.\n", "[나비]: 야옹.\n")
MINE = ("우체부", "불을 켜 줘.", "complete")


async def same_everywhere(table: Table, room: Room) -> list[tuple[str, str, str]]:
    """What the page pieced together is what is stored."""
    view = await table.view(room)
    assert list(view.messages) == table.page.path(room.id)
    assert view.room.message_count == len(view.messages)
    return said(view.messages)


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
        assert '"reason":"stage.world"' in row["segments"]
        assert "안개의" not in row["segments"]
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


@pytest.mark.parametrize(
    ("code", "status"),
    [("cut_off", "partial"), ("timed_out", "partial"), ("network", "partial"),
     ("refused", "failed"), ("unreadable", "failed")],
)  # fmt: skip
async def test_a_failure_after_text_keeps_it_and_marks_the_last_message(
    lay: Lay, code: ProblemCode, status: str
) -> None:
    table = await lay(cut("[하루]: 왔나.\n", "[나비]: 야", code=code))
    room = await table.room()
    turn = await table.say(room)
    assert await same_everywhere(table, room) == [
        MINE,
        ("하루", "왔나.", "complete"),
        ("나비", "야", status),
    ]
    assert turn.outcome == "failed"
    assert turn.problem is not None
    assert turn.problem.code == code
    assert (await table.view(room)).last_turn == turn


async def test_a_failure_before_any_text_leaves_my_line_and_the_problem(lay: Lay) -> None:
    table = await lay(cut(code="signed_out"), THREE)
    room = await table.room()
    turn = await table.say(room)
    assert await same_everywhere(table, room) == [MINE]
    assert turn.problem == problem("signed_out", provider="scripted")
    assert turn.first_text_ms is None
    assert (await table.say(room)).outcome == "complete"


@pytest.mark.parametrize(
    ("stop", "parts", "outcome", "code", "status"),
    [
        ("max_tokens", ["[하루]: 그러니까"], "complete", None, "partial"),
        ("refusal", ["[하루]: 나는"], "failed", "refused", "failed"),
        ("refusal", [], "failed", "refused", None),
        ("cancelled", ["[하루]: 나는"], "stopped", None, "stopped"),
        ("end", ["[하루]:", " \n"], "failed", "unreadable", None),
        ("end", [], "failed", "unreadable", None),
    ],
)
async def test_every_way_to_finish_has_its_outcome(
    lay: Lay, stop: StopReason, parts: list[str], outcome: str, code: str | None, status: str | None
) -> None:
    table = await lay((*(TextCame(text=part) for part in parts), Finished(stop=stop)))
    room = await table.room()
    turn = await table.say(room)
    assert turn.outcome == outcome
    assert (turn.problem.code if turn.problem else None) == code
    assert [row[2] for row in (await same_everywhere(table, room))[1:]] == (
        [status] if status else []
    )


async def test_an_answer_that_just_ends_was_cut_off(lay: Lay) -> None:
    table = await lay((TextCame(text="[하루]: 아"),))
    turn = await table.say(await table.room())
    assert turn.problem is not None
    assert turn.problem.code == "cut_off"


async def test_silence_ends_in_timed_out(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 음"))
    impatient = Limits(idle_ms=DurationMs(40))
    table.turns = table.new_turns(lambda: impatient)
    turn = await table.say(await table.room())
    assert turn.problem is not None
    assert turn.problem.code == "timed_out"
    await table.until(lambda: table.provider.running == 0)


async def test_stop_keeps_what_came_and_closes_the_provider(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔나.\n", "[나비]: 야오"), THREE)
    room = await table.room()
    sent = await table.send(room)
    await table.heard("왔나.", "야오")
    await table.turns.stop(TurnParams(turn_id=sent.turn.id))
    turn = table.page.of(TurnEnded)[-1].turn
    assert (turn.outcome, turn.problem) == ("stopped", None)
    assert await same_everywhere(table, room) == [
        MINE,
        ("하루", "왔나.", "complete"),
        ("나비", "야오", "stopped"),
    ]
    await table.until(lambda: table.provider.closed_early == 1)
    assert (await table.say(room)).outcome == "complete"


async def test_stop_before_any_text_leaves_my_line_only(lay: Lay) -> None:
    table = await lay((Hang(),))
    room = await table.room()
    sent = await table.send(room)
    await table.turns.stop(TurnParams(turn_id=sent.turn.id))
    assert await same_everywhere(table, room) == [MINE]
    assert table.page.of(TurnEnded)[-1].turn.outcome == "stopped"


async def test_stop_does_not_wait_for_a_provider_that_will_not_end(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    dying = asyncio.Event()

    async def stubborn(request: object) -> AsyncIterator[TextCame]:
        try:
            yield TextCame(text="[하루]: 왔")
            await asyncio.Event().wait()
        finally:
            await dying.wait()

    table.provider.answer = stubborn  # type: ignore[method-assign,assignment]
    sent = await table.send(room)
    await table.heard("왔")
    await table.turns.stop(TurnParams(turn_id=sent.turn.id))
    assert not dying.is_set()
    assert table.page.of(TurnEnded)[-1].turn.outcome == "stopped"
    assert table.turns.running_for(room.id) is None
    dying.set()


async def test_stopping_twice_or_too_late_changes_nothing(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    turn = await table.say(room)
    await table.turns.stop(TurnParams(turn_id=turn.id))
    await table.turns.stop(TurnParams(turn_id="nobody"))
    assert len(table.page.of(TurnEnded)) == 1
    assert (await table.view(room)).last_turn == turn


async def test_two_stops_at_once_end_the_turn_once(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔"))
    room = await table.room()
    sent = await table.send(room)
    await table.heard("왔")
    params = TurnParams(turn_id=sent.turn.id)
    await asyncio.gather(table.turns.stop(params), table.turns.stop(params))
    assert len(table.page.of(TurnEnded)) == 1
    assert [row[2] for row in await same_everywhere(table, room)] == ["complete", "stopped"]


async def test_a_bug_in_the_provider_is_told_with_its_log_id_and_unlocks_the_room(
    lay: Lay,
) -> None:
    table = await lay((TextCame(text="[하루]: 왔"), ValueError("oops")), THREE)
    room = await table.room()
    turn = await table.say(room)
    assert turn.problem == problem("bug", provider="scripted", log_id="log1")
    assert isinstance(table.bugs[0], ValueError)
    assert await same_everywhere(table, room) == [MINE, ("하루", "왔", "failed")]
    assert (await table.say(room)).outcome == "complete"


async def test_a_provider_that_cancels_itself_does_not_lock_the_room(lay: Lay) -> None:
    table = await lay((TextCame(text="[하루]: 왔"), asyncio.CancelledError()), THREE)
    room = await table.room()
    assert (await table.say(room)).outcome == "interrupted"
    assert (await table.say(room)).outcome == "complete"


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


async def test_a_second_line_while_an_answer_runs_is_busy_and_not_stored(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔"))
    room = await table.room()
    results = await asyncio.gather(
        table.send(room, "하나"), table.send(room, "둘"), return_exceptions=True
    )
    assert isinstance(results[1], Trouble)
    assert results[1].problem.code == "busy"
    await table.heard("왔")
    with pytest.raises(Trouble) as caught:
        await table.send(room, "셋")
    assert caught.value.problem.code == "busy"
    assert [one.text for one in (await table.view(room)).messages] == ["하나", "왔"]


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


@pytest.mark.parametrize("text", [" \n\t ", "\0"])
async def test_a_blank_line_is_nothing_to_say(lay: Lay, text: str) -> None:
    table = await lay(THREE)
    room = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.send(room, text)
    assert caught.value.problem.code == "nothing_to_say"


async def test_odd_characters_are_stored_as_far_as_utf8_goes(lay: Lay) -> None:
    table = await lay(texts("[하루]: \ud83d", "\ude00 왔\ud800나"))
    room = await table.room()
    await table.say(room, "줄\r\n바꿈\0 \ud83d\ude00")
    assert [row[1] for row in await same_everywhere(table, room)] == [
        "줄\n바꿈 😀",
        "😀 왔\ufffd나",
    ]


async def test_unknown_rooms_providers_and_rooms_in_the_trash_are_refused(lay: Lay) -> None:
    from msgspec.structs import replace

    table = await lay(THREE)
    room = await table.room(replace(STAGE, provider="elsewhere"))
    with pytest.raises(Trouble) as caught:
        await table.send(room)
    assert (caught.value.problem.code, caught.value.problem.provider) == ("not_found", "elsewhere")
    assert (await table.view(room)).messages == ()
    await table.rooms.stage(StageParams(room_id=room.id, stage=STAGE))
    await table.rooms.trash(RoomParams(room_id=room.id))
    with pytest.raises(Trouble) as caught:
        await table.send(room)
    assert caught.value.problem.code == "invalid_request"
    with pytest.raises(Trouble) as caught:
        await table.send(replace(room, id="nowhere"))
    assert caught.value.problem.code == "not_found"


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


async def test_again_with_nothing_asked_yet_is_nothing_to_say(lay: Lay) -> None:
    table = await lay(THREE)
    room = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.turns.again(AgainParams(room_id=room.id))
    assert caught.value.problem.code == "nothing_to_say"
    assert (await table.say(room)).outcome == "complete"


async def test_closing_stores_what_came_as_interrupted(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔"))
    room = await table.room()
    await table.send(room)
    await table.heard("왔")
    await table.turns.close()
    assert table.provider.running == 0
    assert await same_everywhere(table, room) == [MINE, ("하루", "왔", "partial")]
    assert table.page.of(TurnEnded)[-1].turn.outcome == "interrupted"
    with pytest.raises(Trouble):
        await table.send(room)


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


async def test_a_full_disk_at_the_end_keeps_the_answer_until_there_is_room(lay: Lay) -> None:
    gate = asyncio.Event()
    table = await lay(
        (TextCame(text="[하루]: 왔나."), Hold(gate), TextCame(text="끝" * 20_000), Finished()),
        THREE,
    )
    room = await table.room()
    sent = await table.send(room)
    await table.heard("왔나.")
    async with table.database.reading() as session:
        pages = await session.one("PRAGMA page_count")
        assert pages is not None
        await session.run(f"PRAGMA max_page_count = {pages[0]}")
    gate.set()
    turn = await table.ended(sent.turn.id)
    assert turn.problem is not None
    assert turn.problem.code == "storage_full"
    shown = table.page.path(room.id)[-1]
    assert (shown.status, len(shown.text)) == ("complete", 20_003)
    with pytest.raises(Trouble) as caught:
        await table.send(room)
    assert caught.value.problem.code == "storage_full"
    async with table.database.reading() as session:
        await session.run("PRAGMA max_page_count = 1000000")
    await table.say(room)
    rows = await same_everywhere(table, room)
    assert len(rows) == 6
    assert len(rows[1][1]) == 20_003


async def test_a_bug_while_storing_the_end_is_told_and_unlocks_the_room(
    lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = await lay(THREE)
    room = await table.room()

    async def broken(*_: object, **__: object) -> None:
        raise sqlite3.IntegrityError("no")

    with monkeypatch.context() as patched:
        patched.setattr("desktop.store.turns.finish", broken)
        turn = await table.say(room)
    assert turn.problem is not None
    assert turn.problem.code == "bug"
    assert table.turns.running_for(room.id) is None
    await table.say(room)
    assert len(await same_everywhere(table, room)) == 8


async def test_a_failed_answer_problem_survives_a_restart(lay: Lay) -> None:
    table = await lay((Failed(problem=problem("quota", provider="scripted", detail="내일")),))
    room = await table.room()
    turn = await table.say(room)
    view = await table.view(room)
    assert view.last_turn == turn
    assert view.last_turn is not None
    assert view.last_turn.problem == problem("quota", provider="scripted", detail="내일")
