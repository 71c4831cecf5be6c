"""How a turn ends: well, cut off, failed, stopped, closed or hit by a bug, and what is kept."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest

from desktop.protocol.base import DurationMs
from desktop.protocol.events import (
    TurnEnded,
)
from desktop.protocol.methods import TurnParams
from desktop.protocol.problems import ProblemCode, Trouble, problem
from desktop.providers.base import (
    Failed,
    Finished,
    Limits,
    StopReason,
    TextCame,
)
from tests.doubles.scripted_provider import Hang, Hold, cut, hanging
from tests.services.conftest import Lay
from tests.services.turn_lines import MINE, THREE, same_everywhere


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
