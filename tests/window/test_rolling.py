"""A roll in the real window: a ticket with its faces, its stamp, and no answer asked for."""

from collections.abc import Callable

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


def test_a_commanded_roll_stands_as_a_stamped_ticket(make_app: Callable[..., App]) -> None:
    table = Table(make_app("one", **{PACE: "inf"}))
    table.say("/roll 2d6+3>=5 편지의 무게")
    ticket = table.page.get_by_test_id("dice-ticket")
    ticket.wait_for()
    rolled = table.stored()[-1]
    assert rolled["author"]["kind"] == "dice"
    assert not table.answering
    outcome = rolled["roll"]["roll"]["outcomes"][0]
    assert outcome["total"] == 3 + sum(f["rolled"] for f in outcome["groups"][0]["faces"])
    shown = ticket.inner_text()
    assert "편지의 무게" in shown
    assert str(outcome["total"]) in shown
    assert "성공" in shown
    wait_until(lambda: table.page.get_by_test_id("dice-stamp").count() == 1, "it is proved")
    ticket.locator("summary").click()
    wait_until(lambda: rolled["roll"]["hash"] in ticket.inner_text(), "the proof is shown")


def test_a_broken_formula_says_what_is_wrong_and_keeps_the_line(
    make_app: Callable[..., App],
) -> None:
    table = Table(make_app("broken", **{PACE: "inf"}))
    table.say("/roll 9999d6")
    problem = table.page.get_by_test_id("problem")
    problem.wait_for()
    assert "500개까지" in problem.inner_text()
    assert table.input.input_value() == "/roll 9999d6"


def test_the_ai_asks_for_a_roll_and_one_it_made_up_is_pointed_out(
    make_app: Callable[..., App],
) -> None:
    table = Table(make_app("asked", **{PACE: "inf"}))
    table.turn("안녕")
    told = next(each for each in reversed(table.stored()) if each["author"]["kind"] != "user")
    text = "주사위를 굴린 결과 17이다. 문이 열린다. [[관찰력 1d100<=60]]"
    table.call("message.edit", message_id=told["id"], text=text)
    table.page.get_by_test_id("invented-roll").wait_for()
    assert "굴린 결과 17" in table.page.get_by_test_id("invented-roll").inner_text()
    assert table.page.get_by_test_id("dice-stamp").count() == 0
    table.page.get_by_test_id("asked-roll").click()
    table.page.get_by_test_id("dice-ticket").wait_for()
    rolled = table.stored()[-1]["roll"]["roll"]
    assert (rolled["label"], rolled["normalised"]) == ("관찰력", "1d100<=60")
