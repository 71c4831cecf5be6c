"""Lorebooks in turns: told at their places, by the story they stand in, and to a session too."""

from collections.abc import Awaitable, Callable, Sequence

import pytest
from msgspec.structs import replace

from desktop.protocol.events import TurnNoted
from desktop.protocol.lore import Entry, Lorebook
from desktop.protocol.methods import AgainParams, DeleteParams, StageParams
from desktop.protocol.models import Room
from desktop.protocol.prompting import SummarySaveParams
from desktop.providers.base import Finished, Started, TextCame, UsageTold
from desktop.services.lore import Books
from desktop.services.measures import Measures
from desktop.services.summaries import Summaries
from desktop.services.summary_writer import SummaryWriter
from tests.doubles.scripted_provider import Step, texts
from tests.services.conftest import Lay
from tests.services.table import PATIENT, STAGE, Table
from tests.services.test_prompt_sent import in_session, joined, prompt_of, same

LIGHT = Entry(id="1", name="등대", content="등대는 밤마다 켜진다.", keys=("등대",))
WORLD = Entry(id="2", name="바다", content="바다는 잠들지 않는다.", constant=True)


class Shelf:
    """The books in force, as the test has them now."""

    def __init__(self, *entries: Entry) -> None:
        self.book = Lorebook(id="항로.json", name="항로", scan_depth=2, entries=entries)

    def hold(self, *entries: Entry) -> None:
        self.book = replace(self.book, entries=entries)

    async def in_force(self, files: Sequence[str]) -> Books:
        if "없음.json" in files:
            return Books((), ("없음.json",))
        return Books((self.book,) if files else ())


async def laid(
    lay: Lay, *entries: Entry, retention: bool = False, files: tuple[str, ...] = ("항로.json",)
) -> tuple[Table, Room, Shelf]:
    script: tuple[Step, ...] = in_session("s1") if retention else texts("[하루]: 그래.")
    table = await lay(script)
    shelf = Shelf(*entries)
    table.turns._around.books = shelf.in_force
    room = await table.room(replace(STAGE, lorebooks=files, retention=retention))
    return table, room, shelf


async def test_what_always_holds_stands_above_and_what_comes_up_behind_the_story(
    lay: Lay,
) -> None:
    table, room, _ = await laid(lay, LIGHT, WORLD)
    await table.say(room, "조용하다.")
    turn = await table.say(room, "등대로 가자.")
    first, second = table.provider.requests
    assert "바다는 잠들지 않는다." in first.system
    assert first.system == second.system
    assert "등대는 밤마다" not in first.prompt
    assert second.prompt.index("조용하다.") < second.prompt.index("> 등대는 밤마다 켜진다.")
    assert second.prompt.index("등대는 밤마다") < second.prompt.index("등대로 가자.")
    prompt = await prompt_of(table, turn.id)
    assert same(prompt, second)
    told = [(one.place, one.reason_code, one.name) for one in prompt.sections if one.kind == "lore"]
    assert told == [("system", "lore.constant", "바다"), ("user", "lore.key", "등대")]


async def test_every_answer_tells_why_an_entry_was_told_and_why_not(lay: Lay) -> None:
    silent = Entry(id="3", content="아무도 모른다.", keys=("비밀",))
    off = Entry(id="4", name="꺼진 것", content="꺼졌다.", keys=("등대",), enabled=False)
    table, room, shelf = await laid(lay, LIGHT, WORLD, silent, off)
    turn = await table.say(room, "등대로 가자.")
    shelf.hold()  # what is told of a turn is what held then
    reasons = {one.name: one for one in (await prompt_of(table, turn.id)).lore}
    assert {name: one.cause or one.obstacle for name, one in reasons.items()} == {
        "등대": "key",
        "바다": "constant",
        "비밀": "no_key",
        "꺼진 것": "disabled",
    }
    assert (reasons["등대"].key, reasons["등대"].book_name) == ("등대", "항로")
    assert reasons["등대"].tokens > 0


