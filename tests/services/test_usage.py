"""What turns used: told or estimated, added up per room, speaker and model, cleared and undone."""

import pytest
from msgspec.structs import replace

from desktop.protocol.events import PathChanged, TurnEnded
from desktop.protocol.methods import RoomParams, TurnParams
from desktop.protocol.models import Room, Turn, Usage
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.usage import SpeakerUsage, UsageParams, UsageSum, UsageSums
from desktop.providers.base import Failed, Finished, Started, TextCame, UsageTold
from desktop.providers.token_estimate import estimate
from desktop.services.measures import Measures
from desktop.services.usage import UsageBook
from desktop.services.ways import Way
from tests.doubles.scripted_provider import Step, hanging, texts
from tests.services.conftest import Lay
from tests.services.story_acts import undo
from tests.services.table import STAGE, Table, info

ONE = Usage(
    input=101,
    cache_read=51,
    cache_write=7,
    output=31,
    reasoning=3,
    cost_usd=0.25,
    source="reported",
)
SPOKEN = "[하루]: 여덟 글자를 말해.\n[나비]: 넷."


def telling(usage: Usage = ONE, text: str = SPOKEN) -> tuple[Step, ...]:
    return (
        Started(model="big-one"),
        TextCame(text=text),
        UsageTold(usage=usage),
        Finished(),
    )


async def read(table: Table, room: Room | None = None) -> UsageSums:
    book = UsageBook(table.database, table.clock)
    return await book.read(UsageParams(room_id=room.id if room else ""))


def whole(sums: UsageSum) -> int:
    return sums.input + sums.cache_read + sums.cache_write + sums.output


class Street:
    """One provider that reports usage."""

    def __init__(self, table: Table) -> None:
        self._way = Way(info("scripted"), table.provider)

    def way(self, provider_id: str) -> Way:
        return self._way


def counts_tokens(table: Table) -> None:
    table.turns._around.measures = Measures(table.database, Street(table))


async def test_turns_add_up_by_room_day_and_model(lay: Lay) -> None:
    table = await lay(telling())
    room, other = await table.room(), await table.room()
    for _ in range(3):
        await table.say(room)
    await table.say(other)
    sums = await read(table, room)
    assert sums.all == sums.today
    assert sums.all == UsageSum(
        turns=3,
        priced=3,
        input=303,
        cache_read=153,
        cache_write=21,
        output=93,
        reasoning=9,
        cost_usd=0.75,
    )
    assert [(way.provider, way.model, way.all.turns) for way in sums.ways] == [
        ("scripted", "big-one", 3)
    ]
    together = await read(table)
    assert (together.all.turns, together.all.input) == (4, 404)


async def test_all_rooms_are_told_room_by_room_and_speakers_by_name(lay: Lay) -> None:
    table = await lay(telling())
    room, other = await table.room(), await table.room()
    for _ in range(3):
        await table.say(room)
    await table.say(other)
    await table.shelf.clear(RoomParams(room_id=room.id))
    sums = await read(table)
    assert [(one.room_id, one.all.turns, one.today.turns) for one in sums.rooms] == [
        (room.id, 3, 3),
        (other.id, 1, 1),
    ], "what was cleared was used all the same"
    assert [one.title for one in sums.rooms] == [room.title, other.title]
    assert [(one.name, one.author, one.all.turns) for one in sums.speakers] == [
        ("하루", "하루", 4),
        ("나비", "나비", 4),
    ]
    assert sum(whole(one.all) for one in sums.speakers) == whole(sums.all)
    assert sum(whole(one.all) for one in sums.rooms) == whole(sums.all)
    assert (await read(table, other)).rooms == ()


async def test_a_turn_is_shared_out_by_the_length_of_what_each_said(lay: Lay) -> None:
    table = await lay(telling())
    room = await table.room()
    await table.say(room)
    haru, nabi = (await read(table, room)).speakers
    said = [len(one.text) for one in table.page.path(room.id)[1:]]
    assert (haru.author, haru.name, nabi.author) == ("haru", "하루", "nabi")
    assert haru.all.input == ONE.input * said[0] // sum(said)
    assert haru.all.input + nabi.all.input == ONE.input
    assert whole(haru.all) + whole(nabi.all) == 101 + 51 + 7 + 31
    assert haru.all.cost_usd is not None
    assert nabi.all.cost_usd is not None
    assert haru.all.cost_usd + nabi.all.cost_usd == 0.25


async def test_the_end_of_a_turn_and_the_opened_room_carry_the_sums(lay: Lay) -> None:
    table = await lay(telling())
    room = await table.room()
    await table.say(room)
    told = table.page.of(TurnEnded)[-1].usage
    view = await table.rooms.open(RoomParams(room_id=room.id))
    assert told == view.usage == await read(table, room)


async def test_clearing_begins_at_nothing_and_undo_brings_it_back(lay: Lay) -> None:
    table = await lay(telling())
    room = await table.room()
    await table.say(room)
    before = await read(table, room)
    await table.shelf.clear(RoomParams(room_id=room.id))
    assert (await read(table, room)).all == UsageSum()
    assert table.page.of(PathChanged)[-1].usage == UsageSums(room_id=room.id)
    await table.say(room)
    assert (await read(table, room)).all.turns == 1
    assert (await read(table)).all.turns == 2
    await table.shelf.clear(RoomParams(room_id=room.id))
    await undo(table, room)
    assert (await read(table, room)).all.turns == 1
    assert before.all.turns == 1


async def test_undoing_a_clearing_tells_the_sums_of_before(lay: Lay) -> None:
    table = await lay(telling())
    room = await table.room()
    await table.say(room)
    before = await read(table, room)
    await table.shelf.clear(RoomParams(room_id=room.id))
    await undo(table, room)
    assert await read(table, room) == before
    assert table.page.of(PathChanged)[-1].usage == before


