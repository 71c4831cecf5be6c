"""One voice at a time and groups in turn: who is asked what, what is stored, who stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop.protocol.auto import VoiceParams
from desktop.protocol.events import ProblemRaised, TurnEnded, TurnStarted
from desktop.protocol.methods import AgainParams, RoomParams, SendParams, StageParams, TurnParams
from desktop.protocol.models import AnsweredBy, Character, Narrator, Secret, Stage
from desktop.protocol.problems import Trouble
from desktop.providers.base import Finished, Started, TextCame
from desktop.services.turn_recovery import recover
from desktop.store import turns as stored_turns
from desktop.store.database import Database
from tests.doubles.scripted_provider import Hold, ScriptedProvider, Step, cut, texts
from tests.services.conftest import Lay
from tests.services.table import HARU, NABI, STAGE, Table, said

Two = Callable[[tuple[Step, ...], tuple[Step, ...]], Awaitable[Table]]
SINGLE = replace(STAGE, answering="single", narrator=Narrator(kind="none"))
GROUPS = replace(
    STAGE,
    narrator=Narrator(kind="none"),
    characters=(HARU, replace(NABI, provider="other", model="opus")),
)


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    """A table with two providers; ``lay`` gives only one."""
    tables: list[Table] = []

    async def laid(ours: tuple[Step, ...], theirs: tuple[Step, ...]) -> Table:
        database = await Database.open(tmp_path / "two.db", busy_timeout_ms=50)
        both = [ScriptedProvider([ours]), ScriptedProvider([theirs], id="other")]
        tables.append(Table(database, both))
        return tables[-1]

    yield laid
    for table in tables:
        await table.close()


async def over(table: Table, turn_id: str) -> None:
    """Wait until the round that began with a turn is over."""
    await table.until(lambda: _is_over(table, turn_id))


def _is_over(table: Table, turn_id: str) -> bool:
    ended = [one.turn for one in table.page.of(TurnEnded)]
    last = ended[-1] if ended else None
    done = last is not None and (last.following == 0 or last.outcome != "complete")
    return done and not table.page.running and any(one.id == turn_id for one in ended)


async def test_one_voice_answers_and_the_next_seat_goes_on(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어."), texts("[나비]: 야옹."))
    room = await table.room(SINGLE)
    turn = await table.say(room)
    assert (turn.voice, turn.following, turn.provider) == ("haru", 0, "scripted")
    sent = await table.turns.go_on(VoiceParams(room_id=room.id))
    assert (await table.ended(sent.turn.id)).voice == "nabi"
    assert [one[:2] for one in said(table.page.path(room.id))[1:]] == [
        ("하루", "켰어."),
        ("나비", "야옹."),
    ]
    first, second = table.provider.requests
    assert (first.voice, second.voice) == ("haru", "nabi")
    assert "켰어." in second.prompt
    assert [one.id for one in second.stage.characters if one.enabled] == ["nabi"]


async def test_whoever_is_asked_for_answers(lay: Lay) -> None:
    table = await lay(texts("[나비]: 야옹."))
    room = await table.room(SINGLE)
    sent = await table.turns.send(SendParams(room_id=room.id, text="안녕.", voice="nabi"))
    assert (await table.ended(sent.turn.id)).voice == "nabi"
    with pytest.raises(Trouble) as refused:
        await table.turns.send(SendParams(room_id=room.id, text="안녕.", voice="nobody"))
    assert (refused.value.problem.code, refused.value.problem.field) == ("invalid_request", "voice")
    assert len(table.page.path(room.id)) == 2  # the refused line is not stored


async def test_an_answer_ends_where_it_begins_to_speak_for_somebody_else(lay: Lay) -> None:
    gate = asyncio.Event()
    table = await lay(
        (
            Started(session="s1"),
            TextCame(text="[나비]: 내가 먼저.\n[하루]: 켰어.\n[나비]: 야옹.\n[하루]: 또."),
            Hold(gate),
            Finished(),
        )
    )
    room = await table.room(replace(SINGLE, retention=True))
    turn = await table.say(room)
    assert turn.outcome == "complete"
    assert said(table.page.path(room.id))[1:] == [("하루", "켰어.", "complete")]
    await table.until(lambda: table.provider.closed_early == 1)
    again = await table.turns.send(SendParams(room_id=room.id, text="응?", voice="haru"))
    await table.ended(again.turn.id)
    # What its conversation holds was not said like that: it must not go on there.
    assert table.provider.requests[-1].session == ""


async def test_every_row_knows_the_ai_that_said_it_after_a_restart_too(two: Two) -> None:
    theirs = (Started(session="s", model="opus-5"), TextCame(text="[나비]: 야옹."), Finished())
    table = await two(texts("[하루]: 켰어."), theirs)
    room = await table.room(GROUPS)
    sent = await table.send(room)
    await over(table, sent.turn.id)
    shown = table.page.path(room.id)
    assert [one.by for one in shown] == [
        None,
        AnsweredBy(provider="scripted", line_id=shown[0].id),
        AnsweredBy(provider="other", model="opus-5", line_id=shown[0].id),
    ]
    assert (await table.rooms.open(RoomParams(room_id=room.id))).messages == tuple(shown)


async def test_a_row_of_the_whole_table_names_no_ai_of_its_own(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어."))
    room = await table.room(STAGE)
    await table.say(room)
    assert [one.by for one in table.page.path(room.id)] == [None, None]


async def test_an_answer_of_others_alone_is_none(lay: Lay) -> None:
    table = await lay(texts("[나비]: 야옹."))
    room = await table.room(SINGLE)
    turn = await table.say(room)
    assert (turn.outcome, turn.problem and turn.problem.code) == ("failed", "unreadable")
    assert len(table.page.path(room.id)) == 1


async def test_each_voice_is_told_what_is_new_since_its_own_last_turn(lay: Lay) -> None:
    def of(name: str, tag: str, text: str) -> tuple[Step, ...]:
        return (Started(session=name), TextCame(text=f"[{tag}]: {text}"), Finished())

    table = await lay(
        of("h1", "하루", "하나."),
        of("n1", "나비", "둘."),
        of("h1", "하루", "셋."),
        of("n1", "나비", "넷."),
    )
    room = await table.room(replace(SINGLE, retention=True))
    await table.say(room, "영.")
    for _ in range(3):
        sent = await table.turns.go_on(VoiceParams(room_id=room.id))
        await table.ended(sent.turn.id)
    first, second, third, fourth = table.provider.requests
    assert [one.session for one in (first, second, third, fourth)] == ["", "", "h1", "n1"]
    assert "둘." in third.news
    assert "하나." not in third.news
    assert "영." not in third.news
    assert "셋." in fourth.news
    assert "둘." not in fourth.news
    assert "나비" in fourth.news  # whose turn it is


async def test_groups_answer_one_line_in_turn_and_each_hears_the_one_before(two: Two) -> None:
    table = await two(texts("[하루]: 켰어."), texts("[나비]: 야옹."))
    room = await table.room(GROUPS)
    sent = await table.send(room)
    assert (sent.turn.voice, sent.turn.following) == ("haru", 1)
    await over(table, sent.turn.id)
    assert [one[0] for one in said(table.page.path(room.id))] == ["우체부", "하루", "나비"]
    ended = [one.turn for one in table.page.of(TurnEnded)]
    assert [(one.provider, one.model, one.following) for one in ended] == [
        ("scripted", "", 1),
        ("other", "opus", 0),
    ]
    (request,) = table.by_id["other"].requests
    assert "켰어." in request.prompt
    assert "불을 켜 줘." in request.prompt


async def test_the_room_stays_busy_between_two_groups(two: Two) -> None:
    table = await two(texts("[하루]: 켰어."), texts("[나비]: 야옹."))
    room = await table.room(GROUPS)
    sent = await table.send(room)
    while not _is_over(table, sent.turn.id):
        if table.page.running or table.page.of(TurnEnded):
            assert table.turns.occupied(room.id) or _is_over(table, sent.turn.id)
        await asyncio.sleep(0)


async def test_a_stop_ends_the_round_and_so_does_a_failure(two: Two) -> None:
    table = await two(cut("[하루]: 켜"), texts("[나비]: 야옹."))
    room = await table.room(GROUPS)
    sent = await table.send(room)
    await over(table, sent.turn.id)
    assert table.by_id["other"].requests == []
    assert not table.turns.occupied(room.id)


async def test_a_stop_between_two_groups_lets_nobody_follow(two: Two) -> None:
    table = await two(texts("[하루]: 켰어."), texts("[나비]: 야옹."))
    room = await table.room(GROUPS)
    sent = await table.send(room)
    await table.until(lambda: table.page.of(TurnEnded))
    await table.turns.stop(TurnParams(turn_id=sent.turn.id))
    await over(table, sent.turn.id)
    await table.until(lambda: not table.turns.occupied(room.id))
    assert [one[0] for one in said(table.page.path(room.id))] == ["우체부", "하루"]
    assert table.page.of(ProblemRaised) == []


async def test_once_more_asks_the_whole_round_anew(two: Two) -> None:
    table = await two(texts("[하루]: 켰어."), texts("[나비]: 야옹."))
    room = await table.room(GROUPS)
    sent = await table.send(room)
    await over(table, sent.turn.id)
    last = table.page.path(room.id)[-1]
    again = await table.turns.again(AgainParams(room_id=room.id, message_id=last.id))
    await over(table, again.turn.id)
    assert [one[0] for one in said(table.page.path(room.id))] == ["우체부", "하루", "나비"]
    assert [one.alternatives for one in (await table.view(room)).messages] == [1, 2, 1]
    assert len(table.by_id["other"].requests) == 2


async def test_once_more_asks_the_voice_that_answered(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어."), texts("[나비]: 야옹."), texts("[나비]: 냥."))
    room = await table.room(SINGLE)
    await table.say(room)
    sent = await table.turns.go_on(VoiceParams(room_id=room.id))
    await table.ended(sent.turn.id)
    again = await table.turns.again(AgainParams(room_id=room.id))
    assert (await table.ended(again.turn.id)).voice == "nabi"
    assert [one[1] for one in said(table.page.path(room.id))[1:]] == ["켰어.", "냥."]


async def test_a_line_is_not_stored_if_a_later_voice_has_no_ai(two: Two) -> None:
    table = await two(texts("[하루]: 켰어."), texts("[나비]: 야옹."))
    room = await table.room(replace(GROUPS, characters=(HARU, replace(NABI, provider="gone"))))
    with pytest.raises(Trouble) as refused:
        await table.send(room)
    assert (refused.value.problem.code, refused.value.problem.provider) == ("not_found", "gone")
    assert table.page.path(room.id) == []


async def test_what_a_crash_leaves_of_a_voice_is_its_own_alone(lay: Lay) -> None:
    gate = asyncio.Event()
    table = await lay((Started(), TextCame(text="켰어.\n[나비]: 야옹."), Hold(gate), Finished()))
    room = await table.room(SINGLE)
    sent = await table.send(room)
    async with table.database.transaction() as session:
        place = await stored_turns.find(session, sent.turn.id)
        assert place is not None
        left = replace(place.turn, id="left")
        await stored_turns.add(session, left, place.branch_id, place.line_id)
        await stored_turns.write_journal(session, "left", 1, "켰어.\n[나비]: 야옹.")
    await table.ended(sent.turn.id)
    await recover(table.turns._around)
    view = await table.view(room)
    kept = [one for one in view.messages if one.turn_id == "left"]
    assert said(kept) == [("하루", "켰어.", "partial")]


async def test_no_request_of_a_voice_carries_what_it_must_not_know(two: Two) -> None:
    table = await two(texts("[하루]: 켰어."), texts("[나비]: 야옹."))
    hers = Secret(text="나비의 비밀")
    shared = Secret(text="둘의 비밀", known_by=("haru",))
    people: tuple[Character, ...] = (
        replace(HARU, secrets=(Secret(text="하루의 비밀"),)),
        replace(NABI, provider="other", secrets=(hers, shared)),
    )
    stages: list[Stage] = [
        replace(GROUPS, characters=people),
        replace(SINGLE, characters=people, retention=True),
    ]
    room = await table.room(stages[0])
    for stage in stages:
        await table.rooms.stage(StageParams(room_id=room.id, stage=stage))
        for _ in range(3):
            sent = await table.send(room)
            await over(table, sent.turn.id)
            sent = await table.turns.go_on(VoiceParams(room_id=room.id))
            await over(table, sent.turn.id)
    asked = [*table.provider.requests, *table.by_id["other"].requests]
    assert {one.voice for one in asked} == {"haru", "nabi"}
    for request in asked:
        whole = request.system + request.prompt + request.news
        assert ("나비의 비밀" in whole) == (request.voice == "nabi")
        assert ("하루의 비밀" in whole) == (request.voice == "haru")
        assert "둘의 비밀" in whole


async def test_the_room_can_be_looked_at_while_a_round_runs(two: Two) -> None:
    table = await two(
        texts("[하루]: 켰어."), (Started(), TextCame(text="[나비]: 야"), Hold(asyncio.Event()))
    )
    room = await table.room(GROUPS)
    await table.send(room)
    await table.until(
        lambda: len(table.page.of(TurnStarted)) == 2 and len(table.page.path(room.id)) == 3
    )
    view = await table.rooms.open(RoomParams(room_id=room.id))
    assert view.running is not None
    assert view.running.voice == "nabi"
    assert [one[0] for one in said(view.messages)] == ["우체부", "하루", "나비"]
    await table.turns.stop(TurnParams(turn_id=view.running.id))
    assert not table.turns.occupied(room.id)
