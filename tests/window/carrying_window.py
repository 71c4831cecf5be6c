"""The unchanged program, but for the system's dialogs: each answers with what a file says.

``python -m tests.window.carrying_window DATA_DIR``; the file is the environment's ``ANSWER``. It
holds the path that the person picks next; without one they close the dialog.
"""

import os
import sys
from pathlib import Path
from typing import Any

from desktop.main.modes import run
from desktop.window import app_window


class Dialogs:
    """What the system would show, answered at once."""

    def __init__(self, window: object) -> None:
        self._window = window

    def __getattr__(self, name: str) -> Any:
        return getattr(self._window, name)

    def create_file_dialog(self, kind: object, **more: object) -> tuple[str, ...]:
        sys.stdout.write(f"DIALOG {kind} {more.get('save_filename', '')}\n")
        sys.stdout.flush()
        answer = Path(os.environ["ANSWER"])
        return (answer.read_text("utf-8"),) if answer.exists() else ()


class Stubbed(app_window.AppWindow):
    def choose_file(self) -> str:
        return str(self._answered("choose_file"))

    def choose_folder(self) -> str:
        return str(self._answered("choose_folder"))

    def choose_save(self, name: str) -> str:
        return str(self._answered("choose_save", name))

    def _answered(self, method: str, *given: str) -> Any:
        window, self._window = self._window, Dialogs(self._window)
        try:
            return getattr(super(), method)(*given)
        finally:
            self._window = window


if __name__ == "__main__":
    from desktop.main import windowed

    windowed.AppWindow = Stubbed  # type: ignore[attr-defined]
    sys.exit(run(["--data-dir", sys.argv[1]]))
