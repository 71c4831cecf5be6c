"""Starts the unchanged program on a screen of its own, and looks at its page from outside."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
PACE = "PERSONA_STORYTELLER_PACE"


@contextmanager
def virtual_screen(width: int = 1440, height: int = 900) -> Iterator[str]:
    """Xvfb on a free number; at X's own depth of 16 QtWebEngine finds no configuration."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24"]
    with subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
    ) as server:
        os.close(write)
        try:
            with os.fdopen(read) as told:
                yield f":{told.readline().strip()}"
        finally:
            server.terminate()


def has_xvfb() -> bool:
    return shutil.which("Xvfb") is not None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    """The first truthy answer. What takes longer than ``seconds`` is broken, not slow."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"never happened: {what}")


def reach_table(page: Any) -> None:
    """Until the table stands; on a first start through the page that welcomes people there."""
    page.locator("[data-testid=welcome], [data-testid=composer-input]").first.wait_for()
    later = page.get_by_test_id("welcome-later")
    if later.count():
        later.click()
    page.get_by_test_id("composer-input").wait_for()


class App:
    """One process of the program, in its own session, with nothing of the real HOME.

    ``command`` stands for ``python -m desktop`` and may name a frozen program instead, by the
    environment's ``PERSONA_APP``.
    """

    def __init__(self, folder: Path, display: str, browser: Any, env: dict[str, str]) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self._display = display
        self._browser = browser
        self._env = env
        self._port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.page: Any = None
        self._connection: Any = None

    @property
    def running(self) -> subprocess.Popen[bytes]:
        assert self.process is not None
        return self.process

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "ko_KR.UTF-8",
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home),
            "DISPLAY": self._display,
            "QT_QPA_PLATFORM": "xcb",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self._env,
            **more,
        }

    def command(self, *arguments: str) -> list[str]:
        frozen = os.environ.get("PERSONA_APP")
        program = [frozen] if frozen else [sys.executable, "-m", "desktop"]
        return [*program, "--data-dir", str(self.data), *arguments]

    def start(self, command: Sequence[str] | None = None, **env: str) -> Any:
        """Open the window and return its page once it stands."""
        self._port = free_port()
        env["QTWEBENGINE_REMOTE_DEBUGGING"] = str(self._port)
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(
                command or self.command(),
                env=self.environment(**env),
                cwd=self.home,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self._connect()

    def run(self, *arguments: str, timeout: float = 60, **env: str) -> Any:
        """Run another start to its end."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(**env),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def _connect(self) -> Any:
        wait_until(self._lists_a_page, "the window shows a page", 40)
        address = f"http://127.0.0.1:{self._port}"
        # Anything that is not a browser of Playwright's own refuses its defaults.
        self._connection = self._browser.connect_over_cdp(address, no_defaults=True, timeout=90_000)
        context = self._connection.contexts[0]
        self.page = wait_until(lambda: next(iter(context.pages), None), "the page is listed")
        self.page.set_default_timeout(15_000)
        return self.page

    def _lists_a_page(self) -> bool:
        code = self.running.poll()
        assert code is None, f"the program ended with {code}: {self.output()[-2000:]}"
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self._port}/json/list", timeout=2
            ) as told:
                targets = json.load(told)
        except OSError:
            return False
        return any(each["type"] == "page" and each["url"] != "about:blank" for each in targets)

    def output(self) -> str:
        return (self.folder / "output.txt").read_text("utf-8", "replace")

    def log(self) -> str:
        file = self.data / "logs" / "persona-chat.log"
        return file.read_text("utf-8") if file.exists() else ""

    def tree(self) -> list[psutil.Process]:
        """The program and everything it started."""
        top = psutil.Process(self.running.pid)
        return [top, *top.children(recursive=True)]

    def listening_ports(self) -> set[int]:
        found: set[int] = set()
        for each in self.tree():
            found |= {c.laddr.port for c in each.net_connections("inet") if c.status == "LISTEN"}
        return found - {self._port}

    def close(self) -> int:
        """Ask the program to end as the system does, and return its exit code."""
        self.disconnect()
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(20)

    def kill(self) -> None:
        """No chance to clean up."""
        self.disconnect()
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait(10)

    def disconnect(self) -> None:
        """Let go of the page; its program goes on."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def clean_up(self) -> None:
        self.disconnect()
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
