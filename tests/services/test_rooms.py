"""Rooms, their pages, the settings and the ways to an AI."""

import asyncio

import pytest
from msgspec.structs import replace

from desktop.protocol.events import ProviderChecked, RoomChanged, SettingsChanged, TurnEnded
from desktop.protocol.methods import (
    CheckParams,
    DraftParams,
    PageParams,
    RoomCreateParams,
    RoomParams,
    RoomRenameParams,
    SettingsParams,
    StageParams,
)
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.settings import Settings
from desktop.services.settings import SettingsService
from desktop.store import messages
from desktop.store.database import Database
from tests.doubles.scripted_provider import ScriptedProvider, hanging, texts
from tests.services.conftest import Lay
from tests.services.table import HARU, STAGE, Table, said
from tests.store.rows import NOW, a_message

ANSWER = texts("[하루]: 왔나.")


async def test_a_new_room_is_empty_and_in_its_language(lay: Lay) -> None:
    table = await lay(ANSWER)
    view = await table.rooms.create(RoomCreateParams(title=" 灯台 ", language="ja"))
    assert (view.room.title, view.room.stage.language) == ("灯台", "ja")
    assert (view.messages, view.has_more, view.running, view.last_turn) == ((), False, None, None)
    assert table.page.of(RoomChanged)[-1].room == view.room
    assert await table.view(view.room) == replace(view, sequence=1)


async def test_rooms_are_listed_by_their_last_use_without_the_trash(lay: Lay) -> None:
    table = await lay(ANSWER)
    one, two, three = [await table.room() for _ in range(3)]
    await table.say(one)
    await table.rooms.trash(RoomParams(room_id=two.id))
    assert [room.id for room in await table.rooms.list()] == [one.id, three.id]
    restored = await table.rooms.restore(RoomParams(room_id=two.id))
    assert restored.trashed_at is None
    assert [room.id for room in await table.rooms.list()] == [one.id, three.id, two.id]


