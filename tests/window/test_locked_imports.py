"""Files that come into a locked profile: nothing of them can be read meanwhile, or after a kill."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.window.harness import App, reach_table, wait_until
from tests.window.test_locking import (
    PASSWORD,
    PLANTED,
    Planted,
    ask,
    settings_of_profile,
    type_new_password,
)

PIECE = 200_000


def locked_profile(page: Any) -> None:
    settings_of_profile(page)
    page.get_by_test_id("profile-new").click()
    type_new_password(page)
    page.get_by_test_id("new-make").click()
    with page.expect_navigation():
        page.get_by_test_id("recovery-kept").click()
    reach_table(page)


def story(planted: Planted) -> bytes:
    """A file of the web version that holds every planted string many times over."""
    lines = [
        {"role": "assistant" if number % 2 else "user", "content": f"[하루]: {word} " * 4}
        for _ in range(8)
        for number, word in enumerate(planted.words)
    ]
    room = {"title": planted.words[0], "messages": lines}
    return json.dumps({"rooms": [room]}, ensure_ascii=False).encode()


def drop(page: Any, planted: Planted) -> str:
    """As the page does it with a file that was dropped on it; returns its token."""
    raw, token = story(planted), ""
    for start in range(0, len(raw), PIECE):
        piece = base64.b64encode(raw[start : start + PIECE]).decode()
        last = start + PIECE >= len(raw)
        params = {"token": token, "name": f"{planted.words[1]}.json", "data": piece, "last": last}
        told = ask(page, "transfer.drop", params)
        token = told["token"]
    assert told["format"], "it is read back as what it is"
    return str(token)


def test_an_import_can_be_read_by_nobody_also_after_a_kill_in_the_middle(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    app = make_app("one", TMPDIR=str(temporary), PERSONA_STORYTELLER_PACE="inf")
    planted = Planted()
    page = app.start()
    reach_table(page)
    locked_profile(page)
    token = drop(page, planted)
    incoming = next((app.data / "data" / "profiles").glob("*/incoming/*"))
    assert incoming.stat().st_size > PLANTED
    assert planted.hits(app.data, app.home, temporary) == []
    page.evaluate("t => window.pywebview.api.call('transfer.import', { token: t })", token)
    database = next((app.data / "data" / "profiles").glob("*/persona-chat.db-wal"))
    wait_until(lambda: database.stat().st_size > 300_000, "rows come in")
    assert planted.hits(app.data, app.home, temporary) == []
    app.kill()
    assert planted.hits(app.data, app.home, temporary) == []
    assert planted.in_processes() == []

    page = app.start()
    page.get_by_test_id("lock-page").wait_for()
    assert not list((app.data / "data" / "profiles").glob("*/incoming/*")), "cleared at the start"
    page.get_by_test_id("lock-password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("lock-open").click()
    reach_table(page)
    started = ask(page, "transfer.import", {"token": drop(page, planted)})
    assert started["job"] is not None
    wait_until(
        lambda: planted.words[0] in str(ask(page, "app.open", {})["rooms"]), "all of it is in", 60
    )
    assert planted.hits(app.data, app.home, temporary) == []
    assert "심은말" not in app.log() + app.output()
