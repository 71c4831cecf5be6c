"""Ways back into a story: its days, where lore was used, and a list of what a filter leaves."""

import time
from datetime import datetime

import pytest

from desktop.protocol.looking_back import DaysParams, LoreUsedParams, StoryDay
from desktop.protocol.methods import DeleteParams, ForkParams
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble
from desktop.protocol.rolling import DiceParams
from desktop.protocol.search import SearchParams
from desktop.services.looking_back import LookingBack
from desktop.services.search import Search
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.table import Table
from tests.services.test_lore_turns import LIGHT, WORLD, laid

SCRIPT = texts("[하루]: 등대지기는 어제 떠났네.\n")


async def told_at(table: Table, room: Room, *days: datetime) -> None:
    """Have the messages of the room stand on these days, two for each, from its first on."""
    async with table.database.transaction() as session:
        for at, day in enumerate(days):
            await session.run(
                """UPDATE message SET created_at = ? + position
                   WHERE room_id = ? AND position IN (?, ?)""",
                int(day.timestamp() * 1000),
                room.id,
                2 * at + 1,
                2 * at + 2,
            )


async def test_each_day_is_told_once_with_its_first_message_by_the_clock_of_the_place(
    lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        table = await lay(SCRIPT, SCRIPT, SCRIPT)
        room = await table.room()
        for _ in range(3):
            await table.say(room)
        late = datetime.fromisoformat("2026-11-21T23:58:00+09:00")
        after = datetime.fromisoformat("2026-11-22T00:01:00+09:00")
        await told_at(table, room, late, after, after)
        days = (await LookingBack(table.database).days(DaysParams(room_id=room.id))).days
        first, third = (table.page.path(room.id)[at].id for at in (0, 2))
        assert days == (
            StoryDay(day="2026-11-21", count=2, message_id=first, position=1),
            StoryDay(day="2026-11-22", count=4, message_id=third, position=3),
        )
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_days_follow_the_branch_that_is_shown_and_leave_out_what_was_deleted(
    lay: Lay,
) -> None:
    table = await lay(SCRIPT, SCRIPT, SCRIPT)
    room = await table.room()
    for _ in range(2):
        await table.say(room)
    path = table.page.path(room.id)
    await table.branching.fork(ForkParams(message_id=path[1].id))
    await table.say(room, "다른 길로 간다.")
    one, two = (datetime(2026, 3, day, 12).astimezone() for day in (1, 9))
    await told_at(table, room, one, two)
    back = LookingBack(table.database)
    days = (await back.days(DaysParams(room_id=room.id))).days
    assert [(one.day, one.count, one.position) for one in days] == [
        ("2026-03-01", 2, 1),
        ("2026-03-09", 2, 3),
    ]
    assert days[1].message_id == table.page.path(room.id)[2].id, "of this branch, not the other"
    await table.messages.delete(DeleteParams(message_id=table.page.path(room.id)[2].id))
    days = (await back.days(DaysParams(room_id=room.id))).days
    assert [(one.count, one.position) for one in days] == [(2, 1), (1, 4)]
    with pytest.raises(Trouble, match="not_found"):
        await back.days(DaysParams(room_id="nowhere"))


async def test_lore_tells_the_answers_it_was_used_in_the_newest_first(lay: Lay) -> None:
    table, room, _ = await laid(lay, LIGHT, WORLD)
    first = await table.say(room, "등대로 가자.")
    for line in ("조용하다.", "아무 일도 없다."):
        await table.say(room, line)
    last = await table.say(room, "다시 등대로 가자.")
    back = LookingBack(table.database)
    asked = LoreUsedParams(room_id=room.id, book="항로.json", entry_id=LIGHT.id)
    uses = (await back.used(asked)).uses
    assert [(one.turn_id, one.cause) for one in uses] == [(last.id, "key"), (first.id, "key")]
    answers = [one for one in table.page.path(room.id) if one.turn_id == last.id]
    assert (uses[0].message_id, uses[0].excerpt) == (answers[1].id, "그래.")
    always = LoreUsedParams(room_id=room.id, book="항로.json", entry_id=WORLD.id)
    assert [one.cause for one in (await back.used(always)).uses] == ["constant"] * 4
    other = LoreUsedParams(room_id=room.id, book="다른 책.json", entry_id=LIGHT.id)
    assert (await back.used(other)).uses == ()


async def test_with_nothing_typed_a_filter_lists_what_it_leaves_page_by_page(lay: Lay) -> None:
    table = await lay(SCRIPT, SCRIPT)
    room = await table.room()
    search = Search(table.database, table.report_bug, rest_s=0)
    for text in ("/roll 1d6", "/roll 2d6"):
        await table.dice.roll(DiceParams(room_id=room.id, text=text))
    await table.say(room, "우표를 샀다.")
    rolls = await search.find(SearchParams(text=" ", kinds=("dice",)))
    assert [hit.author.kind for hit in rolls.hits] == ["dice", "dice"]
    mine = await search.find(SearchParams(text="", author="하루"))
    assert [hit.excerpt for hit in mine.hits] == ["등대지기는 어제 떠났네."]
    assert mine.hits[0].spans == ()
    page = await search.find(SearchParams(text="", kinds=("dice",), limit=1))
    rest = await search.find(SearchParams(text="", kinds=("dice",), limit=1, before=page.before))
    assert [hit.message_id for hit in (*page.hits, *rest.hits)] == [
        hit.message_id for hit in rolls.hits
    ]
    assert not (await search.find(SearchParams(text=""))).hits, "without a filter nothing"
    assert not (await search.find(SearchParams(text="!?", kinds=("dice",)))).hits