async def test_a_depth_puts_lore_into_the_midst_of_the_story(lay: Lay) -> None:
    deep = replace(LIGHT, position="at_depth", depth=2)
    table, room, _ = await laid(lay, deep)
    for text in ("하나", "둘"):
        await table.say(room, text)
    turn = await table.say(room, "등대로 가자.")
    request = table.provider.requests[-1]
    prompt = await prompt_of(table, turn.id)
    assert same(prompt, request)
    assert [one.kind for one in prompt.sections if one.place == "user"] == [
        "history",
        "lore",
        "history",
        "line",
    ]
    assert (
        request.prompt.index("하나") < request.prompt.index("등대는") < request.prompt.index("둘")
    )


async def test_cooldown_and_sticky_follow_the_path_and_not_the_clock(lay: Lay) -> None:
    held = replace(LIGHT, sticky=1, cooldown=2)
    table, room, _ = await laid(lay, held)

    async def told(text: str) -> bool:
        await table.say(room, text)
        return "등대는 밤마다" in table.provider.requests[-1].prompt

    assert [
        await told(text) for text in ("등대다.", "조용하다.", "등대다.", "등대다.", "등대다.")
    ] == [
        True,
        True,
        False,
        False,
        True,
    ]
    third = table.page.path(room.id)[4]
    assert third.text == "등대다."
    sent = await table.turns.again(AgainParams(room_id=room.id, message_id=third.id))
    await table.ended(sent.turn.id)
    assert "등대는 밤마다" not in table.provider.requests[-1].prompt
    await table.messages.delete(DeleteParams(message_id=third.id, and_below=True))
    first = table.page.path(room.id)[0]
    sent = await table.turns.again(AgainParams(room_id=room.id, message_id=first.id))
    await table.ended(sent.turn.id)
    assert "등대는 밤마다" in table.provider.requests[-1].prompt


async def test_a_delay_counts_the_turns_of_the_story_from_before_the_book(lay: Lay) -> None:
    late = replace(LIGHT, delay=4)
    table, room, _ = await laid(lay, late, files=())
    for _number in range(2):
        await table.say(room, "조용하다.")
    stage = replace(room.stage, lorebooks=("항로.json",))
    await table.rooms.stage(StageParams(room_id=room.id, stage=stage))
    found = []
    for _number in range(2):
        await table.say(room, "등대다.")
        found.append("등대는 밤마다" in table.provider.requests[-1].prompt)
    assert found == [False, True]


async def test_a_session_is_told_what_comes_up_once(lay: Lay) -> None:
    table, room, _ = await laid(lay, LIGHT, retention=True)
    for text in ("조용하다.", "등대로 가자.", "등대가 보인다."):
        await table.say(room, text)
    _, second, third = table.provider.requests
    assert (second.session, third.session) == ("s1", "s1")
    assert "등대는 밤마다" in second.news
    assert "등대는 밤마다" not in third.news
    assert "등대는 밤마다" in third.prompt  # for a provider that has forgotten


Change = Callable[[Table, Room, Shelf], Awaitable[None]]


async def reword(table: Table, room: Room, shelf: Shelf) -> None:
    shelf.hold(replace(LIGHT, content="등대는 꺼졌다."))


async def take_away(table: Table, room: Room, shelf: Shelf) -> None:
    stage = replace(room.stage, lorebooks=())
    await table.rooms.stage(StageParams(room_id=room.id, stage=stage))


@pytest.mark.parametrize("change", [reword, take_away])
async def test_a_session_ends_when_what_it_was_told_holds_no_more(lay: Lay, change: Change) -> None:
    table, room, shelf = await laid(lay, LIGHT, retention=True)
    await table.say(room, "등대로 가자.")
    await change(table, room, shelf)
    await table.say(room, "그래서?")
    assert table.provider.requests[-1].session == ""


