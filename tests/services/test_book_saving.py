"""A book saved: what stands in it, where it comes to stand, and what is left when it does not."""

import asyncio
import zipfile
from pathlib import Path

import pytest

from desktop.protocol.books import (
    BookFormat,
    BookOptions,
    BookParams,
    BookSaveParams,
    BookTextParams,
    ChapterAddParams,
)
from desktop.protocol.events import BookProgressed
from desktop.protocol.methods import ForkParams
from desktop.protocol.models import AuthorKind, Language, Room
from desktop.protocol.problems import Trouble
from desktop.protocol.rolling import DiceParams
from desktop.services import book_saving, copied_text
from desktop.services.book_saving import BookSaving
from desktop.services.dice import Dice
from tests.services.book_shelf import Shelf
from tests.services.conftest import Lay

STORY: tuple[tuple[AuthorKind, str], ...] = (
    ("narrator", "안개가 짙다.\n\nA) 문을 연다\nB) 기다린다"),
    ("user", "*편지를 올린다.* 열한 돈이요."),
    ("note", "여기서 쉬었음"),
    ("character", "가벼워."),
)


@pytest.fixture
async def shelf(lay: Lay, tmp_path: Path) -> Shelf:
    return Shelf(await lay(), tmp_path)


def wanted(room: Room, book_format: BookFormat = "text", **more: object) -> BookSaveParams:
    options = BookOptions(format=book_format, cast=False, cover=False, **more)  # type: ignore[arg-type]
    return BookSaveParams(room_id=room.id, options=options)


