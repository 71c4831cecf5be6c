"""The unchanged program, but for its dialog: a save dialog answers with the place it is given.

``python -m tests.window.saving_window DATA_DIR``; the place is the environment's ``SAVE_TO``.
"""

import os
import sys

from desktop.main.modes import run
from desktop.window import app_window


class Dialog:
    """What the system would show, answered at once."""

    def __init__(self, window: object) -> None:
        self._window = window

    def __getattr__(self, name: str) -> object:
        return getattr(self._window, name)

    def create_file_dialog(self, kind: object, **more: object) -> str:
        sys.stdout.write(f"DIALOG {kind} {more.get('save_filename', '')}\n")
        sys.stdout.flush()
        return os.environ["SAVE_TO"]


class Stubbed(app_window.AppWindow):
    def choose_save(self, name: str) -> str:
        window, self._window = self._window, Dialog(self._window)
        try:
            return super().choose_save(name)
        finally:
            self._window = window


if __name__ == "__main__":
    from desktop.main import windowed

    windowed.AppWindow = Stubbed  # type: ignore[attr-defined]
    sys.exit(run(["--data-dir", sys.argv[1]]))
