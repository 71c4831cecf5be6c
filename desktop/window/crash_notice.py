"""A message box of the system's own for a start that failed, where no terminal would show why."""

import ctypes
import logging
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

TITLE = "Persona Chat"
TEXT = (
    "Persona Chat을 시작하지 못했습니다. 이야기는 그대로 있습니다.\n"
    "Persona Chat could not start. Your stories are safe.\n"
    "Persona Chatを起動できませんでした。物語はそのまま残っています。"
)
SEE_LOG = "기록 · Log · 記録: {log}"
ICON_ERROR = 0x10
BOXES = (
    ("zenity", "--error", "--no-markup", "--title", TITLE, "--text"),
    ("kdialog", "--title", TITLE, "--error"),
    ("xmessage", "-center"),
)
"""Programs that show a box where Qt itself is what could not be loaded."""

logger = logging.getLogger(__name__)


def is_read_by_somebody(env: Mapping[str, str] = os.environ) -> bool:
    """Whether stderr reaches a terminal or another program; then nobody needs a box.

    A double-clicked program has none, or one that ends in a journal or a file.
    """
    if sys.stderr is None or env.get("PERSONA_NOTICE") == "box":
        return False
    try:
        descriptor = sys.stderr.fileno()
        return os.isatty(descriptor) or stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except (OSError, ValueError, AttributeError):
        return True


def tell(reason: str, log: Path, *, can_show: bool = True) -> str:
    """Say that the start failed, why, and where the log is; waits until the box is closed.

    ``can_show`` is false where there is no display. Returns the way it was told by: ``stderr``,
    ``windows``, ``macos``, ``qt``, or a program's name. Never raises.
    """
    if sys.stderr is not None:
        sys.stderr.write(reason + "\n")
    if is_read_by_somebody() or not can_show:
        return "stderr"
    text = "\n\n".join((TEXT, reason[:1_000], SEE_LOG.format(log=log)))
    for name, show in _ways():
        try:
            if show(text):
                return name
        except Exception:
            logger.warning("the failed start could not be shown by %s", name, exc_info=True)
    return "stderr"


def _ways() -> list[tuple[str, Callable[[str], bool]]]:
    if sys.platform == "win32":
        return [("windows", _windows)]
    if sys.platform == "darwin":
        return [("macos", _macos)]
    programs = [(box[0], _program(box)) for box in BOXES if shutil.which(box[0])]
    return [("qt", _qt), *programs]


def _windows(text: str) -> bool:
    windll: Any = getattr(ctypes, "windll", None)
    return bool(windll is not None and windll.user32.MessageBoxW(None, text, TITLE, ICON_ERROR))


def _macos(text: str) -> bool:
    # The text is an argument, never a part of the script.
    script = (
        "on run {told, titled}\n"
        'display alert titled message told as critical buttons {"OK"}\n'
        "end run"
    )
    return subprocess.run(["osascript", "-e", script, text, TITLE], check=False).returncode == 0


def _qt(text: str) -> bool:
    # It may be Qt that is missing, so it is looked for only now.
    from qtpy.QtCore import Qt  # noqa: PLC0415
    from qtpy.QtWidgets import QApplication, QMessageBox  # noqa: PLC0415

    application = QApplication.instance() or QApplication([TITLE])
    box = QMessageBox(QMessageBox.Icon.Critical, TITLE, text)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.exec()
    return application is not None


def _program(box: tuple[str, ...]) -> Callable[[str], bool]:
    def show(text: str) -> bool:
        # 1 is what closing the box by its cross answers.
        return subprocess.run([*box, text], check=False).returncode in (0, 1)

    return show
