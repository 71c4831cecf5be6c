"""Finding what was said anywhere, going there, and an index that nobody has to wait for."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from desktop.protocol.events import MessageAdded, MessageChanged
from desktop.protocol.methods import AgainParams, DeleteParams, MessageParams, RoomParams
from desktop.protocol.problems import Trouble
from desktop.protocol.search import AroundParams, SearchHit, SearchParams
from desktop.services.search import Search
from tests.doubles.scripted_provider import hanging, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table

SCRIPT = texts("[하루]: 등대지기는 어제 떠났네.\n")


@pytest.fixture
async def searching() -> AsyncIterator[list[Search]]:
    made: list[Search] = []
    yield made
    for one in made:
        await one.close()


def service(table: Table, made: list[Search]) -> Search:
    made.append(Search(table.database, table.report_bug, rest_s=0))
    return made[-1]


async def unindexed(table: Table) -> int:
    async with table.database.reading() as session:
        row = await session.one(
            """SELECT (SELECT count(*) FROM search_stale) + (SELECT count(*) FROM message
               WHERE number > (SELECT indexed_to FROM search_progress))"""
        )
    assert row is not None
    return int(row[0])


def marked(hit: SearchHit) -> list[str]:
    return [hit.excerpt[one:two] for one, two in hit.spans]


async def test_a_word_is_found_in_every_room_with_the_rooms_title(
    lay: Lay, searching: list[Search]
) -> None:
    table = await lay(SCRIPT, SCRIPT)
    search = service(table, searching)
    one, two = await table.room(), await table.room()
    await table.say(one, "우표를 샀다.")
    await table.say(two, "우표가 없다.")
    found = await search.find(SearchParams(text="우표"))
    assert [hit.room_id for hit in found.hits] == [two.id, one.id]
    assert [room.id for room in found.rooms] == [two.id, one.id]
    assert {room.title for room in found.rooms} == {"안개 항로"}
    assert [marked(hit) for hit in found.hits] == [["우표"], ["우표"]]
    here = await search.find(SearchParams(text="ㄷㄷㅈㄱ", room_id=one.id, author="하루"))
    assert [marked(hit) for hit in here.hits] == [["등대지기"]]
    assert not (await search.find(SearchParams(text="ㄷㄷㅈㄱ", kinds=("user",)))).hits
    first = await search.find(SearchParams(text="우표", limit=1))
    rest = await search.find(SearchParams(text="우표", limit=1, before=first.before))
    assert [hit.room_id for hit in (*first.hits, *rest.hits)] == [two.id, one.id]


async def test_the_index_catches_up_by_itself_and_rests_while_an_answer_comes(
    lay: Lay, searching: list[Search]
) -> None:
    table = await lay(SCRIPT, hanging("[하루]: 아직"))
    search = service(table, searching)
    emit = search.overhear(table.page.take)
    table.turns = table.new_turns()
    room = await table.room()
    await table.say(room, "우표를 샀다.")
    assert await unindexed(table) == 2
    for event in table.page.of(MessageAdded)[-1:]:
        table.page.messages.pop(event.message.id)
        emit(event)
    while await unindexed(table):
        await asyncio.sleep(0.001)
    sent = await table.send(room, "그리고?")
    emit_started = [one for one in table.page.events if one.__class__.__name__ == "TurnStarted"]
    search.overhear(lambda _: None)(emit_started[-1])
    search.wake()
    await asyncio.sleep(0.05)
    assert await unindexed(table) == 1, "nothing is indexed while somebody answers"
    assert (await search.find(SearchParams(text="그리고"))).hits, "and it is found all the same"
    await table.turns.stop_in(room.id)
    ended = await table.ended(sent.turn.id)
    assert ended.outcome == "stopped"
    search.overhear(lambda _: None)(table.page.events[-1])
    while await unindexed(table):
        await asyncio.sleep(0.001)
    assert not table.bugs
    assert table.page.of(MessageChanged)


async def test_a_message_far_up_is_shown_with_its_neighbours(
    lay: Lay, searching: list[Search]
) -> None:
    table = await lay(*[SCRIPT] * 5)
    search = service(table, searching)
    room = await table.room()
    for number in range(5):
        await table.say(room, f"{number}번째 편지")
    (hit,) = (await search.find(SearchParams(text="2번째"))).hits
    around = await search.around(AroundParams(message_id=hit.message_id, limit=4))
    assert [one.position for one in around.messages] == [4, 5, 6, 7]
    assert hit.message_id in {one.id for one in around.messages}
    assert (around.on_path, around.has_older, around.has_newer) == (True, True, True)
    whole = await search.around(AroundParams(message_id=hit.message_id, limit=200))
    assert len(whole.messages) == 10
    assert (whole.has_older, whole.has_newer) == (False, False)
    await table.messages.delete(DeleteParams(message_id=hit.message_id))
    with pytest.raises(Trouble, match="not_found"):
        await search.around(AroundParams(message_id=hit.message_id))


async def test_a_message_of_another_branch_names_the_branch_to_go_to(
    lay: Lay, searching: list[Search]
) -> None:
    table = await lay(texts("[하루]: 첫째 대답.\n"), texts("[하루]: 둘째 대답.\n"))
    search = service(table, searching)
    room = await table.room(STAGE)
    await table.say(room)
    sent = await table.turns.again(AgainParams(room_id=room.id))
    await table.ended(sent.turn.id)
    (hit,) = (await search.find(SearchParams(text="첫째"))).hits
    around = await search.around(AroundParams(message_id=hit.message_id))
    assert not around.on_path
    assert [one.text for one in around.messages] == ["불을 켜 줘.", "첫째 대답."]
    assert around.branch_id == hit.branch_id
    narrow = SearchParams(text="대답", room_id=room.id, on_path=True)
    assert [one.excerpt for one in (await search.find(narrow)).hits] == ["둘째 대답."]
    (now,) = (await search.find(SearchParams(text="둘째"))).hits
    shown = await search.around(AroundParams(message_id=now.message_id))
    assert shown.on_path
    assert (await table.view(room)).room.branch_id == shown.branch_id
    await table.branching.back(MessageParams(message_id=hit.message_id))
    again = await search.around(AroundParams(message_id=hit.message_id))
    assert again.on_path


async def test_nothing_is_found_in_a_room_in_the_trash(lay: Lay, searching: list[Search]) -> None:
    table = await lay(SCRIPT)
    search = service(table, searching)
    room = await table.room()
    await table.say(room, "우표를 샀다.")
    await table.rooms.trash(RoomParams(room_id=room.id))
    assert not (await search.find(SearchParams(text="우표"))).hits
