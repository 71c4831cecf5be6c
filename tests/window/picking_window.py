"""The unchanged program, but for its dialog: to open a file the person always picks the same one.

``python -m tests.window.picking_window DATA_DIR``; the file is the environment's ``PICK``.
"""

import os
import sys

from desktop.main.modes import run
from desktop.window import app_window


class Stubbed(app_window.AppWindow):
    def choose_file(self) -> str:
        return os.environ["PICK"]


if __name__ == "__main__":
    from desktop.main import windowed

    windowed.AppWindow = Stubbed  # type: ignore[attr-defined]
    sys.exit(run(["--data-dir", sys.argv[1]]))
