"""One voice at a time in the real window: who is next, turns by themselves, Esc and a reload."""

from collections.abc import Callable

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


def one_at_a_time(table: Table, delay_s: int, limit: int | None, narrator_is: str = "none") -> None:
    """Nobody can call me by a name I have not, which would end the turns: chance stays outside."""
    room = table.call("room.open", room_id=table.room_id)["room"]
    narrator = {**room["stage"]["narrator"], "kind": narrator_is}
    stage = {
        **room["stage"],
        "me": {**room["stage"]["me"], "name": ""},
        "narrator": narrator,
        "answering": "single",
        "auto_delay_s": delay_s,
        "auto_limit": limit,
    }
    table.call("room.stage", room_id=table.room_id, stage=stage)


def test_turns_come_by_themselves_and_esc_stops_them(make_app: Callable[..., App]) -> None:
    table = Table(make_app("one", **{PACE: "inf"}))
    one_at_a_time(table, 0, 3)
    table.turn("다들 거기 있어요?")
    before = len(table.stored())
    page = table.page
    page.get_by_test_id("auto-toggle").click()
    page.get_by_test_id("auto-ended").wait_for()
    told = table.stored()[before:]
    assert [one["author"]["kind"] for one in told] == ["character"] * 3, "as many as the limit"

    one_at_a_time(table, 60, None)
    page.get_by_test_id("auto-toggle").click()
    page.get_by_test_id("auto-note").wait_for()
    wait_until(lambda: page.get_by_test_id("auto-count").inner_text() == "1", "one turn has come")
    page.reload()
    table.ready()
    assert page.get_by_test_id("auto-count").inner_text() == "1", "it goes on over a reload"
    page.get_by_test_id("composer-input").press("Escape")
    page.get_by_test_id("auto-note").wait_for(state="detached")
    assert table.call("room.open", room_id=table.room_id)["auto"] is None


def test_the_narrators_seat_can_be_asked_to_speak_next(make_app: Callable[..., App]) -> None:
    table = Table(make_app("told", **{PACE: "inf"}))
    one_at_a_time(table, 0, 3, narrator_is="ai")
    table.page.reload()
    table.ready()
    seat = table.page.get_by_test_id("seat").first
    seat.click()
    wait_until(lambda: seat.get_attribute("data-next") == "true", "the narrator is next")
    assert seat.get_attribute("aria-pressed") == "true"
    before = len(table.stored())
    table.turn("여기는 어떤 곳이에요?")
    told = table.stored()[before + 1 :]
    assert [one["author"]["kind"] for one in told] == ["narrator"]
    wait_until(lambda: seat.get_attribute("aria-pressed") == "false", "that held for one turn")
