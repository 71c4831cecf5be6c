"""A locked profile in the real window: made, locked, killed, opened; nothing of it is found."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.window.harness import App, reach_table, wait_until

PASSWORD = "등대의 불빛 아래"
PLANTED = 1_000


class Planted:
    """Strings nobody else would write, and the search for every byte of them."""

    def __init__(self) -> None:
        mark = secrets.token_hex(4)
        self.words = [f"심은말{mark}{number:04d}" for number in range(PLANTED)]
        # All of them have it in common, so one look at a file is enough.
        self._needles = [f"심은말{mark}".encode(enc) for enc in ("utf-8", "utf-16-le")]
        self._needles.append(f"심은말{mark}".encode("unicode_escape"))

    def some(self, first: int, count: int) -> str:
        return " ".join(self.words[first : first + count])

    def hits(self, *folders: Path) -> list[str]:
        found = []
        for folder in folders:
            for path in folder.rglob("*"):
                raw = os.fsencode(path.name)
                if path.is_file() and not path.is_symlink():
                    raw += path.read_bytes()
                if any(needle in raw for needle in self._needles):
                    found.append(str(path))
        return found

    def in_processes(self) -> list[str]:
        found = []
        for process in psutil.process_iter():
            try:
                told = " ".join([*process.cmdline(), *process.environ().values()]).encode()
            except (psutil.Error, OSError):
                continue
            if any(needle in told for needle in self._needles):
                found.append(str(process.pid))
        return found

    def shown(self, page: Any) -> bool:
        return self._needles[0].decode() in page.content() + page.title()


def ask(page: Any, method: str, params: dict[str, Any]) -> Any:
    answer = page.evaluate("([n, p]) => window.pywebview.api.call(n, p)", [method, params])
    assert answer["problem"] is None, f"{method}: {answer['problem']}"
    return answer["result"]


def settings_of_profile(page: Any) -> None:
    page.get_by_test_id("open-settings").click()
    page.get_by_test_id("settings-profile").click()


def type_new_password(page: Any) -> None:
    page.get_by_test_id("new-password").fill(PASSWORD)
    page.get_by_test_id("new-password-again").fill(PASSWORD)


def write_all(page: Any, planted: Planted) -> None:
    """Titles, names, messages, lore, rules, drafts and searches, through the page's own bridge."""
    for at in range(10):
        view = ask(page, "room.create", {"title": planted.some(at * 10, 5)})
        room = view["room"]
        stage = room["stage"] | {
            "world": planted.some(100 + at * 30, 15),
            "situation": planted.some(115 + at * 30, 15),
            "characters": [{"id": "a", "name": planted.words[400 + at], "dye": "chija"}],
        }
        ask(page, "room.stage", {"room_id": room["id"], "stage": stage})
        ask(page, "room.draft", {"room_id": room["id"], "text": planted.some(500 + at * 5, 5)})
        ask(
            page,
            "library.save",
            {
                "kind": "world",
                "name": planted.words[600 + at],
                "contents": {"type": "text", "text": planted.some(610 + at * 10, 10)},
            },
        )
        ask(page, "search.find", {"text": planted.words[750 + at]})
    ask(page, "rules.save", {"text": planted.some(760, 40), "stamp": ""})
    ask(page, "turn.send", {"room_id": room["id"], "text": planted.some(800, 200)})
    page.wait_for_timeout(3_000)


def test_a_locked_profile_shows_nothing_to_anybody(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    app = make_app("one", TMPDIR=str(temporary), PERSONA_STORYTELLER_PACE="inf")
    planted = Planted()
    page = app.start()
    reach_table(page)
    settings_of_profile(page)
    page.get_by_test_id("profile-new").click()
    type_new_password(page)
    page.get_by_test_id("new-make").click()
    code = page.get_by_test_id("recovery-code").inner_text()
    with page.expect_navigation():
        page.get_by_test_id("recovery-kept").click()
    reach_table(page)
    write_all(page, planted)
    with page.expect_navigation():
        page.reload()
    wait_until(lambda: planted.shown(page), "the story stands in the window")
    assert planted.hits(app.data, app.home, temporary) == []
    assert planted.in_processes() == []

    with page.expect_navigation():
        page.keyboard.press("Control+Shift+L")
    page.get_by_test_id("lock-page").wait_for()
    assert not planted.shown(page)
    assert planted.hits(app.data, app.home, temporary) == []
    assert planted.in_processes() == []
    refused = page.evaluate("window.pywebview.api.call('room.list', {})")
    assert refused["problem"]["code"] == "locked"

    page.get_by_test_id("lock-password").fill("등대의 불꽃 아래")
    page.get_by_test_id("lock-open").click()
    page.get_by_test_id("profile-problem").wait_for()
    assert not planted.shown(page)
    page.get_by_test_id("lock-password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("lock-open").click()
    wait_until(lambda: planted.shown(page), "the right password opens it")

    app.kill()
    assert planted.hits(app.data, app.home, temporary) == []
    page = app.start()
    page.get_by_test_id("lock-page").wait_for()
    page.get_by_test_id("lock-forgot").click()
    page.get_by_test_id("lock-password").fill(code.lower())
    with page.expect_navigation():
        page.get_by_test_id("lock-open").click()
    wait_until(lambda: planted.shown(page), "the sheet opens it")

    settings_of_profile(page)
    with page.expect_navigation():
        page.get_by_test_id("profile-go").first.click()
    reach_table(page)
    assert not planted.shown(page)
    page.get_by_test_id("open-rooms").click()
    page.wait_for_timeout(500)
    assert not planted.shown(page)
    assert planted.hits(app.data, app.home, temporary) == []
    assert "심은말" not in app.log() + app.output()


def test_the_profile_that_was_there_is_locked_and_unlocked_for_good(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    app = make_app("one", PERSONA_STORYTELLER_PACE="inf")
    planted = Planted()
    page = app.start()
    reach_table(page)
    write_all(page, planted)
    assert planted.hits(app.data), "in the clear it can be found: the search does search"
    settings_of_profile(page)
    page.get_by_test_id("protect").click()
    type_new_password(page)
    page.get_by_test_id("protect-do").click()
    page.get_by_test_id("recovery-code").wait_for(timeout=60_000)
    assert planted.hits(app.data, app.home) == []
    with page.expect_navigation():
        page.get_by_test_id("recovery-kept").click()
    reach_table(page)
    settings_of_profile(page)
    page.get_by_test_id("lock-unprotect").click()
    page.get_by_test_id("old-password").fill(PASSWORD)
    with page.expect_navigation(timeout=60_000):
        page.get_by_test_id("unprotect-do").click()
    wait_until(lambda: planted.shown(page), "all of it is back")
    assert planted.hits(app.data)
