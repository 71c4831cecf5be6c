"""Reading aloud in the real window: by hand only, sentence after sentence, and Esc ends it."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.doubles.speaking_program import SpeakingProgram
from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

LINE = "안개가 걷혔어. *창을 연다.* 저기 좀 봐! 등대야."
READ = ["안개가 걷혔어.", "저기 좀 봐!", "등대야."]
MARKED = "[...(CSS.highlights.get('aloud') ?? [])].map(String).join('|')"


def gone(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    return True


def test_sentences_are_marked_in_order_and_escape_ends_the_process(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    program = SpeakingProgram(tmp_path / "bin", seconds=0.7)
    table = Table(make_app("one", **{PACE: "inf", "PATH": program.env_path()}))
    page = table.page
    table.turn(LINE)
    assert program.asked == [], "nothing is read that nobody asked for"

    mine = page.locator("[data-testid=message][data-author-kind=user]").last
    page.evaluate(
        f"""() => {{
          window.marks = [];
          window.heights = new Set();
          const row = [...document.querySelectorAll('[data-author-kind=user]')].at(-1);
          const look = () => {{
            const now = {MARKED};
            if (now !== window.marks.at(-1)) window.marks.push(now);
            window.heights.add(row.getBoundingClientRect().height);
            requestAnimationFrame(look);
          }};
          look();
        }}"""
    )
    mine.hover()
    mine.get_by_test_id("deed-aloud").click()
    player = page.get_by_test_id("aloud-player")
    player.wait_for()
    wait_until(lambda: len(program.asked) == len(READ), "every sentence is read")
    player.wait_for(state="detached")
    assert program.texts == READ
    assert [mark for mark in page.evaluate("window.marks") if mark] == READ
    assert page.evaluate("window.heights.size") == 1, "the mark moves nothing"

    program.takes(60)
    mine.focus()
    page.keyboard.press("l")
    wait_until(lambda: len(program.asked) == len(READ) + 1, "it is read again, by the key")
    pid = program.asked[-1]["pid"]
    assert not gone(pid)
    page.keyboard.press("Escape")
    player.wait_for(state="detached")
    wait_until(lambda: gone(pid), "the process is gone")
    assert page.evaluate(MARKED) == ""
    assert len(program.asked) == len(READ) + 1

    page.keyboard.press("l")
    wait_until(lambda: len(program.asked) == len(READ) + 2, "once more")
    pid = program.asked[-1]["pid"]
    assert table.app.close() == 0
    assert gone(pid), "it ends with the program"
