"""A start that failed is told in a box of the system's where no terminal would show it."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.window import crash_notice
from tests.window.harness import App, wait_until

LOG = Path("logs", "persona-chat.log")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash_notice, "is_read_by_somebody", lambda: False)


def test_a_terminal_or_a_pipe_gets_text_and_no_box(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_notice, "is_read_by_somebody", lambda: True)
    monkeypatch.setattr(crash_notice, "_ways", lambda: pytest.fail("a box was tried"))
    assert crash_notice.tell("No page.", LOG) == "stderr"
    assert "No page." in capsys.readouterr().err


def test_a_pipe_is_read_and_a_file_or_nothing_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read, write = os.pipe()
    with os.fdopen(read), os.fdopen(write, "w") as pipe, (tmp_path / "x").open("w") as file:
        monkeypatch.setattr(sys, "stderr", pipe)
        assert crash_notice.is_read_by_somebody({})
        monkeypatch.setattr(sys, "stderr", file)
        assert not crash_notice.is_read_by_somebody({})
    monkeypatch.setattr(sys, "stderr", None)
    assert not crash_notice.is_read_by_somebody({})


def test_without_a_display_nothing_is_tried_but_stderr(
    unread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_notice, "_ways", lambda: pytest.fail("a box was tried"))
    assert crash_notice.tell("No display.", LOG, can_show=False) == "stderr"


def test_the_next_way_is_taken_when_one_fails(
    unread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def broken(text: str) -> bool:
        raise ImportError("libGL.so.1")

    def works(text: str) -> bool:
        shown.append(text)
        return True

    monkeypatch.setattr(crash_notice, "_ways", lambda: [("qt", broken), ("zenity", works)])
    assert crash_notice.tell("Qt is missing.", LOG) == "zenity"
    assert "Qt is missing." in shown[0]
    assert str(LOG) in shown[0]
    assert "시작하지 못했습니다" in shown[0]


def test_a_program_without_stderr_does_not_stumble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Windows starts a program that has no console."""
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(crash_notice, "_ways", list)
    assert crash_notice.tell("No page.", LOG) == "stderr"


def test_macos_gets_the_text_as_an_argument_and_never_as_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> Any:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    told = 'x" & (do shell script "id") & "'
    assert crash_notice._macos(told)
    assert ran[0][:2] == ["osascript", "-e"]
    assert told not in ran[0][2]
    assert told in ran[0][3:]


def test_windows_is_asked_for_a_message_box(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    class User32:
        @staticmethod
        def MessageBoxW(*words: object) -> int:  # noqa: N802 - its name in Windows
            asked.append(words)
            return 1

    class Windll:
        user32 = User32

    monkeypatch.setattr(ctypes, "windll", Windll, raising=False)
    assert crash_notice._windows("why")
    assert asked == [(None, "why", "Persona Chat", crash_notice.ICON_ERROR)]


@pytest.mark.window
@pytest.mark.skipif(sys.platform != "linux", reason="looks at an X screen")
def test_a_double_clicked_program_that_cannot_start_shows_a_box(
    make_app: Callable[..., App], screen: str
) -> None:
    """The other program that holds the data is one that never answers."""
    app = make_app()
    from filelock import FileLock

    (app.data / "data").mkdir(parents=True)
    lock = FileLock(app.data / "data" / ".lock")
    lock.acquire()
    with (app.folder / "output.txt").open("wb") as journal:
        app.process = subprocess.Popen(
            app.command(),
            env=app.environment(),
            cwd=app.home,
            stdout=journal,
            stderr=journal,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "Persona Chat" in windows_on(screen), "a box stands on the screen", 40)
        assert app.process.poll() is None, "it waits until it has been read"
        assert "does not answer" in app.output()
    finally:
        lock.release()


def windows_on(screen: str) -> str:
    try:
        asked = ["xwininfo", "-root", "-tree", "-display", screen]
        tree = subprocess.run(asked, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("xwininfo (x11-utils) is not installed")
    time.sleep(0.2)
    return tree.stdout.decode("utf-8", "replace")