async def test_every_change_of_a_room_is_stored_and_told(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    renamed = await table.rooms.rename(RoomRenameParams(room_id=room.id, title="새 이름"))
    assert renamed == replace(room, title="새 이름")
    stage = replace(STAGE, world="다른 바다", window=None)
    restaged = await table.rooms.stage(StageParams(room_id=room.id, stage=stage))
    assert restaged.stage == stage
    trashed = await table.rooms.trash(RoomParams(room_id=room.id))
    assert trashed.trashed_at is not None
    assert [one.room for one in table.page.of(RoomChanged)][-3:] == [renamed, restaged, trashed]
    assert (await table.view(room)).room == trashed


async def test_throwing_a_room_away_stops_its_answer_and_keeps_it(lay: Lay) -> None:
    table = await lay(hanging("[하루]: 왔"))
    room = await table.room()
    await table.send(room)
    await table.heard("왔")
    await table.rooms.trash(RoomParams(room_id=room.id))
    assert table.page.of(TurnEnded)[-1].turn.outcome == "stopped"
    assert said((await table.view(room)).messages)[-1] == ("하루", "왔", "stopped")


async def test_two_characters_with_one_id_are_refused(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    twins = replace(STAGE, characters=(HARU, replace(HARU, name="둘")))
    with pytest.raises(Trouble) as caught:
        await table.rooms.stage(StageParams(room_id=room.id, stage=twins))
    assert caught.value.problem.field == "stage.characters"
    assert (await table.view(room)).room.stage == STAGE


async def test_what_is_not_there_is_not_found(lay: Lay) -> None:
    table = await lay(ANSWER)
    asked = [
        table.rooms.open(RoomParams(room_id="x")),
        table.rooms.rename(RoomRenameParams(room_id="x", title="a")),
        table.rooms.trash(RoomParams(room_id="x")),
        table.rooms.restore(RoomParams(room_id="x")),
        table.rooms.stage(StageParams(room_id="x", stage=STAGE)),
        table.rooms.draft(DraftParams(room_id="x", text="a")),
        table.timeline.page(PageParams(room_id="x", before=1)),
        table.providers.check(CheckParams(provider_id="x")),
    ]
    for call in asked:
        with pytest.raises(Trouble) as caught:
            await call
        assert caught.value.problem.code == "not_found"
    assert table.page.events == []


async def test_a_blank_title_is_refused(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    with pytest.raises(Trouble) as caught:
        await table.rooms.rename(RoomRenameParams(room_id=room.id, title=" "))
    assert caught.value.problem.field == "title"


async def test_paging_back_reaches_every_message_once(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    async with table.database.transaction() as session:
        lines = [a_message(str(number)) for number in range(130)]
        await messages.append(session, room.branch_id, lines, NOW)
    view = await table.view(room)
    assert (len(view.messages), view.has_more) == (60, True)
    seen = list(view.messages)
    more = True
    while more:
        page = await table.timeline.page(
            PageParams(room_id=room.id, before=seen[0].position, limit=35)
        )
        seen = [*page.messages, *seen]
        more = page.has_more
    assert [one.text for one in seen] == [str(number) for number in range(130)]


async def test_settings_are_told_stored_and_there_after_a_restart(lay: Lay) -> None:
    table = await lay(ANSWER)
    chosen = Settings(theme="dark", first_text_timeout_s=90, idle_timeout_s=20, turn_timeout_s=120)
    assert await table.settings.load() == Settings()
    assert await table.settings.change(SettingsParams(settings=chosen)) == chosen
    assert table.page.events == [SettingsChanged(settings=chosen)]
    again = SettingsService(table.database, table.page.take)
    assert again.current() == Settings()
    assert await again.load() == again.current() == chosen
    limits = again.limits()
    assert (limits.first_text_ms, limits.idle_ms, limits.total_ms) == (90_000, 20_000, 120_000)


async def test_settings_that_cannot_be_stored_are_not_in_force(lay: Lay) -> None:
    table = await lay(ANSWER)
    async with table.database.reading() as session:
        await session.run("PRAGMA query_only = ON")
    with pytest.raises(Trouble):
        await table.settings.change(SettingsParams(settings=Settings(theme="dark")))
    assert table.settings.current() == Settings()
    assert table.page.events == []


@pytest.fixture
async def two_providers(lay: Lay) -> Table:
    table = await lay(ANSWER)
    broken = ScriptedProvider([ANSWER], id="broken")

    async def raises() -> None:
        raise RuntimeError

    broken.status = raises  # type: ignore[method-assign,assignment]
    out = ScriptedProvider([ANSWER], id="out", state_problem=problem("signed_out"))
    return Table(table.database, [ScriptedProvider([ANSWER]), broken, out])


async def test_each_provider_is_checked_and_one_broken_hides_no_other(
    two_providers: Table,
) -> None:
    table = two_providers
    assert {one.state for one in table.providers.statuses()} == {"checking"}
    statuses = {one.id: one for one in await table.providers.checked()}
    assert statuses["scripted"].state == "ready"
    assert statuses["out"].state == "signed_out"
    assert statuses["broken"].problem == problem("bug", provider="broken", log_id="log1")
    assert {one.status.id for one in table.page.of(ProviderChecked)} == set(statuses)
    assert [one.id for one in table.providers.infos()] == ["scripted", "broken", "out"]


async def test_a_check_answers_at_once_and_runs_only_once(two_providers: Table) -> None:
    table = two_providers
    gate, asked = asyncio.Event(), 0
    ready = await table.by_id["scripted"].status()

    async def slow() -> object:
        nonlocal asked
        asked += 1
        await gate.wait()
        return ready

    table.by_id["scripted"].status = slow  # type: ignore[method-assign,assignment]
    for _ in range(3):
        await table.providers.check(CheckParams(provider_id="scripted"))
    await asyncio.sleep(0)
    assert table.page.events == []
    gate.set()
    await table.until(lambda: table.page.of(ProviderChecked))
    assert asked == 1


async def test_closing_ends_every_provider(two_providers: Table) -> None:
    await two_providers.providers.check(CheckParams())
    await two_providers.providers.close()
    assert all(provider.closed for provider in two_providers.by_id.values())


async def test_all_of_it_is_there_after_a_restart(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    await table.say(room)
    before = await table.view(room)
    await table.close()
    database = await Database.open(table.database.path)
    again = Table(database, [ScriptedProvider([ANSWER])])
    assert replace(await again.view(room), sequence=before.sequence) == before
    await again.close()
