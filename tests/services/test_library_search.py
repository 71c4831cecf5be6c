"""What is found in the library: entries, lore inside a book, and what was changed since."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.protocol.library import (
    EntryParams,
    EntrySaveParams,
    KeepParams,
    LoreContents,
    TextContents,
)
from desktop.protocol.library_search import (
    LibraryFindParams,
    LibraryHit,
    RoomFromPresetParams,
)
from desktop.protocol.lore import Entry, Lorebook
from desktop.protocol.problems import Trouble
from desktop.services.library import Library
from desktop.services.library_place import LibraryPlace
from desktop.services.library_search import LibrarySearch
from desktop.services.preset_room import PresetRoom
from tests.services.conftest import Lay
from tests.services.table import HARU, STAGE, Table

BOOK = Lorebook(
    id="b1",
    name="등대 이야기",
    entries=(
        Entry(id="e1", name="여섯 번째 등대", keys=("소등",), content="불이 하룻밤 꺼졌다."),
        Entry(id="e2", name="젖는 편지", keys=("젖은 편지",), content="받는 이가 없다."),
    ),
)


class Desk:
    """A library of the person's own with nothing shipped, and the search over it."""

    def __init__(self, table: Table, root: Path) -> None:
        self.table = table
        self.root = root / "mine"
        place = LibraryPlace(table.settings, self.root, None)
        self.library = Library(
            table.database, place, root / "nothing", table.rooms.stage, table.page.take,
            table.clock, table.new_id, look_every_s=60,
        )  # fmt: skip
        self.search = LibrarySearch(self.library)
        self.reads = 0

    async def find(self, text: str, limit: int = 30) -> list[LibraryHit]:
        found = await self.search.find(LibraryFindParams(text=text, limit=limit))
        return list(found.hits)


@pytest.fixture
async def desk(lay: Lay, tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(await lay(), tmp_path)
    await made.library.save(
        EntrySaveParams(kind="lorebook", name="등대 이야기", contents=LoreContents(book=BOOK))
    )
    await made.library.save(
        EntrySaveParams(
            kind="world", name="안개 항로", contents=TextContents(text="바다가 안개다.")
        )
    )
    yield made
    await made.library.close()


async def test_a_piece_of_lore_is_found_by_its_text_with_the_way_to_it(desk: Desk) -> None:
    (hit,) = await desk.find("하룻밤")
    assert (hit.entry.kind, hit.entry.name, hit.lore_id) == ("lorebook", "등대 이야기", "e1")
    assert hit.title == "여섯 번째 등대"
    ((start, end),) = hit.spans
    assert hit.excerpt[start:end] == "하룻밤"


async def test_names_and_keys_are_found_by_their_consonants(desk: Desk) -> None:
    assert [hit.lore_id for hit in await desk.find("ㅈㅇ ㅍㅈ")] == ["e2"]
    assert [hit.title for hit in await desk.find("ㅇㄱ ㅎㄹ")] == ["안개 항로"]


async def test_words_may_be_spread_over_the_title_and_the_text(desk: Desk) -> None:
    assert [hit.title for hit in await desk.find("항로 바다")] == ["안개 항로"]
    assert await desk.find("항로 사막") == []
    assert await desk.find("   ") == []


async def test_a_file_that_was_changed_is_read_again_and_others_are_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(await desk.find("안개")) == 1
    read, opened = desk.library.read, list[str]()

    async def counted(params: EntryParams) -> object:
        opened.append(params.file)
        return await read(params)

    monkeypatch.setattr(desk.library, "read", counted)
    (desk.root / "worlds" / "안개 항로.md").write_text("이제는 사막이다.", encoding="utf-8")
    assert [hit.excerpt for hit in await desk.find("사막")] == ["이제는 사막이다."]
    assert opened == ["안개 항로.md"]


async def test_a_file_that_cannot_be_read_is_still_found_by_its_name(desk: Desk) -> None:
    folder = desk.root / "presets"
    folder.mkdir(exist_ok=True)
    (folder / "망가진 탁자.json").write_text("{", encoding="utf-8")
    (hit,) = await desk.find("망가진")
    assert hit.entry.problem == "malformed"


async def test_more_than_were_asked_for_is_told(desk: Desk) -> None:
    found = await desk.search.find(LibraryFindParams(text="등대", limit=1))
    assert (len(found.hits), found.more) == (1, True)


async def test_a_new_room_begins_with_the_preset_and_with_nothing_said(desk: Desk) -> None:
    source = await desk.table.room()
    await desk.library.keep(KeepParams(room_id=source.id, part="stage", name="우리 무대"))
    make = PresetRoom(desk.library, desk.table.rooms.lay).make
    view = await make(RoomFromPresetParams(title="새 밤", file="우리 무대.json"))
    assert view.room.title == "새 밤"
    assert view.room.stage == STAGE
    assert HARU in view.room.stage.characters
    assert view.messages == ()


async def test_a_preset_that_is_not_there_makes_no_room(desk: Desk) -> None:
    before = await desk.table.rooms.list()
    make = PresetRoom(desk.library, desk.table.rooms.lay).make
    with pytest.raises(Trouble) as told:
        await make(RoomFromPresetParams(title="새 밤", file="없다.json"))
    assert told.value.problem.code == "not_found"
    assert await desk.table.rooms.list() == before
