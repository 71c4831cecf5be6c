"""Chapters and pages of a room's book."""

from pathlib import Path

import pytest

from desktop.protocol.books import (
    BookPageParams,
    BookParams,
    ChapterAddParams,
    ChapterMark,
    ChapterNameParams,
    ChapterParams,
)
from desktop.protocol.events import ChaptersChanged
from desktop.protocol.methods import (
    BranchParams,
    DeleteParams,
    ForkParams,
    MessageParams,
    RoomParams,
    SlotParams,
)
from desktop.protocol.models import AuthorKind, Message, Room
from desktop.protocol.problems import Trouble
from desktop.store.session import Session
from tests.services.book_shelf import Shelf
from tests.services.conftest import Lay

LINES: list[tuple[AuthorKind, str]] = [
    ("user" if at % 2 else "character", f"{at}번째 말") for at in range(1, 13)
]


@pytest.fixture
async def shelf(lay: Lay, tmp_path: Path) -> Shelf:
    return Shelf(await lay(), tmp_path)


async def path(shelf: Shelf, room: Room) -> tuple[Message, ...]:
    return (await shelf.book.page(BookPageParams(room_id=room.id, limit=200))).messages


async def marks(shelf: Shelf, room: Room) -> list[tuple[int, str, int]]:
    contents = await shelf.book.contents(BookParams(room_id=room.id))
    return [(one.number, one.name, one.position) for one in contents.chapters]


async def add(shelf: Shelf, message: Message, name: str = "") -> tuple[ChapterMark, ...]:
    params = ChapterAddParams(message_id=message.id, name=name)
    return (await shelf.book.chapter_add(params)).chapters


