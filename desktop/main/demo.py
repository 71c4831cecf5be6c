"""One turn in the real window without anybody there: played, printed, photographed, closed."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from desktop.command_line.printing import TextPrinter
from desktop.protocol.base import Frozen
from desktop.protocol.events import AnyEvent, TurnEnded
from desktop.protocol.methods import Opened

OPENING_S = 60.0
TURN_S = 120.0
SETTLING_S = 1.0
"""Time for the page to finish its last movements before the picture."""

LINES = {
    "ko": "안녕하세요! 지금 무슨 일이 일어나고 있나요?",
    "en": "Hello! What is happening here?",
    "ja": "こんにちは。いま何が起きていますか。",
}
"""What is said where the command line says nothing, in the language of the starter room."""

logger = logging.getLogger(__name__)


class Shown(Protocol):
    def push(self, code: str) -> None: ...
    def ask(self, code: str) -> Any: ...
    def grab(self, file: Path) -> bool: ...
    def close(self) -> None: ...


class Stage(Protocol):
    """What the demo needs of the program."""

    @property
    def window(self) -> Shown: ...
    @property
    def last_opened(self) -> Frozen | None: ...


class Demo:
    """Plays through the page's own bridge, so that every part of the way is in it."""

    def __init__(self, program: Stage, text: str, screenshot: Path | None) -> None:
        self._program = program
        self._text = text
        self._screenshot = screenshot
        self._ended = threading.Event()
        self._complete = False
        self._printer = TextPrinter(sys.stdout, sys.stderr)
        self.code = 1

    def start(self) -> None:
        threading.Thread(target=self._play, name="demo", daemon=True).start()

    def saw_event(self, event: AnyEvent) -> None:
        self._printer.show(event)
        if isinstance(event, TurnEnded):
            self._complete = event.turn.outcome == "complete"
            self._ended.set()

    def _play(self) -> None:
        try:
            self._play_turn()
        except Exception:
            logger.exception("the demo failed")
            sys.stderr.write("The demo failed; the log says why.\n")
        finally:
            self._program.window.close()

    def _play_turn(self) -> None:
        if not _within(OPENING_S, lambda: self._program.last_opened is not None):
            raise TimeoutError("the page did not open")
        opened = self._program.last_opened
        assert isinstance(opened, Opened)
        if opened.room is None:
            raise RuntimeError("there is no starter room")
        room = opened.room.room
        text = self._text or LINES[room.stage.language]
        params = json.dumps({"room_id": room.id, "text": text})
        self._program.window.push(f"window.pywebview.api.call('turn.send', {params})")
        if not self._ended.wait(TURN_S):
            raise TimeoutError("the turn did not end")
        time.sleep(SETTLING_S)
        if self._screenshot is not None and not self._program.window.grab(self._screenshot):
            raise RuntimeError("the window could not be photographed")
        self.code = 0 if self._complete else 1


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False
