"""Lorebooks of the library: read by file, tried out with a text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop.protocol.library import LoreContents
from desktop.protocol.lore import Entry, Lorebook
from desktop.protocol.prompting import LoreTestParams
from desktop.services.library_place import LibraryPlace
from desktop.services.lore import LoreBooks, LoreTest
from desktop.store.library import LibraryFolder
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.table import Table

LIGHT = Entry(id="1", name="등대", content="등대는 밤마다 켜진다.", keys=("등대",))
SEA = Entry(id="2", content="바다는 잠들지 않는다.", keys=("바다",))
BOOK = Lorebook(id="b", name="항로", entries=(LIGHT, SEA))

Keep = Callable[[str, Lorebook], str]


@pytest.fixture
def shelf(tmp_path: Path) -> Keep:
    folder = LibraryFolder(tmp_path / "library")
    folder.make()
    return lambda name, book: folder.add("lorebook", name, LoreContents(book=book)).file


def books_of(table: Table, root: Path) -> LoreBooks:
    return LoreBooks(LibraryPlace(table.settings, root / "library", None), root / "shipped")


async def test_a_book_is_read_by_its_file_and_one_that_is_gone_is_named(
    lay: Lay, shelf: Keep, tmp_path: Path
) -> None:
    file = shelf("항로", BOOK)
    found = await books_of(await lay(), tmp_path).in_force((file, "없는 책.json", file))
    assert [(one.id, one.name, one.entries) for one in found.read] == [(file, "항로", (LIGHT, SEA))]
    assert found.unread == ("없는 책.json",)


async def test_entries_with_the_same_id_are_told_apart(
    lay: Lay, shelf: Keep, tmp_path: Path
) -> None:
    file = shelf("항로", replace(BOOK, entries=(LIGHT, replace(SEA, id="1"))))
    (book,) = (await books_of(await lay(), tmp_path).in_force((file,))).read
    assert len({one.id for one in book.entries}) == 2


async def test_a_text_tells_for_every_entry_why(lay: Lay, shelf: Keep, tmp_path: Path) -> None:
    table = await lay()
    tried = LoreTest(table.database, books_of(table, tmp_path))
    file = shelf("항로", BOOK)
    answer = await tried.test(LoreTestParams(text="등대로 가자.", files=(file,)))
    assert [(one.book, one.name, one.cause, one.obstacle, one.key) for one in answer.reasons] == [
        (file, "등대", "key", None, "등대"),
        (file, "바다", None, "no_key", ""),
    ]
    assert answer.tokens > 0


async def test_a_book_that_is_being_written_is_tried_with_a_rooms_story(
    lay: Lay, tmp_path: Path
) -> None:
    table = await lay(texts("[하루]: 바다가 운다."))
    room = await table.room()
    await table.say(room)
    tried = LoreTest(table.database, books_of(table, tmp_path))
    params = LoreTestParams(text="조용하다.", book=BOOK, room_id=room.id)
    told, passed = (await tried.test(params)).reasons
    assert (told.name, told.book_name) == ("바다", "항로")
    assert told.message_id == table.page.path(room.id)[-1].id
    assert (passed.name, passed.obstacle) == ("등대", "no_key")