async def test_chapters_are_numbered_along_the_path_whenever_they_were_made(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    said = await path(shelf, room)
    await add(shelf, said[6], "둘째")
    await add(shelf, said[0])
    assert await marks(shelf, room) == [(1, "", 1), (2, "둘째", 7)]
    told = shelf.table.page.of(ChaptersChanged)[-1]
    assert [one.message_id for one in told.chapters] == [said[0].id, said[6].id]


async def test_a_second_chapter_at_one_message_names_the_first(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    said = await path(shelf, room)
    await add(shelf, said[2], "막배")
    await add(shelf, said[2], "첫배")
    assert await marks(shelf, room) == [(1, "첫배", 3)]


async def test_every_deed_with_a_chapter_is_taken_back_and_done_again(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    said = await path(shelf, room)
    here = RoomParams(room_id=room.id)
    chapter = (await add(shelf, said[2], "막배"))[0].id
    await shelf.book.chapter_name(ChapterNameParams(chapter_id=chapter, name=" 새벽 "))
    assert await marks(shelf, room) == [(1, "새벽", 3)]
    await shelf.book.chapter_delete(ChapterParams(chapter_id=chapter))
    assert await marks(shelf, room) == []
    for expected in ([(1, "새벽", 3)], [(1, "막배", 3)], []):
        await shelf.table.story.undo(here)
        assert await marks(shelf, room) == expected
    assert shelf.table.page.of(ChaptersChanged)[-1].chapters == ()
    for expected in ([(1, "막배", 3)], [(1, "새벽", 3)], []):
        await shelf.table.story.redo(here)
        assert await marks(shelf, room) == expected


async def test_a_chapter_is_on_every_path_through_its_message_and_no_other(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    said = await path(shelf, room)
    await add(shelf, said[2], "함께")
    await add(shelf, said[8], "여기만")
    forked = await shelf.table.branching.fork(ForkParams(message_id=said[4].id))
    assert await marks(shelf, room) == [(1, "함께", 3)]
    await shelf.table.branching.go(BranchParams(branch_id=room.branch_id))
    assert [name for _, name, _ in await marks(shelf, room)] == ["함께", "여기만"]
    assert forked.room.branch_id != room.branch_id


async def test_a_chapter_whose_message_goes_begins_with_the_next_one(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    said = await path(shelf, room)
    await add(shelf, said[2], "막배")
    await shelf.table.messages.delete(DeleteParams(message_id=said[2].id))
    found = (await shelf.book.contents(BookParams(room_id=room.id))).chapters
    assert [one.message_id for one in found] == [said[3].id]
    await shelf.table.messages.delete(DeleteParams(message_id=said[1].id, and_below=True))
    assert await marks(shelf, room) == []
    await shelf.table.story.undo(RoomParams(room_id=room.id))
    assert await marks(shelf, room) == [(1, "막배", 3)]


async def test_a_chapter_is_no_place_to_come_back_to(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    chapter = (await add(shelf, (await path(shelf, room))[0]))[0].id
    assert (await shelf.table.slots.list(RoomParams(room_id=room.id))).slots == ()
    with pytest.raises(Trouble, match="not_found"):
        await shelf.table.slots.go(SlotParams(slot_id=chapter))
    with pytest.raises(Trouble, match="not_found"):
        await shelf.book.chapter_add(ChapterAddParams(message_id="nobody"))


async def test_pages_go_both_ways_without_a_gap_and_count_what_is_there(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    said = await path(shelf, room)
    await shelf.table.messages.delete(DeleteParams(message_id=said[3].id))
    newest = await shelf.book.page(BookPageParams(room_id=room.id, limit=5))
    assert (newest.first_number, newest.has_older, newest.has_newer) == (7, True, False)
    middle = await shelf.book.page(BookPageParams(room_id=room.id, before=8, limit=5))
    assert [one.position for one in middle.messages] == [2, 3, 5, 6, 7]
    assert (middle.first_number, middle.has_older, middle.has_newer) == (2, True, True)
    first = await shelf.book.page(BookPageParams(room_id=room.id, start=1, limit=4))
    assert [one.position for one in first.messages] == [1, 2, 3, 5]
    assert (first.first_number, first.has_older, first.has_newer) == (1, False, True)
    beyond = await shelf.book.page(BookPageParams(room_id=room.id, start=99))
    assert (beyond.messages, beyond.has_older, beyond.has_newer) == ((), True, False)


async def test_a_page_of_a_forked_path_runs_over_the_fork(shelf: Shelf) -> None:
    room = await shelf.room(*LINES)
    said = await path(shelf, room)
    forked = (await shelf.table.branching.back(MessageParams(message_id=said[4].id))).room
    await shelf.say(forked, [("user", "다른 길"), ("character", "그래")])
    page = await shelf.book.page(BookPageParams(room_id=room.id, start=4, limit=9))
    assert [one.text for one in page.messages] == ["4번째 말", "5번째 말", "다른 길", "그래"]
    assert page.first_number == 4


async def test_the_size_is_the_whole_path_without_notes(shelf: Shelf) -> None:
    room = await shelf.room(("user", "*웃는다* 그래\n가자"), ("note", "쉬었음"))
    found = await shelf.book.contents(BookParams(room_id=room.id))
    assert (found.messages, found.characters, found.words) == (1, 8, 2)


async def test_a_page_costs_the_same_in_a_long_room(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in statements and rows, not in time."""
    room = await shelf.room(*LINES)
    rows: list[int] = []
    read = Session.all

    async def counted(self: Session, sql: str, *values: object) -> list[object]:
        found = await read(self, sql, *values)
        rows.append(len(found))
        return list(found)

    async def cost(start: int | None) -> tuple[int, int]:
        rows.clear()
        await shelf.book.page(BookPageParams(room_id=room.id, start=start, limit=10))
        return len(rows), sum(rows)

    monkeypatch.setattr(Session, "all", counted)
    few = [await cost(None), await cost(2)]
    await shelf.say(room, [("narrator", "파도.")] * 5_000)
    assert [await cost(None), await cost(2)] == few
    assert all(total < 30 for _, total in few)
