"""The built page with its demo bridge in the engines of other systems: it opens, talks, and draws.

macOS shows the page in WebKit, for which WebKitGTK stands here; Windows in a Chromium that is newer
than the one of our own window, for which the system's Chromium stands where there is one.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.window.harness import ROOT

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

PAGE = f"{(ROOT / 'ui' / 'dist' / 'index.html').as_uri()}?demo&pace=0&lang=ko&theme=light"
SYSTEM_PYTHON = "/usr/bin/python3"
NOT_HERE = 77
LOUDLY = "NOT TESTED: there is no {0} here (Debian: apt-get install {1})"


def test_webkit_opens_the_page_sends_a_line_and_draws_the_answer(
    screen: str, tmp_path: Path
) -> None:
    if not Path(SYSTEM_PYTHON).exists():
        pytest.skip(LOUDLY.format("system Python", "python3-gi gir1.2-webkit2-4.1"))
    picture = tmp_path / "page.png"
    done = subprocess.run(
        [SYSTEM_PYTHON, str(Path(__file__).with_name("webkit_window.py")), PAGE, str(picture)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(tmp_path),
            "DISPLAY": screen,
            "GDK_BACKEND": "x11",
            "LANG": "C.UTF-8",
            # Without a graphics card the compositor draws nothing that a screen shot would see.
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
        },
        capture_output=True,
        text=True,
        timeout=150,
        start_new_session=True,
        check=False,
    )
    if done.returncode == NOT_HERE:
        pytest.skip(LOUDLY.format("WebKitGTK", "python3-gi gir1.2-webkit2-4.1"))
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert "Chrome" not in told["engine"]
    assert told["errors"] == []
    assert len(told["messages"]) >= 6
    assert all(told["messages"]), "no bubble is empty"
    assert told["fonts"] > 0, "our own typefaces are used"
    assert told["sideways"] <= 0
    assert told["colours"] > 40, "something is drawn"
    assert picture.stat().st_size > 10_000


def test_a_newer_chromium_opens_the_page_sends_a_line_and_draws_the_answer(
    hands: Any, tmp_path: Path
) -> None:
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    if found is None:
        pytest.skip(LOUDLY.format("Chromium", "chromium"))
    browser = hands.launch(
        executable_path=found,
        args=["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"],
    )
    try:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))
        page.goto(PAGE)
        page.get_by_test_id("app-ready").wait_for()
        before = page.get_by_test_id("message").count()
        page.get_by_test_id("composer-input").fill("편지를 저울에 올린다.")
        page.keyboard.press("Enter")
        page.wait_for_function(
            """(before) => {
              const all = [...document.querySelectorAll('[data-testid=message]')];
              return all.length > before + 2 && all.every((m) => m.dataset.status === 'complete');
            }""",
            arg=before,
        )
        page.screenshot(path=str(tmp_path / "page.png"))
        assert errors == []
    finally:
        browser.close()
    assert (tmp_path / "page.png").stat().st_size > 10_000
