"""The story as a tree in the real window: edit, take away, hide, other versions, branches, back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

SLOW = "25"

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


@pytest.fixture
def table(make_app: Callable[..., App]) -> Table:
    return Table(make_app(**{PACE: "inf"}))


def row(table: Table, message_id: str) -> Any:
    return table.page.locator(f"[data-message-id='{message_id}']")


def ids(table: Table) -> list[str]:
    return [m["id"] for m in table.messages()]


def stored_ids(table: Table) -> list[str]:
    return [m["id"] for m in table.stored()]


def focused(table: Table) -> str:
    return str(table.page.evaluate("document.activeElement?.dataset?.messageId ?? ''"))


def test_an_edit_in_place_is_stored_and_the_keyboard_stays(table: Table) -> None:
    mine = table.turn("고칠 말이에요.")[0]["id"]
    row(table, mine).dblclick(position={"x": 40, "y": 40})
    field = table.page.get_by_test_id("edit-input")
    field.fill("고친 말이에요.")
    field.press("Control+Enter")
    field.wait_for(state="detached")
    wait_until(
        lambda: [m["text"] for m in table.stored() if m["id"] == mine] == ["고친 말이에요."],
        "the edit is stored",
    )
    assert focused(table) == mine
    row(table, mine).press("KeyE")
    field.fill("버릴 글")
    field.press("Escape")
    field.wait_for(state="detached")
    assert [m["text"] for m in table.messages() if m["id"] == mine] == ["고친 말이에요."]


def test_an_earlier_text_is_shown_and_can_be_taken_up_again(table: Table) -> None:
    mine = table.turn("처음 쓴 글.")[0]["id"]
    table.call("message.edit", message_id=mine, text="두 번째 글.")
    row(table, mine).get_by_test_id("edited-mark").click()
    earlier = table.page.get_by_test_id("earlier-text")
    earlier.wait_for()
    assert "처음 쓴 글." in earlier.inner_text()
    earlier.get_by_test_id("take-earlier").click()
    field = table.page.get_by_test_id("edit-input")
    assert field.input_value() == "처음 쓴 글."
    field.press("Control+Enter")
    wait_until(
        lambda: [m["text"] for m in table.stored() if m["id"] == mine] == ["처음 쓴 글."],
        "the earlier text is back",
    )


def test_what_is_taken_away_comes_back_to_its_place(table: Table) -> None:
    table.turn("지워 볼게요.")
    before = ids(table)
    gone = before[-2]
    row(table, gone).focus()
    table.page.keyboard.press("Delete")
    wait_until(lambda: gone not in ids(table), "the message goes")
    assert focused(table) == before[-1], "the next message has the focus"
    wait_until(lambda: gone not in stored_ids(table), "the program has taken it away")
    table.page.keyboard.press("Control+KeyZ")
    wait_until(lambda: ids(table) == before, "it stands in its old place again")
    assert stored_ids(table) == before
    notice = table.page.locator("[data-testid=notice][data-kind=undone]")
    assert "지우기" in notice.inner_text(), "the notice names what was taken back"
    table.page.keyboard.press("Control+Shift+KeyZ")
    wait_until(lambda: gone not in stored_ids(table), "redo takes it away again")


def test_a_hidden_message_says_so_and_stays_hidden(table: Table) -> None:
    mine = table.turn("비밀이에요.")[0]["id"]
    row(table, mine).focus()
    table.page.keyboard.press("KeyH")
    row(table, mine).get_by_test_id("hidden-mark").wait_for()
    wait_until(
        lambda: [m["hidden"] for m in table.stored() if m["id"] == mine] == [True],
        "it is kept from the AI",
    )
    table.page.reload()
    table.ready()
    row(table, mine).get_by_test_id("hidden-mark").wait_for()


def test_another_version_is_written_and_both_can_be_read(table: Table) -> None:
    first = table.turn("어떻게 생각해요?")[1]
    table.input.press("Control+Enter")
    wait_until(lambda: first["id"] not in ids(table), "the old answer makes room")
    table.wait_for_the_end()
    number = table.page.get_by_test_id("version-number").last
    assert number.inner_text() == "2/2"
    table.input.press("ArrowLeft")
    wait_until(lambda: first["id"] in ids(table), "the first answer is back")
    assert table.page.get_by_test_id("version-number").last.inner_text() == "1/2"
    assert stored_ids(table) == ids(table)
    table.input.press("ArrowRight")
    wait_until(lambda: first["id"] not in ids(table), "the second again")
    table.input.press("ArrowRight")
    wait_until(
        lambda: table.page.get_by_test_id("version-number").last.inner_text() == "3/3",
        "behind the last one a new one is written",
    )
    table.wait_for_the_end()


def test_a_branch_grows_beside_the_story_and_outlives_a_restart(table: Table) -> None:
    mine = table.turn("여기까지는 같아요.")[0]["id"]
    whole = ids(table)
    row(table, mine).focus()
    table.page.keyboard.press("KeyB")
    wait_until(lambda: ids(table)[-1] == mine, "the branch begins here")
    other = table.turn("다른 길로 가요.")
    table.page.get_by_test_id("open-branches").click()
    table.page.get_by_test_id("branches").wait_for()
    rows = table.page.get_by_test_id("branch-row")
    wait_until(lambda: rows.count() >= 3, "the graph shows the fork and both ends")
    assert table.app.close() == 0

    again = Table(table.app)
    assert ids(again)[-1] == other[-1]["id"], "the restart stands on the same branch"
    again.page.get_by_test_id("open-branches").click()
    tree = again.call("branch.tree", room_id=again.room_id)
    leaves = [b for b in tree["branches"] if b["id"] != tree["now"]]
    old = max(leaves, key=lambda branch: branch["tip_position"])
    again.page.locator(f"[data-testid=branch-row][data-branch='{old['id']}']").last.click()
    again.page.get_by_test_id("branch-move").click()
    wait_until(lambda: ids(again) == whole, "the first branch is shown as it was")


def test_going_back_leaves_a_bookmark_to_what_was_there(table: Table) -> None:
    mine = table.turn("여기로 돌아올 거예요.")[0]["id"]
    table.turn("한참 뒤의 일이에요.")
    whole = ids(table)
    row(table, whole[-1]).focus()
    while focused(table) != mine:
        table.page.keyboard.press("ArrowUp")
    row(table, mine).get_by_test_id("deed-more").click()
    table.page.get_by_test_id("sheet-back").click()
    wait_until(lambda: ids(table)[-1] == mine, "the story stands at the message again")
    slots = table.call("slot.list", room_id=table.room_id)["slots"]
    assert slots[0]["before"] == "back"
    table.page.get_by_test_id("open-branches").click()
    table.page.get_by_test_id("slot").first.click()
    table.page.get_by_test_id("branch-move").click()
    wait_until(lambda: ids(table) == whole, "the bookmark leads to the end of it")


def test_an_emptied_table_can_be_filled_again(table: Table) -> None:
    table.turn("곧 비울 거예요.")
    before = ids(table)
    table.page.get_by_test_id("clear-talk").click()
    wait_until(lambda: ids(table) == [], "nothing stands on the table")
    table.page.locator("[data-testid=notice][data-kind=acted] .btn").click()
    wait_until(lambda: ids(table) == before, "everything is back")


def test_a_line_said_meanwhile_waits_and_is_sent_at_the_end(make_app: Callable[..., App]) -> None:
    table = Table(make_app(**{PACE: SLOW}))
    table.say("먼저 한 말")
    table.wait_for_text()
    table.say("기다리는 말")
    assert "기다리는 말" in table.page.get_by_test_id("queued").inner_text()
    table.input.press("Enter")
    assert table.input.input_value() == "기다리는 말", "Enter again takes it back"
    table.input.press("Enter")
    table.page.get_by_test_id("queued").wait_for()

    def said() -> list[str]:
        return [m["text"] for m in table.stored() if m["author"]["kind"] == "user"]

    wait_until(lambda: "기다리는 말" in said(), "it is sent when the answer has ended", 60)
    assert table.page.get_by_test_id("queued").count() == 0
    table.wait_for_text()
    table.say("멈추면 남는 말")
    table.page.get_by_test_id("queued").wait_for()
    assert table.answering
    table.page.get_by_test_id("send-button").click()
    wait_until(lambda: table.input.input_value() == "멈추면 남는 말", "it stays as text")
