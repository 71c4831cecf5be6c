"""An evening without a pointer: every kind of thing one does to a story, by the keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

FAR = 90
"""More presses of Tab than any way through a page takes."""
NO_POINTER = """() => {
  window.__pointed = 0;
  for (const kind of ['pointerdown', 'mousedown', 'touchstart', 'wheel'])
    addEventListener(kind, (event) => { window.__pointed += Number(event.isTrusted); }, true);
}"""
HERE = "document.activeElement.closest('[data-testid]')?.dataset.testid ?? ''"
LINE = "document.activeElement.closest('[data-message-id]')?.dataset.messageId ?? ''"


class Keys:
    """A table and the hands of somebody who has no pointer."""

    def __init__(self, table: Table) -> None:
        self.table, self.page = table, table.page
        self.room = table.room_id
        self.page.evaluate(NO_POINTER)

    def open(self) -> Any:
        """The room as it is stored."""
        return self.table.call("room.open", room_id=self.room)["room"]

    def stored(self) -> list[dict[str, Any]]:
        return list(self.table.call("room.open", room_id=self.room)["messages"])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    @property
    def here(self) -> str:
        return str(self.page.evaluate(HERE))

    def at(self, test_id: str) -> None:
        wait_until(lambda: self.here == test_id, f"the focus is in {test_id}, not in {self.here}")

    def tab_to(self, test_id: str, key: str = "Tab", then: str = "") -> None:
        """Walk there as the order of the page leads, and press a key on it."""
        passed: list[str] = []
        for _ in range(FAR):
            if self.here == test_id:
                break
            self.press(key)
            passed.append(self.here)
        assert self.here == test_id, f"{test_id} is not on the way: {passed}"
        if then:
            self.press(then)

    def say(self, text: str) -> None:
        """Type into the field that has the focus; the answer is waited for."""
        self.at("composer-input")
        before = len(self.table.messages())
        self.type(text)
        self.press("Enter")
        wait_until(lambda: len(self.table.messages()) > before + 1, "an answer begins")
        self.table.wait_for_the_end()

    def command(self, words: str) -> None:
        """Find something in the palette and do it."""
        self.press("Control+k")
        self.at("palette-input")
        self.type(words)
        options = self.page.locator("#pal-list [role=option]")
        wait_until(options.count, f"the palette offers {words}")
        self.press("Enter")

    def to_line(self, message_id: str) -> None:
        """Up from the newest line, one by one."""
        self.press("Control+2", "ArrowUp")
        for _ in range(FAR):
            if self.page.evaluate(LINE) == message_id:
                return
            self.press("ArrowUp")
        raise AssertionError(f"{message_id} is not on the way up")

    def back(self) -> None:
        """To what I say."""
        self.tab_to("composer-input")

    def row(self, message_id: str) -> dict[str, Any] | None:
        return next((each for each in self.stored() if each["id"] == message_id), None)

    def text(self, message_id: str) -> str | None:
        row = self.row(message_id)
        return row["text"] if row else None


@pytest.fixture
def keys(make_app: Callable[..., App]) -> Keys:
    return Keys(Table(make_app("one", **{PACE: "inf"})))


def newest(keys: Keys, kind: str) -> str:
    return next(
        str(each["id"]) for each in reversed(keys.stored()) if each["author"]["kind"] == kind
    )


@pytest.mark.timeout(300)
def test_a_story_is_told_changed_and_found_again_by_the_keyboard_alone(keys: Keys) -> None:
    table = keys.table
    keys.say("누구 계세요?")
    keys.say("파란 단추를 떨어뜨렸어요.")
    mine = newest(keys, "user")

    keys.to_line(mine)
    keys.press("KeyE")
    keys.at("edit-input")
    keys.press("Control+a")
    keys.type("빨간 단추를 떨어뜨렸어요.")
    keys.press("Control+Enter")
    wait_until(lambda: keys.text(mine) == "빨간 단추를 떨어뜨렸어요.", "it is edited")
    keys.to_line(mine)
    keys.press("KeyH")
    wait_until(lambda: (keys.row(mine) or {}).get("hidden"), "it is hidden from the AI")
    keys.press("KeyH")
    wait_until(lambda: not (keys.row(mine) or {"hidden": 1})["hidden"], "and shown again")
    keys.press("Delete")
    wait_until(lambda: keys.row(mine) is None, "it is taken away")
    keys.press("Control+z")
    wait_until(lambda: keys.row(mine) is not None, "and is back")

    keys.back()
    keys.say("다음 이야기를 해 주세요.")
    path = [each["id"] for each in keys.stored()]
    keys.press("Control+Enter")
    wait_until(lambda: [each["id"] for each in keys.stored()] != path, "it is answered anew")
    table.wait_for_the_end()
    second = [each["id"] for each in keys.stored()]
    keys.at("composer-input")
    keys.press("ArrowLeft")
    wait_until(lambda: [each["id"] for each in keys.stored()] == path, "the first answer")
    keys.press("ArrowRight")
    wait_until(lambda: [each["id"] for each in keys.stored()] == second, "the second one")

    keys.type("/roll 2d6+3>=2 자물쇠")
    keys.press("Enter")
    wait_until(lambda: keys.stored()[-1]["author"]["kind"] == "dice", "it is rolled")

    home = keys.open()["branch_id"]
    keys.to_line(mine)
    keys.press("KeyB")
    wait_until(lambda: keys.open()["branch_id"] != home, "a branch begins")
    keys.press("Control+2")
    keys.back()
    keys.say("이쪽 길로 갑니다.")
    keys.press("Control+d")
    wait_until(
        lambda: table.call("slot.list", room_id=keys.room)["slots"],
        "a bookmark is put",
    )
    keys.command("갈림길 보기")
    keys.page.get_by_test_id("branches").wait_for()
    keys.tab_to("branch-row")
    branch = "document.activeElement.closest('[data-branch]')?.dataset.branch"
    for _ in range(FAR):
        if keys.page.evaluate(branch) == home:
            break
        keys.press("ArrowDown")
    assert keys.page.evaluate(branch) == home
    keys.press("Enter")
    keys.tab_to("branch-move", then="Enter")
    wait_until(lambda: keys.open()["branch_id"] == home, "back on the old way")
    table.ready()

    keys.command("파란 단추" if keys.text(mine) is None else "빨간 단추")
    wait_until(lambda: keys.page.evaluate(LINE) == mine, "the search leads to the line")
    assert keys.page.evaluate("window.__pointed") == 0


def test_stage_seats_pages_and_sheets_are_reached_by_the_keyboard_alone(keys: Keys) -> None:
    table = keys.table
    seats = [each["name"] for each in keys.open()["stage"]["characters"]]
    keys.at("composer-input")
    keys.press("Alt+1")
    wait_until(lambda: seats[0] in table.input.input_value(), "the first seat is addressed")
    keys.press("Escape")
    wait_until(lambda: table.input.input_value() == "", "and is not any more")

    keys.press("Control+1")
    keys.tab_to("situation-input")
    keys.press("Control+a")
    keys.type("비가 그친 새벽.")
    keys.press("Control+s")
    wait_until(
        lambda: keys.open()["stage"]["situation"] == "비가 그친 새벽.",
        "the stage is kept",
    )
    keys.tab_to("new-character", then="Enter")
    keys.page.get_by_test_id("character-dialog").wait_for()
    keys.tab_to("character-name")
    keys.type("새로 온 사람")
    keys.press("Control+Enter")
    keys.page.get_by_test_id("character-dialog").wait_for(state="detached")
    wait_until(
        lambda: len(keys.open()["stage"]["characters"]) == len(seats) + 1,
        "somebody new sits down",
    )

    for words, page in (("보관함", "library"), ("로어북", "lore"), ("책장", "shelf")):
        keys.command(f">{words}")
        keys.page.get_by_test_id(page).wait_for()
        keys.press("Escape")
        table.ready()
    keys.press("Control+Comma")
    keys.tab_to("settings-language", then="Enter")
    keys.tab_to("language-select")
    keys.press("Escape")
    keys.press("F1")
    keys.page.get_by_test_id("keys").wait_for()
    keys.press("Escape")
    keys.page.get_by_test_id("keys").wait_for(state="detached")

    keys.press("Control+3")
    keys.tab_to("book-look", key="Shift+Tab", then="Enter")
    keys.page.locator(".pop-look").wait_for()
    keys.press("Escape")
    keys.press("Control+BracketRight")
    wait_until(
        lambda: not table.call("app.open")["settings"]["panes"]["book_open"], "the book is folded"
    )
    keys.press("Control+BracketRight")
    keys.press("Control+2")
    keys.tab_to("open-calendar", key="Shift+Tab", then="Enter")
    keys.tab_to("calendar-day", then="Enter")
    keys.page.get_by_test_id("calendar").wait_for(state="detached")
    assert keys.page.evaluate("window.__pointed") == 0
