"""The book in the real window: saved to the letter, opened far from its end, divided and joined."""

import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.formats.books.shelf import epub_paragraphs
from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


class BookTable(Table):
    """A table whose save dialog answers with ``place``."""

    def __init__(self, app: App, place: Path) -> None:
        self.app = app
        self.place = place
        command = [sys.executable, "-m", "tests.window.saving_window", str(app.data)]
        self.page = app.start(command, SAVE_TO=str(place), **{PACE: "inf"})
        self.ready()

    @property
    def book(self) -> Any:
        return self.page.get_by_test_id("book")

    def passages(self, *, named: bool = True) -> list[str]:
        """Every paragraph of the book as it is shown, names in front or left out."""
        shown: list[str] = self.page.evaluate(
            """(named) => [...document.querySelectorAll('#book .prose .passage p')].map((p) => {
                 const name = p.querySelector('.nm')?.textContent ?? '';
                 const text = p.textContent.slice(name.length);
                 return name && named ? `${name} ${text}` : text;
               })""",
            named,
        )
        return shown

    def save(self, book_format: str) -> None:
        self.page.get_by_test_id("book-save").click()
        self.page.get_by_test_id(f"save-{book_format}").click()
        wait_until(self.saved, "the book is saved", 60)

    def saved(self) -> bool:
        kinds = self.page.evaluate(
            "() => [...document.querySelectorAll('[data-testid=notice]')].map(n => n.dataset.kind)"
        )
        assert "problem" not in kinds
        return "book_saved" in kinds and self.place.is_file()


@pytest.fixture
def table(make_app: Callable[..., App], tmp_path: Path) -> Callable[[str], BookTable]:
    return lambda name: BookTable(make_app("one"), tmp_path / name)


def test_a_saved_text_is_the_book_that_is_shown_to_the_letter(
    table: Callable[[str], BookTable],
) -> None:
    one = table("책.txt")
    one.turn("*손을 흔든다.* 모두 이리 와 보세요.")
    one.turn("편지에 뭐라고 적혀 있나요?")
    wait_until(lambda: len(one.passages()) > 4, "the book has the story")
    one.save("text")
    told = one.place.read_text("utf-8").split("\n")
    cast = told.index("등장인물")
    blank = told.index("", cast + 2)
    assert [line for line in told[blank:] if line] == one.passages()
    assert one.app.output().count("DIALOG") == 1
    assert ".txt" in one.app.output()


def test_an_e_book_holds_the_same_story(table: Callable[[str], BookTable]) -> None:
    one = table("책.epub")
    one.turn("모두 이리 와 보세요.")
    shown = one.passages(named=False)
    one.save("epub")
    assert epub_paragraphs(one.place.read_bytes()) == shown
    with zipfile.ZipFile(one.place) as book:
        assert book.testzip() is None


def test_the_window_prints_a_pdf_by_itself(table: Callable[[str], BookTable]) -> None:
    one = table("책.pdf")
    one.turn("모두 이리 와 보세요.")
    one.save("pdf")
    data = one.place.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) >= 2
    assert [each.name for each in one.place.parent.glob(".*")] == []


def test_a_chapter_is_made_named_found_and_taken_back(table: Callable[[str], BookTable]) -> None:
    one = table("book.txt")
    one.turn("모두 이리 와 보세요.")
    row = one.book.locator(".passage").nth(1)
    row.hover()
    row.get_by_test_id("chapter-here").click()
    field = one.page.get_by_test_id("chapter-name")
    field.wait_for()
    one.page.keyboard.insert_text("막배")
    one.page.keyboard.press("Enter")
    chapter = one.page.get_by_test_id("chapter")
    wait_until(lambda: "막배" in chapter.inner_text(), "the chapter has its name")
    assert "1장" in chapter.inner_text()
    one.page.get_by_test_id("book-contents").click()
    assert "막배" in one.page.get_by_test_id("contents-chapter").inner_text()
    one.page.get_by_test_id("contents-chapter").click()
    wait_until(
        lambda: one.page.evaluate(
            """() => {
              const pane = document.querySelector('#book .page-scroll').getBoundingClientRect();
              const head = document.querySelector('[data-testid=chapter]').getBoundingClientRect();
              return head.top >= pane.top - 1 && head.bottom <= pane.bottom;
            }"""
        ),
        "the book is open at the chapter",
    )
    one.call("history.undo", room_id=one.room_id)
    one.call("history.undo", room_id=one.room_id)
    wait_until(lambda: one.page.get_by_test_id("chapter").count() == 0, "it is taken back")


def test_a_copied_book_is_in_the_clipboard(table: Callable[[str], BookTable]) -> None:
    one = table("book.txt")
    one.turn("모두 이리 와 보세요.")
    shown = one.passages()
    one.page.get_by_test_id("book-save").click()
    one.page.get_by_test_id("copy-all").click()
    wait_until(
        lambda: one.page.locator("[data-testid=notice][data-kind=copied]").count() == 1, "copied"
    )
    one.input.click()
    one.page.keyboard.press("Control+v")
    pasted = one.input.input_value()
    assert [line for line in pasted.split("\n") if line][1:] == shown


def test_letters_and_width_of_the_book_are_chosen_and_stay(make_app: Callable[..., App]) -> None:
    app = make_app("one")
    table = Table(app, **{PACE: "inf"})
    table.turn("편지를 저울에 올린다.")

    def look() -> tuple[float, float, str]:
        told = table.page.evaluate(
            """() => {
              const { fontSize, fontFamily } = getComputedStyle(
                document.querySelector('#book .prose .passage p'));
              const box = document.querySelector('#book .prose').getBoundingClientRect();
              return [parseFloat(fontSize), box.width, fontFamily.split(',')[0]];
            }"""
        )
        return (told[0], told[1], told[2])

    table.page.set_viewport_size({"width": 1920, "height": 900})
    size, width, face = look()
    table.page.get_by_test_id("book-look").click()
    slider = table.page.locator(".pop-look input[type=range]")
    slider.focus()
    for _ in range(3):
        table.page.keyboard.press("ArrowRight")
    table.page.get_by_test_id("book-width").locator("input").first.check(force=True)
    table.page.locator(".pop-look").get_by_role("switch").click()
    wait_until(lambda: look()[0] > size * 1.2, "the letters are larger")
    wait_until(lambda: look()[1] < width, "the column is narrower")
    wait_until(lambda: look()[2] != face, "the face is another")
    chosen = table.call("app.open")["settings"]["book_look"]
    assert (chosen["width"], chosen["serif"]) == ("narrow", False)
    assert app.close() == 0
    after = Table(app, **{PACE: "inf"})
    after.page.set_viewport_size({"width": 1920, "height": 900})
    assert after.call("app.open")["settings"]["book_look"] == chosen
    table = after
    wait_until(lambda: look()[0] > size * 1.2, "and so it is after a start")