async def test_a_stopped_turn_is_estimated_and_marked(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔나."))
    counts_tokens(table)
    room = await table.room()
    turn = await stopped(table, room)
    request = table.provider.requests[0]
    assert turn.usage == Usage(
        input=estimate(request.system) + estimate(request.prompt),
        output=estimate("[하루]: 왔나."),
        source="estimated",
    )
    assert (await read(table, room)).all.estimated == 1


async def test_what_was_told_of_a_stopped_turn_is_kept_and_only_the_rest_estimated(
    lay: Lay,
) -> None:
    begun = UsageTold(usage=replace(ONE, output=0, cost_usd=None), final=False)
    table = await lay((Started(), begun, *hanging("[하루]: 왔나.")[1:]))
    room = await table.room()
    usage = (await stopped(table, room)).usage
    assert (usage.input, usage.cache_read, usage.cache_write) == (101, 51, 7)
    assert (usage.output, usage.source) == (estimate("[하루]: 왔나."), "estimated")


async def test_a_turn_that_failed_before_its_first_word_has_used_nothing(lay: Lay) -> None:
    table = await lay((Started(), Failed(problem=problem("quota"))))
    counts_tokens(table)
    room = await table.room()
    assert (await table.say(room)).usage == Usage()
    assert await read(table, room) == UsageSums(room_id=room.id)


async def test_a_turn_that_failed_in_the_middle_has_used_what_came(lay: Lay) -> None:
    table = await lay((*texts("[하루]: 왔나.")[:-1], Failed(problem=problem("cut_off"))))
    counts_tokens(table)
    room = await table.room()
    usage = (await table.say(room)).usage
    assert usage.source == "estimated"
    assert usage.output == estimate("[하루]: 왔나.")


async def test_practice_is_not_estimated(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔나."))
    room = await table.room()
    assert (await stopped(table, room)).usage == Usage()


async def test_a_reported_turn_teaches_the_estimate_of_the_next(lay: Lay) -> None:
    table = await lay(telling(replace(ONE, input=10_000)), hanging("[하루]: 왔나."))
    counts_tokens(table)
    room = await table.room(replace(STAGE, world="안개의 바다에 등대가 서 있다. " * 200))
    await table.say(room)
    first = table.provider.requests[0]
    plain = estimate(first.system) + estimate(first.prompt)
    factor = (10_000 + 51 + 7) / plain
    assert factor != pytest.approx(1, abs=0.05)
    usage = (await stopped(table, room)).usage
    second = table.provider.requests[1]
    asked = estimate(second.system) + estimate(second.prompt)
    assert usage.input == pytest.approx(asked * factor, abs=2)


async def test_the_sums_are_those_of_the_stored_turns_whatever_happened(lay: Lay) -> None:
    table = await lay(
        telling(), hanging("[하루]: 왔"), telling(replace(ONE, input=3), "[누구]: 나.")
    )
    counts_tokens(table)
    room = await table.room()
    await table.say(room)
    await stopped(table, room)
    for _ in range(5):
        await table.say(room)
    async with table.database.reading() as session:
        row = await session.one(
            """SELECT sum(input), sum(cache_read), sum(cache_write), sum(output), sum(reasoning)
               FROM turn WHERE room_id = ? AND usage_source <> 'none'""",
            room.id,
        )
    sums = (await read(table, room)).all
    assert row is not None
    told = [sums.input, sums.cache_read, sums.cache_write, sums.output, sums.reasoning]
    assert told == list(row)
    shares: tuple[SpeakerUsage, ...] = (await read(table, room)).speakers
    assert sum(whole(one.all) for one in shares) == whole(sums)
    assert "누구" in {one.author for one in shares}


@pytest.mark.parametrize("how_many", [200, 100_000])
async def test_reading_asks_the_same_of_any_number_of_turns(lay: Lay, how_many: int) -> None:
    table = await lay(telling())
    room = await table.room()
    async with table.database.transaction() as session:
        await session.many(
            """INSERT INTO turn (id, room_id, branch_id, provider, outcome, started_at, input,
                 usage_source) VALUES (?, ?, ?, 'scripted', 'complete', 1, 5, 'reported')""",
            ((f"old{at}", room.id, room.branch_id) for at in range(how_many)),
        )
    await table.say(room)
    statements: list[str] = []
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    connection = table.database._connection
    await connection.set_trace_callback(statements.append)
    await connection.set_progress_handler(step, 100)
    sums = await read(table, room)
    await connection.set_trace_callback(None)  # type: ignore[arg-type]
    await connection.set_progress_handler(None, 0)  # type: ignore[arg-type]
    assert sums.all.turns == 1
    assert len(statements) <= 6
    assert steps < 20


async def test_a_room_that_is_gone_takes_its_numbers_with_it(lay: Lay) -> None:
    table = await lay(telling())
    room = await table.room()
    await table.say(room)
    await table.rooms.trash(RoomParams(room_id=room.id))
    await table.shelf.delete_forever(RoomParams(room_id=room.id))
    assert (await read(table)).all == UsageSum()
    with pytest.raises(Trouble):
        await read(table, room)


async def stopped(table: Table, room: Room) -> Turn:
    sent = await table.send(room)
    await table.until(
        lambda: any(
            one.turn_id == sent.turn.id and one.author.kind == "character"
            for one in table.page.messages.values()
        )
    )
    await table.turns.stop(TurnParams(turn_id=sent.turn.id))
    return table.page.of(TurnEnded)[-1].turn
