"""Data that this program must not touch: written by a newer one, or in use by another window."""

import sqlite3
from collections.abc import Callable

from tests.window.harness import App, reach_table
from tests.window.table import Table


def test_data_of_a_newer_version_is_refused_politely_and_stays_as_it_is(
    make_app: Callable[..., App],
) -> None:
    app = make_app("one", PERSONA_STORYTELLER_PACE="inf")
    Table(app)
    app.close()
    database = app.data / "data" / "persona-chat.db"
    newer = sqlite3.connect(database)
    newer.execute("PRAGMA user_version = 900")
    newer.commit()
    newer.close()
    before = database.read_bytes()
    page = app.start()
    told = page.get_by_test_id("problem")
    told.wait_for()
    assert told.get_attribute("data-code") == "newer_data"
    assert page.get_by_test_id("composer-input").count() == 0
    app.close()
    assert database.read_bytes() == before


def test_a_second_window_with_the_same_data_writes_nothing_and_brings_the_first_one_forward(
    make_app: Callable[..., App],
) -> None:
    app = make_app("one", PERSONA_STORYTELLER_PACE="inf")
    table = Table(app)
    database = app.data / "data" / "persona-chat.db"
    wal = database.with_name(database.name + "-wal")
    before = database.read_bytes(), wal.read_bytes()
    second = app.run("--profile", "1", timeout=40)
    assert second.returncode == 0, second.stderr
    terminal = app.run("say", "안녕", timeout=40)
    assert terminal.returncode == 1
    assert "is open with this data" in terminal.stderr
    assert (database.read_bytes(), wal.read_bytes()) == before
    table.turn("문을 연다")
    reach_table(table.page)
