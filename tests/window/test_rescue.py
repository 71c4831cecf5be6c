"""A damaged page of the database in the real window: seen, a way on, nothing overwritten."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.window.harness import App, reach_table, wait_until
from tests.window.table import Table
from tests.window.test_locking import PASSWORD, ask, settings_of_profile, type_new_password

PAGE = 4096


def break_page(path: Path, page: int = 6) -> bytes:
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(os.urandom(PAGE))
    return path.read_bytes()


def test_a_damaged_file_is_put_aside_and_a_backup_goes_on(
    make_app: Callable[..., App], built_page: Path
) -> None:
    app = make_app("one", PERSONA_STORYTELLER_PACE="inf")
    table = Table(app)
    ask(table.page, "room.create", {"title": "등대의 방"})
    made = ask(table.page, "backup.make", {})
    backup = {"backup_id": made["backups"][0]["id"]}
    assert ask(table.page, "backup.test", backup)["holds"], "the page may name what it was told"
    app.close()
    database = app.data / "data" / "persona-chat.db"
    before = break_page(database)

    page = app.start()
    page.get_by_test_id("rescue-page").wait_for()
    assert page.get_by_test_id("composer-input").count() == 0
    assert database.read_bytes() == before
    page.get_by_test_id("rescue-offered").wait_for()
    assert "방 2개" in page.get_by_test_id("rescue-offered").inner_text()
    if folder := os.environ.get("PERSONA_PICTURES"):
        page.screenshot(path=f"{folder}/rescue.png")
    page.get_by_test_id("rescue-restore").click()
    kept = page.get_by_test_id("rescue-kept").inner_text()
    if folder:
        page.screenshot(path=f"{folder}/rescue-done.png")
    assert database.with_name(kept).read_bytes() == before
    with page.expect_navigation():
        page.get_by_test_id("rescue-go-on").click()
    reach_table(page)
    titles = [room["title"] for room in ask(page, "app.open", {})["rooms"]]
    assert "등대의 방" in titles
    app.close()
    page = app.start()
    reach_table(page)
    assert database.with_name(kept).read_bytes() == before
    seen = sqlite3.connect(database)
    assert seen.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    seen.close()


def test_a_locked_one_asks_for_its_password_first_and_saves_what_can_be_read(
    make_app: Callable[..., App], built_page: Path
) -> None:
    app = make_app("one", PERSONA_STORYTELLER_PACE="inf")
    page = app.start()
    reach_table(page)
    settings_of_profile(page)
    page.get_by_test_id("profile-new").click()
    type_new_password(page)
    page.get_by_test_id("new-make").click()
    with page.expect_navigation():
        page.get_by_test_id("recovery-kept").click()
    reach_table(page)
    for number in range(40):
        ask(page, "room.create", {"title": f"등대의 방 {number}"})
    app.close()
    (database,) = (app.data / "data" / "profiles").glob("*/persona-chat.db")
    # One of the last pages: rows of a table, and not what there is at all.
    before = break_page(database, database.stat().st_size // PAGE - 3)

    page = app.start()
    page.get_by_test_id("lock-page").wait_for()
    page.get_by_test_id("lock-password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("lock-open").click()
    page.get_by_test_id("rescue-none").wait_for()
    page.get_by_test_id("rescue-salvage").click()
    kept = page.get_by_test_id("rescue-kept").inner_text()
    assert database.with_name(kept).read_bytes() == before
    with page.expect_navigation():
        page.get_by_test_id("rescue-go-on").click()
    reach_table(page)
    rooms = ask(page, "app.open", {})["rooms"]
    assert len(rooms) > 20
    wait_until(lambda: not list(database.parent.glob("*.part*")), "nothing unfinished is left")
