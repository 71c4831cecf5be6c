"""The first page in the real window: from nothing to the first streamed word, by keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table
from tests.window.test_connecting import Vendor, add_server

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


class FirstTable(Table):
    """A table that nobody has reached yet: its page is the one that welcomes people."""

    def ready(self) -> None:
        self.page.get_by_test_id("starter").nth(5).wait_for()

    def laid(self) -> None:
        """Until its page has given way to the table."""
        self.input.wait_for()

    @property
    def title(self) -> str:
        return str(self.page.get_by_test_id("room-title").inner_text()).strip()

    def player(self, provider: str) -> Any:
        return self.page.locator(f'[data-testid=player][data-provider="{provider}"]')

    def choose(self, scene: str) -> None:
        self.page.locator(f"label[data-scene-id={scene}]").click()

    def scene(self) -> str:
        """The id of the chosen one."""
        return str(self.page.locator("[data-testid=starter] input:checked").input_value())


@pytest.fixture
def first(make_app: Callable[..., App]) -> FirstTable:
    return FirstTable(make_app("one", **{PACE: "60"}))


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[Vendor]:
    with Vendor(tmp_path / "vendor") as standing:
        yield standing


def test_the_keyboard_alone_leads_to_the_first_streamed_word(first: FirstTable) -> None:
    keys = first.page.keyboard
    assert first.scene() == "lighthouse"
    keys.press("ArrowRight")
    assert first.scene() == "train"
    title = first.page.locator("[data-scene-id=train] b").inner_text()
    assert title in first.page.get_by_test_id("welcome-begin").inner_text()
    keys.press("Enter")
    first.laid()
    assert first.title == title
    wait_until(
        lambda: first.page.evaluate("document.activeElement.dataset.testid") == "composer-input",
        "the focus is where one writes",
    )
    keys.insert_text("여기 앉아도 될까요?")
    keys.press("Enter")
    first.wait_for_text()
    first.wait_for_the_end()
    assert first.stored()[-1]["author"]["kind"] != "user"


def test_another_ai_is_noticed_while_the_page_is_open_and_plays_the_scene(
    first: FirstTable, vendor: Vendor
) -> None:
    assert first.player("storyteller").locator("input").is_checked()
    wait_until(
        lambda: first.player("claude").locator("code").count() == 1, "Claude's command is shown"
    )
    assert first.player("claude").locator("input").is_disabled()
    first.page.get_by_test_id("welcome-ways").click()
    ways = first.page.get_by_test_id("connect")
    server = add_server(ways, vendor.url("first"))
    first.page.keyboard.press("Escape")
    first.player(server).wait_for()
    first.player(server).locator("input").check()
    first.choose("orbit")
    first.page.get_by_test_id("welcome-begin").click()
    first.laid()
    stage = first.call("app.open")["room"]["room"]["stage"]
    assert (stage["provider"], stage["narrator"]["kind"]) == (server, "none")
    first.turn("토마토는 누가 먼저 먹나요?")
    assert vendor.asked("first"), "the chosen server was asked"


def test_another_language_changes_words_and_scenes_at_once(first: FirstTable) -> None:
    first.choose("court")
    korean = first.page.locator("[data-scene-id=court] b").inner_text()
    first.page.get_by_test_id("welcome-language").select_option("ja")
    wait_until(
        lambda: first.page.locator("[data-scene-id=court] b").inner_text() == "真夏の鬼火裁判所",
        "the scenes are Japanese",
    )
    assert korean != "真夏の鬼火裁判所"
    assert first.scene() == "court", "what was chosen stays chosen"
    assert "真夏の鬼火裁判所" in first.page.get_by_test_id("welcome-begin").inner_text()
    assert "物語の卓" in first.page.locator("#welcome-title").inner_text()
    first.page.get_by_test_id("welcome-begin").click()
    first.laid()
    assert first.call("app.open")["room"]["room"]["stage"]["language"] == "ja"


def test_closing_it_leads_to_a_table_that_is_laid_and_it_can_be_found_again(
    first: FirstTable,
) -> None:
    first.page.keyboard.press("Escape")
    first.laid()
    assert first.title == "안개 항로 우체국"
    assert len(first.messages()) >= 2
    first.page.get_by_test_id("open-rooms").click()
    assert first.page.locator("[data-testid=volume] [data-scene=lighthouse]").count() == 1
    first.page.get_by_test_id("shelf-from-scene").click()
    first.ready()
    first.page.get_by_test_id("welcome-empty").click()
    first.laid()
    assert first.messages() == []
    rooms = first.call("app.open")["rooms"]
    assert len(rooms) == 2
    first.app.close()
    again = Table(first.app)
    assert again.page.get_by_test_id("welcome").count() == 0