async def test_a_new_entry_leaves_a_session_alone(lay: Lay) -> None:
    table, room, shelf = await laid(lay, LIGHT, retention=True)
    await table.say(room, "등대로 가자.")
    shelf.hold(LIGHT, Entry(id="9", content="문은 잠겼다.", keys=("문",)))
    await table.say(room, "문을 열자.")
    request = table.provider.requests[-1]
    assert request.session == "s1"
    assert "문은 잠겼다." in request.news


async def test_a_session_is_told_the_summary_the_person_wrote_and_ends_when_it_changes(
    lay: Lay,
) -> None:
    table, room, _ = await laid(lay, LIGHT, retention=True)
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
    await table.say(room, "조용하다.")
    await summaries.save(SummarySaveParams(room_id=room.id, text="오래전에 배가 떠났다."))
    await table.say(room, "그래서?")
    await table.say(room, "그다음은?")
    _, second, third = table.provider.requests
    assert (second.session, third.session) == ("s1", "s1")
    assert "오래전에 배가 떠났다." in second.news
    assert "오래전에 배가 떠났다." not in third.news
    await summaries.save(SummarySaveParams(room_id=room.id, text="배는 떠나지 않았다."))
    await table.say(room, "정말?")
    assert table.provider.requests[-1].session == ""
    assert "배는 떠나지 않았다." in table.provider.requests[-1].prompt


async def test_a_book_that_cannot_be_read_is_told_and_the_turn_goes_on(lay: Lay) -> None:
    table, room, _ = await laid(lay, files=("없음.json",))
    turn = await table.say(room, "안녕")
    assert turn.outcome == "complete"
    notes = [(one.note, one.detail) for one in table.page.of(TurnNoted)]
    assert notes == [("lore_unread", "없음.json")]


async def test_what_the_model_cannot_hold_is_dropped_and_told(lay: Lay) -> None:
    from desktop.protocol.models import Usage

    small = UsageTold(usage=Usage(input=10, context_window=8_000, source="reported"))
    script = (Started(), small, TextCame(text="[하루]: 그래."), Finished())
    table = await lay(script)
    measures = table.turns._around.measures
    room = await table.room(replace(STAGE, window=None))
    async with table.database.transaction() as session:
        await measures.learn(session, "scripted", "", small.usage)
    for number in range(6):
        turn = await table.say(room, f"{number} " + "아주 긴 이야기다. " * 120)
    note = table.page.of(TurnNoted)[-1]
    assert (note.note, note.turn_id) == ("history_dropped", turn.id)
    assert note.count > 0
    prompt = await prompt_of(table, turn.id)
    assert same(prompt, table.provider.requests[-1])
    (omission,) = [one for one in prompt.omissions if one.kind == "history"]
    assert (omission.reason_code, omission.messages) == ("history.context", note.count)
    assert measures_fit(table)


def measures_fit(table: Table) -> bool:
    """The whole prompt stays within the model, with room for the answer."""
    from desktop.providers.token_estimate import estimate

    request = table.provider.requests[-1]
    return estimate(request.system) + estimate(request.prompt) < 8_000 - 1_500


async def test_reasons_cost_few_bytes_however_long_the_book_is(lay: Lay) -> None:
    many = tuple(
        Entry(
            id=f"e{number}", name=f"{number}번 마을", content="마을이다.", keys=(f"마을{number}",)
        )
        for number in range(500)
    )
    table, room, _ = await laid(lay, LIGHT, *many)
    turn = await table.say(room, "등대로 가자.")
    async with table.database.reading() as session:
        row = await session.one("SELECT length(CAST(lore AS BLOB)) FROM turn")
    assert row is not None
    assert row[0] < 250
    assert len((await prompt_of(table, turn.id)).lore) == 501


async def test_a_room_without_books_keeps_nothing_of_lore(lay: Lay) -> None:
    table, room, _ = await laid(lay, LIGHT, files=())
    turn = await table.say(room, "등대로 가자.")
    prompt = await prompt_of(table, turn.id)
    assert prompt.lore == ()
    assert "등대는 밤마다" not in joined(prompt.sections, "user")
