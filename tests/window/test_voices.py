"""One voice at a time in the real window: who is next, turns by themselves, Esc and a reload."""

from collections.abc import Callable

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


def one_at_a_time(table: Table, delay_s: int, limit: int | None) -> None:
    """Nobody can call me by a name I have not, which would end the turns: chance stays outside."""
    room = table.call("room.open", room_id=table.room_id)["room"]
    narrator = {**room["stage"]["narrator"], "kind": "none"}
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
