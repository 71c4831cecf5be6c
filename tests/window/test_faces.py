"""Pictures of people in the real window: chosen, pasted, dropped, cut, seen, kept, locked up."""

import base64
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.formats.painted import packed, painted
from tests.window.harness import PACE, App, reach_table, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

FACE = "[data-testid=character-dialog] [data-testid=face]"
HAND_OVER = """([where, kind, data]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], 'face.png', { type: 'image/png' }));
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true })
    : new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true });
  document.querySelector(where).dispatchEvent(event);
}"""


def started(app: App, picture: Path) -> Table:
    command = [sys.executable, "-m", "tests.window.picking_window", str(app.data)]
    table = Table.__new__(Table)
    table.app = app
    table.page = app.start(command, PICK=str(picture))
    table.ready()
    return table


def hand_over(page: Any, where: str, kind: str, data: bytes) -> None:
    page.evaluate(HAND_OVER, [where, kind, base64.b64encode(data).decode()])


def stage(table: Table) -> Any:
    return table.call("app.open")["room"]["room"]["stage"]


def faces(page: Any, where: str) -> list[str]:
    """The addresses of the pictures that are seen there and have been drawn."""
    found: list[str] = page.evaluate(
        """(where) => [...document.querySelectorAll(`${where} .seal.pic img`)]
             .filter((i) => i.complete && i.naturalWidth > 0).map((i) => i.src)""",
        where,
    )
    return found


def open_first(page: Any) -> str:
    row = page.get_by_test_id("character-row").first
    row.locator("button").first.click()
    page.get_by_test_id("character-dialog").wait_for()
    return str(row.get_attribute("data-character-id"))


def editor(page: Any) -> Any:
    return page.get_by_test_id("character-dialog")


def cut(page: Any) -> None:
    page.get_by_test_id("crop-go").click()
    page.get_by_test_id("crop-go").wait_for(state="detached")


def crop_of(page: Any) -> list[int]:
    told = page.get_by_test_id("crop-frame").get_attribute("data-crop")
    return [int(part) for part in told.split(",")]


def test_a_face_is_chosen_cut_by_keyboard_seen_and_still_there_after_a_restart(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    picture = tmp_path / "portrait.jpg"
    picture.write_bytes(packed(painted(600, 900), "JPEG"))
    app = make_app("one", **{PACE: "inf"})
    table = started(app, picture)
    page = table.page
    table.say("누가 있나요?")
    wait_until(lambda: not table.answering and len(table.messages()) > 1, "somebody answers")

    person = open_first(page)
    editor(page).get_by_test_id("choose-picture").click()
    frame = page.get_by_test_id("crop-frame")
    frame.wait_for()
    assert crop_of(page) == [0, 50, 600]
    frame.focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowDown")
    smaller = crop_of(page)
    assert smaller[2] < 600
    assert smaller[1] > 50
    cut(page)
    assert len(faces(page, FACE)) == 1
    assert len(faces(page, ".ce-pv")) == 2
    page.get_by_test_id("save-character").click()

    def kept() -> str:
        return next(
            str(one["picture"]) for one in stage(table)["characters"] if one["id"] == person
        )

    wait_until(kept, "it is stored")
    assert len(faces(page, f"[data-character-id='{person}']")) == 1
    assert faces(page, "[data-testid=seat]")
    said = [one for one in table.stored() if one["author"]["id"] == person]
    assert said, "the storyteller lets everybody speak"
    assert len(faces(page, "[data-testid=message]")) == len(said)
    name = kept()

    assert app.close() == 0
    table = started(app, picture)
    page = table.page
    assert kept() == name
    row = f"[data-character-id='{person}']"
    wait_until(lambda: faces(page, row), "the face is seen again")
    assert faces(page, row)[0].startswith("data:image/webp;base64,")
    assert "Refused to" not in app.output()


def test_a_face_is_pasted_dropped_and_taken_away_with_a_way_back(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    table = started(make_app("one", **{PACE: "inf"}), tmp_path / "none.png")
    page = table.page
    open_first(page)
    hand_over(page, "[data-testid=character-dialog] input", "paste", packed(painted(90, 90)))
    cut(page)
    first = editor(page).get_by_test_id("face").get_attribute("data-picture")
    hand_over(page, FACE, "drop", packed(painted(300, 200)))
    cut(page)
    second = editor(page).get_by_test_id("face").get_attribute("data-picture")
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert re.fullmatch(r"[0-9a-f]{32}", second)
    assert first != second

    editor(page).get_by_test_id("remove-picture").click()
    wait_until(lambda: not faces(page, FACE), "the seal is back")
    page.get_by_test_id("picture-back").click()
    wait_until(lambda: faces(page, FACE), "the undo brings it back")
    assert editor(page).get_by_test_id("face").get_attribute("data-picture") == second

    page.get_by_test_id("remove-picture").last.click()
    page.get_by_test_id("save-character").click()
    page.locator("[data-kind=picture_removed] .btn").last.click()
    wait_until(lambda: faces(page, "[data-testid=character-row]"), "also from outside")
    open_first(page)

    hand_over(page, FACE, "drop", b"<svg/>")
    told = page.locator("[data-kind=picture_refused]")
    told.wait_for()
    assert page.get_by_test_id("crop-frame").count() == 0
    editor(page).get_by_test_id("choose-picture").click()
    wait_until(lambda: told.count() == 2, "a file that is not there is told too")


def test_no_byte_of_a_face_lies_open_beside_a_locked_profile(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    picture = tmp_path / "portrait.png"
    picture.write_bytes(packed(painted(300, 300)))
    app = make_app("one", **{PACE: "inf"})
    table = started(app, picture)
    page = table.page

    def give() -> None:
        open_first(page)
        editor(page).get_by_test_id("choose-picture").click()
        cut(page)
        page.get_by_test_id("save-character").click()
        wait_until(lambda: stage(table)["characters"][0]["picture"], "it is stored")
        person = stage(table)["characters"][0]
        contents = {"type": "character", "character": person}
        table.call("library.save", kind="character_template", name="얼굴", contents=contents)

    def found() -> list[str]:
        name = stage(table)["characters"][0]["picture"]
        full = table.call("picture.read", ids=[name], size="full")["pictures"][0]["source"]
        small = table.call("picture.read", ids=[name], size="small")["pictures"][0]["source"]
        needles = [base64.b64decode(one.split(",")[1])[40:90] for one in (full, small)]
        return [
            str(path)
            for folder in (app.data, app.home)
            for path in folder.rglob("*")
            if path.is_file()
            if any(needle in path.read_bytes() for needle in needles) or name in path.name
        ]

    give()
    assert len(found()) >= 2, "in the clear it can be found: the search does search"
    page.get_by_test_id("open-settings").click()
    page.get_by_test_id("settings-profile").click()
    page.get_by_test_id("protect").click()
    page.get_by_test_id("new-password").fill("등대의 불빛 아래")
    page.get_by_test_id("new-password-again").fill("등대의 불빛 아래")
    page.get_by_test_id("protect-do").click()
    page.get_by_test_id("recovery-code").wait_for(timeout=60_000)
    with page.expect_navigation():
        page.get_by_test_id("recovery-kept").click()
    reach_table(page)
    wait_until(lambda: faces(page, "[data-testid=character-row]"), "its own table shows it")
    assert found() == []
