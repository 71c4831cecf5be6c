"""The program rolls, the story keeps it, and the room's chain proves it."""

import sqlite3
from collections.abc import Callable

import pytest

from desktop.protocol.methods import DeleteParams, EditParams, RoomDuplicateParams, RoomParams
from desktop.protocol.problems import Trouble
from desktop.protocol.rolling import DiceParams
from desktop.protocol.search import SearchParams
from desktop.services.dice import Dice
from desktop.services.search import Search
from desktop.store.database import Database
from tests.doubles.scripted_provider import hanging, texts
from tests.services.conftest import Lay
from tests.services.table import Table


def service(table: Table, chance: Callable[[int], int] = lambda sides: min(sides, 4)) -> Dice:
    return Dice(
        table.database,
        table.turns.occupied,
        table.page.take,
        table.clock,
        table.new_id,
        chance,
    )


async def test_a_commanded_roll_is_stored_sealed_and_asks_no_ai(lay: Lay) -> None:
    table = await lay()
    room, dice = await table.room(), service(table)
    (message,) = (await dice.roll(DiceParams(room_id=room.id, text="/roll 2d6+3>=9 편지"))).messages
    assert message.author.kind == "dice"
    assert message.roll is not None
    outcome = message.roll.roll.first
    assert (outcome.total, outcome.passed, message.roll.roll.label) == (11, True, "편지")
    assert "11 [4, 4] success" in message.text
    view = await table.view(room)
    assert view.messages == (message,) == tuple(table.page.path(room.id))
    assert view.running is None
    assert not table.provider.requests


async def test_what_a_line_asks_for_is_rolled_and_told_to_the_ai_with_it(lay: Lay) -> None:
    table = await lay(texts("[하루]: 맞았군.\n"))
    room = await table.room()
    await table.say(room, "문을 연다 [[1d20]] 그리고 [[1d6]], [[하루]]를 본다")
    kinds = [message.author.kind for message in (await table.view(room)).messages]
    assert kinds == ["dice", "dice", "user", "character"]
    assert "[진행자]: 1d20 = 4 [4]" in table.provider.requests[-1].prompt
    assert tuple(table.page.path(room.id)) == (await table.view(room)).messages


async def test_a_line_whose_dice_cannot_be_rolled_is_not_stored(lay: Lay) -> None:
    table = await lay()
    room = await table.room()
    with pytest.raises(Trouble, match="invalid_request"):
        await table.say(room, "문을 연다 [[1d6/0]]")
    assert not (await table.view(room)).messages
    assert not table.turns.occupied(room.id)
    assert not table.provider.requests


async def test_the_chain_goes_on_after_a_restart_and_survives_a_deleted_message(lay: Lay) -> None:
    table = await lay()
    room, dice = await table.room(), service(table)
    (first,) = (await dice.roll(DiceParams(room_id=room.id, text="/roll 1d6"))).messages
    await table.messages.delete(DeleteParams(message_id=first.id))
    path = table.database.path
    await table.database.close()
    table.database = await Database.open(path)
    dice = service(table)
    (second,) = (await dice.roll(DiceParams(room_id=room.id, text="/roll CC<=60"))).messages
    proof = await dice.verify(RoomParams(room_id=room.id))
    assert (proof.count, proof.holds) == (2, True)
    assert proof.message_ids == (first.id, second.id)


@pytest.mark.parametrize(
    "change",
    [
        """UPDATE roll SET sealed = json_set(sealed, '$.roll.outcomes[0].total', 6)
           WHERE number = 2""",
        "DELETE FROM roll WHERE number = 2",
        "UPDATE roll SET sealed = '{}' WHERE number = 2",
    ],
)
async def test_what_was_tampered_with_is_found(lay: Lay, change: str) -> None:
    table = await lay()
    room, dice = await table.room(), service(table)
    for _ in range(3):
        await dice.roll(DiceParams(room_id=room.id, text="/roll 1d6"))
    assert (await dice.verify(RoomParams(room_id=room.id))).holds
    forger = sqlite3.connect(table.database.path)
    with forger:
        forger.execute(change)
    forger.close()
    proof = await dice.verify(RoomParams(room_id=room.id))
    assert not proof.holds
    assert len(proof.message_ids) <= 1


@pytest.mark.parametrize("formula", ["", "9" * 5_000 + "d6", "1d0", "((((1d6", "1d6/0", "🎲"])
async def test_a_formula_that_cannot_be_rolled_stores_nothing(lay: Lay, formula: str) -> None:
    table = await lay()
    room = await table.room()
    with pytest.raises(Trouble, match="invalid_request"):
        await service(table).roll(DiceParams(room_id=room.id, text=f"/roll {formula}"))
    assert not (await table.view(room)).messages


async def test_nothing_is_rolled_while_an_answer_comes_and_no_roll_is_edited(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 아직"))
    room, dice = await table.room(), service(table)
    (message,) = (await dice.roll(DiceParams(room_id=room.id, text="/roll 1d6"))).messages
    with pytest.raises(Trouble, match="invalid_request"):
        await table.messages.edit(EditParams(message_id=message.id, text="6"))
    await table.send(room)
    with pytest.raises(Trouble, match="busy"):
        await dice.roll(DiceParams(room_id=room.id, text="/roll 1d6"))
    await table.turns.stop_in(room.id)


async def test_a_roll_is_found_by_its_kind_and_a_copied_room_has_none_to_prove(lay: Lay) -> None:
    table = await lay()
    room, dice = await table.room(), service(table)
    await dice.roll(DiceParams(room_id=room.id, text="/roll 1d6 열쇠"))
    search = Search(table.database, table.report_bug)
    (hit,) = (await search.find(SearchParams(text="열쇠", kinds=("dice",)))).hits
    assert hit.author.kind == "dice"
    assert not (await search.find(SearchParams(text="열쇠", kinds=("note",)))).hits
    params = RoomDuplicateParams(room_id=room.id, title="사본", with_story=True)
    copy = (await table.shelf.duplicate(params)).room
    assert (await dice.verify(RoomParams(room_id=copy.id))).count == 0
