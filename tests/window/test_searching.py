"""Finding what was said, in the real window: in this room, in every room, and going there."""

from collections.abc import Callable

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


def focused(table: Table) -> str:
    return str(
        table.page.evaluate(
            "document.activeElement.closest('[data-message-id]')?.dataset.messageId ?? ''"
        )
    )


def in_view(table: Table, message_id: str) -> bool:
    return bool(
        table.page.evaluate(
            """(id) => {
              const row = document.querySelector(`[data-message-id="${id}"]`);
              if (!row) return false;
              const { top, bottom } = row.getBoundingClientRect();
              return top < innerHeight && bottom > 0;
            }""",
            message_id,
        )
    )


def test_a_word_and_its_consonants_are_found_in_two_rooms_and_gone_to(
    make_app: Callable[..., App],
) -> None:
    table = Table(make_app("one", **{PACE: "inf"}))
    first_room = table.room_id
    mine = table.turn("😀 이 우표는 누구 것일까?")[0]
    for number in range(12):
        table.turn(f"{number}번째 이야기를 들려주세요.")
    other = table.call("room.create", title="다른 방", language="ko")["room"]
    wait_until(lambda: table.page.get_by_test_id("room-switcher").is_visible(), "the rooms")
    table.page.keyboard.press("Control+k")
    table.page.get_by_test_id("palette-input").fill("다른 방")
    table.page.locator(f"#room-{other['id']}").click()
    wait_until(lambda: not table.messages(), "the other room is open")
    table.turn("우표가 없는 방이다.")

    table.page.keyboard.press("Control+k")
    table.page.get_by_test_id("palette-input").fill("우표")
    hit = table.page.locator(f"#line-{mine['id']}")
    hit.wait_for()
    marks = table.page.locator("#pal-list mark").all_inner_texts()
    assert marks, "what was looked for is marked"
    assert set(marks) == {"우표"}
    hit.click()
    wait_until(lambda: in_view(table, mine["id"]), "the line of the first room is shown")
    wait_until(lambda: focused(table) == mine["id"], "and has the focus")
    assert table.page.evaluate("window.pywebview.api.call('app.open', {})")["result"]
    assert table.call("message.around", message_id=mine["id"])["room_id"] == first_room

    table.page.keyboard.press("End")
    wait_until(lambda: not in_view(table, mine["id"]), "back at the end")
    table.page.keyboard.press("Control+f")
    table.page.get_by_test_id("find-input").fill("ㄴㄱ ㄱㅇㄲ")
    count = table.page.get_by_test_id("find-count")
    wait_until(lambda: count.inner_text().strip() == "1/1", "one line has these consonants")
    table.page.keyboard.press("Enter")
    wait_until(lambda: in_view(table, mine["id"]), "it is gone to")
