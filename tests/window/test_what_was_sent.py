"""What an answer was sent, the summary and the lorebooks, through the window's own hands."""

from collections.abc import Callable

import pytest

from tests.window.harness import PACE, App
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


@pytest.fixture
def table(make_app: Callable[..., App]) -> Table:
    return Table(make_app(**{PACE: "inf"}))


def test_the_prompt_of_an_answer_is_shown_with_its_lore_and_the_memory_can_be_written(
    table: Table,
) -> None:
    page = table.page
    book = {
        "id": "b",
        "name": "항로",
        "entries": [
            {"id": "1", "name": "등대", "content": "등대는 밤마다 켜진다.", "keys": ["등대"]}
        ],
    }
    contents = {"type": "lore", "book": book}
    saved = page.evaluate(
        "(params) => window.pywebview.api.call('library.save', params)",
        {"kind": "lorebook", "name": "항로", "contents": contents},
    )
    assert saved["problem"] is None
    section = page.locator("details.sec", has=page.get_by_role("heading", name="로어북"))
    section.locator("summary").click()
    page.get_by_test_id("lore-books").get_by_text("항로").click()
    page.wait_for_timeout(600)
    for number in range(7):
        table.turn(f"{number}번째로 등대를 본다.")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("보낸 것")
    page.keyboard.press("Enter")
    prompt = page.get_by_test_id("prompt")
    prompt.get_by_test_id("prompt-section").first.wait_for()
    assert prompt.get_attribute("data-exactness") == "exact"
    kinds = [
        one.get_attribute("data-kind") for one in prompt.get_by_test_id("prompt-section").all()
    ]
    assert kinds[0] == "frame"
    assert kinds[-1] == "line"
    assert kinds.count("lore") == 1
    assert "6번째로 등대를 본다." in prompt.locator("[data-kind=line] pre").inner_text()
    assert "등대" in prompt.get_by_test_id("lore-told").inner_text()
    page.keyboard.press("Escape")
    prompt.wait_for(state="detached")
    room = table.call("app.open")["room"]["room"]
    table.call("room.stage", room_id=room["id"], stage={**room["stage"], "window": 5})
    page.get_by_test_id("memory-rule").wait_for()
    section = page.locator("details.sec", has=page.get_by_role("heading", name="줄거리 기억"))
    section.locator("summary").click()
    assert page.get_by_test_id("summary-make").count() == 0, "the storyteller cannot sum up"
    page.get_by_test_id("summary-edit").click()
    page.get_by_test_id("summary-text").fill("우체부가 등대에 닿았다.")
    page.get_by_test_id("summary-save").click()
    page.get_by_test_id("summary").wait_for()
    assert "줄거리로" in page.get_by_test_id("memory-rule").inner_text()
    table.turn("이제 어디로 가지?")
    turn = table.call("app.open")["room"]["last_turn"]["id"]
    sections = table.call("turn.prompt", turn_id=turn)["sections"]
    assert "우체부가 등대에 닿았다." in next(
        one["text"] for one in sections if one["kind"] == "summary"
    )
