"""Ways back into a long story in the real window: by the day, by who said it, by hand or by key."""

import sqlite3
from collections.abc import Callable

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table
from tests.window.test_searching import focused, in_view

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

DAY_MS = 86_400_000


def told_over_days(table: Table, turns: int) -> Table:
    """A story of so many turns, each of which was played a day after the one before."""
    for number in range(turns):
        table.turn(f"{number}번째 밤의 이야기를 들려주세요.")
    assert table.app.close() == 0
    database = sqlite3.connect(table.app.data / "data" / "persona-chat.db")
    with database:
        rows = database.execute(
            """SELECT line_id, id FROM turn WHERE line_id <> '' ORDER BY number"""
        ).fetchall()
        for back, (_, turn_id) in enumerate(reversed(rows)):
            database.execute(
                "UPDATE message SET created_at = created_at - ? WHERE turn_id = ?",
                (back * DAY_MS, turn_id),
            )
    database.close()
    return Table(table.app, **{PACE: "inf"})


def test_a_day_of_the_calendar_and_a_filter_lead_to_what_was_said_then(
    make_app: Callable[..., App],
) -> None:
    table = told_over_days(Table(make_app("one", **{PACE: "inf"})), 8)
    page = table.page
    mine = [each for each in table.stored() if each["author"]["kind"] == "user"]
    oldest = mine[0]

    page.get_by_test_id("open-calendar").click()
    days = page.get_by_test_id("calendar-day")
    days.first.wait_for()
    while page.get_by_role("button", name="앞 달").is_enabled():
        page.get_by_role("button", name="앞 달").click()
    days.first.click()
    wait_until(lambda: in_view(table, oldest["id"]), "the first line of that day is shown")
    page.get_by_test_id("calendar").wait_for(state="detached")

    page.keyboard.press("End")
    page.keyboard.press("Control+k")
    page.get_by_test_id("palette-filter-who").select_option("kind:user")
    options = page.locator("#pal-list [role=option]")
    wait_until(lambda: options.count() == len(mine), "all that I said, with nothing typed")
    page.get_by_test_id("palette-input").fill("0번째")
    wait_until(lambda: options.count() == 1, "and one of it")
    page.get_by_test_id("palette-input").press("Enter")
    wait_until(lambda: focused(table) == oldest["id"], "it is gone to")

    page.keyboard.press("Control+f")
    page.get_by_test_id("find-input").fill("이야기")
    count = page.get_by_test_id("find-count")
    wait_until(lambda: count.inner_text().strip().startswith("1/"), "found in the whole room")
    page.get_by_test_id("find-filter-until").fill("2000-01-01")
    wait_until(lambda: "/" not in count.inner_text(), "nothing was said so long ago")
