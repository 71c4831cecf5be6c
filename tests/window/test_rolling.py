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