async def test_a_text_is_what_the_book_pane_shows_to_the_letter(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    shelf.place = str(shelf.folder / "책.txt")
    saved = await shelf.saving.save(wanted(room))
    assert Path(shelf.place).read_text("utf-8") == (
        f"{room.title}\n\n안개가 짙다.\n\n편지를 올린다.\n우체부 “열한 돈이요.”\n\n"
        "여기서 쉬었음\n\n하루 “가벼워.”\n"
    )
    assert (saved.outcome, saved.name, saved.messages) == ("saved", "책.txt", 4)
    assert saved.bytes == Path(shelf.place).stat().st_size
    assert shelf.names == [f"{room.title}.txt"]


async def test_in_character_leaves_dice_and_notes_out_and_names_may_go_too(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    dice = Dice(
        shelf.table.database,
        lambda _: False,
        shelf.table.page.take,
        shelf.table.clock,
        shelf.table.new_id,
        lambda _: 3,
    )
    await dice.roll(DiceParams(room_id=room.id, text="/roll 2d6 열쇠"))
    shelf.place = str(shelf.folder / "one.txt")
    await shelf.saving.save(wanted(room))
    assert "열쇠: 2d6 = 6" in Path(shelf.place).read_text("utf-8")
    shelf.place = str(shelf.folder / "two.txt")
    await shelf.saving.save(wanted(room, in_character=True, names=False, dialogue="corner"))
    assert Path(shelf.place).read_text("utf-8") == (
        f"{room.title}\n\n안개가 짙다.\n\n편지를 올린다.\n「열한 돈이요.」\n\n「가벼워.」\n"
    )
    shelf.place = str(shelf.folder / "three.txt")
    await shelf.saving.save(wanted(room, in_character=True, dice_record=True))
    sealed = next(one.roll for one in shelf.table.page.messages.values() if one.roll)
    assert Path(shelf.place).read_text("utf-8").endswith(f"{sealed.id}\n{sealed.hash}\n")


@pytest.mark.parametrize(
    ("language", "came_to"), [("ko", "성공"), ("en", "success"), ("ja", "成功")]
)
async def test_a_roll_is_graded_in_the_words_of_the_books_language(
    shelf: Shelf, language: Language, came_to: str
) -> None:
    room = await shelf.room(*STORY)
    dice = Dice(
        shelf.table.database,
        lambda _: False,
        shelf.table.page.take,
        shelf.table.clock,
        shelf.table.new_id,
        lambda _: 3,
    )
    await dice.roll(DiceParams(room_id=room.id, text="/roll 2d6>=5"))
    formats: tuple[tuple[BookFormat, str], ...] = (("text", "one.txt"), ("markdown", "one.md"))
    for book_format, name in formats:
        shelf.place = str(shelf.folder / name)
        await shelf.saving.save(wanted(room, book_format, language=language, dice_record=True))
        line = f"= 6 [3, 3] {came_to}"
        assert Path(shelf.place).read_text("utf-8").replace("\\", "").count(line) == 2


async def test_markdown_numbers_messages_as_they_stand_on_the_path(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    last = (await shelf.table.view(room)).messages[-1]
    await shelf.book.chapter_add(ChapterAddParams(message_id=last.id, name="저울"))
    shelf.place = str(shelf.folder / "book")
    await shelf.saving.save(wanted(room, "markdown", in_character=True))
    told = (shelf.folder / "book.md").read_text("utf-8")
    assert told.startswith(f"# {room.title}\n\n### 1. 진행자\n\n안개가 짙다.\n\nA) 문을 연다\n")
    assert told.endswith("## 1장 저울\n\n### 4. 하루\n\n가벼워.\n\n")


async def test_another_branch_can_be_saved_than_the_one_that_is_shown(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    first = (await shelf.table.view(room)).messages[0]
    forked = (await shelf.table.branching.fork(ForkParams(message_id=first.id))).room
    await shelf.say(forked, [("user", "다른 길로.")])
    for branch, ending in ((None, "“다른 길로.”\n"), (room.branch_id, "“가벼워.”\n")):
        shelf.place = str(shelf.folder / "branch.txt")
        await shelf.saving.save(wanted(room, branch_id=branch))
        assert Path(shelf.place).read_text("utf-8").endswith(ending)
    with pytest.raises(Trouble, match="not_found"):
        await shelf.saving.save(wanted(room, branch_id="elsewhere"))


async def test_a_dialog_that_is_dismissed_writes_nothing(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    assert (await shelf.saving.save(wanted(room))).outcome == "dismissed"
    assert list(shelf.folder.glob("*.txt")) == []


async def test_a_book_that_is_stopped_leaves_the_one_before_it_as_it_was(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_saving, "BATCH", 10)
    room = await shelf.room(*(STORY * 50))
    place = shelf.folder / "kept.epub"
    place.write_bytes(b"the one before")
    shelf.place = str(place)
    saving = asyncio.create_task(shelf.saving.save(wanted(room, "epub")))
    await shelf.table.until(lambda: next(iter(shelf.table.page.of(BookProgressed)), None))
    with pytest.raises(Trouble, match="busy"):
        await shelf.saving.save(wanted(room))
    await shelf.saving.stop(BookParams(room_id=room.id))
    assert (await saving).outcome == "stopped"
    assert place.read_bytes() == b"the one before"
    assert list(shelf.folder.glob(".*.part")) == []


async def test_a_disk_that_refuses_is_told_and_leaves_nothing(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    shelf.place = str(shelf.folder / "nowhere" / "book.txt")
    with pytest.raises(Trouble) as refused:
        await shelf.saving.save(wanted(room))
    assert refused.value.problem.code == "storage_failed"
    assert (await shelf.saving.text(BookTextParams(room_id=room.id))).text


async def test_progress_runs_to_the_whole_and_batches_lose_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_saving, "BATCH", 7)
    room = await shelf.room(*[("narrator", f"{at}째 물결") for at in range(1, 101)])
    shelf.place = str(shelf.folder / "waves.txt")
    await shelf.saving.save(wanted(room))
    lines = Path(shelf.place).read_text("utf-8").split("\n")
    assert [line for line in lines if "물결" in line] == [f"{at}째 물결" for at in range(1, 101)]
    told = [(one.done, one.total) for one in shelf.table.page.of(BookProgressed)]
    assert told[0] == (7, 100)
    assert told[-1] == (100, 100)


async def test_a_chapter_is_copied_from_its_mark_up_to_the_next(shelf: Shelf) -> None:
    room = await shelf.room(*[("narrator", f"{at}째 물결") for at in range(1, 10)])
    said = (await shelf.table.view(room)).messages
    for at in (2, 5):
        contents = await shelf.book.chapter_add(ChapterAddParams(message_id=said[at].id))
    options = BookOptions(format="text", cast=False)
    params = BookTextParams(room_id=room.id, chapter_id=contents.chapters[0].id, options=options)
    told = (await shelf.saving.text(params)).text
    assert [line for line in told.split("\n") if "물결" in line] == [
        "3째 물결",
        "4째 물결",
        "5째 물결",
    ]
    assert "1장" in told
    assert "2장" not in told


async def test_what_is_too_long_for_a_clipboard_is_refused(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_text, "MOST_BYTES", 100)
    room = await shelf.room(("narrator", "파도. " * 100))
    with pytest.raises(Trouble, match="too_long"):
        await shelf.saving.text(BookTextParams(room_id=room.id))


async def test_a_pdf_is_printed_from_the_pages_and_only_it_stays(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    pages: list[str] = []

    async def printing(page: Path, pdf: Path) -> bool:
        pages.append(page.read_text("utf-8"))
        pdf.write_bytes(b"%PDF-1.7")
        return True

    async def choose(_name: str) -> str:
        return str(shelf.folder / "book.pdf")

    saving = BookSaving(
        shelf.table.database,
        shelf.table.page.take,
        shelf.table.clock,
        shelf.folder / "scratch",
        choose_save=choose,
        print_pdf=printing,
    )
    assert (await saving.save(wanted(room, "pdf"))).name == "book.pdf"
    assert "“열한 돈이요.”" in pages[0]
    assert list(shelf.folder.glob(".*")) == []
    assert (shelf.folder / "book.pdf").read_bytes() == b"%PDF-1.7"


async def test_where_the_window_cannot_print_the_browser_gets_the_pages(shelf: Shelf) -> None:
    room = await shelf.room(*STORY)
    opened: list[Path] = []

    async def show(page: Path) -> None:
        opened.append(page)

    saving = BookSaving(
        shelf.table.database,
        shelf.table.page.take,
        shelf.table.clock,
        shelf.folder / "scratch",
        open_outside=show,
    )
    for _ in range(2):
        assert (await saving.save(wanted(room, "pdf"))).outcome == "printing"
    assert "“가벼워.”" in opened[-1].read_text("utf-8")
    assert len(list((shelf.folder / "scratch").iterdir())) == 1


async def test_an_epub_of_a_long_room_is_whole(shelf: Shelf) -> None:
    room = await shelf.room(*(STORY * 300))
    shelf.place = str(shelf.folder / "long.epub")
    await shelf.saving.save(wanted(room, "epub"))
    with zipfile.ZipFile(shelf.place) as book:
        whole = "".join(book.read(one).decode() for one in book.namelist() if "part-" in one)
    assert whole.count("열한 돈이요.") == 300
