"""Whether there is anywhere to show a window, asked before Qt aborts because there is not."""

import os
import re
import socket
import sys
from collections.abc import Mapping

NO_SCREEN = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
SANDBOX_OFF = "QTWEBENGINE_DISABLE_SANDBOX"

LIBRARIES = (
    "libegl1 libgl1 libx11-xcb1 libxcomposite1 libxdamage1 libxrandr2 libxtst6 libasound2 "
    "libdbus-1-3 libfontconfig1 libgbm1 libglib2.0-0 libgssapi-krb5-2 libnss3 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-keysyms1 libxcb-randr0 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 "
    "libxkbfile1 fontconfig fonts-noto-cjk"
)
"""Debian packages that Qt from PyPI needs beside itself. Without any font a page never loads."""


def missing_display(env: Mapping[str, str] = os.environ) -> str:
    """Why no window can be shown here, in a sentence; empty when one can."""
    if sys.platform != "linux" or env.get("QT_QPA_PLATFORM", "").split(":")[0] in NO_SCREEN:
        return ""
    if env.get("WAYLAND_DISPLAY"):
        return ""
    display = env.get("DISPLAY", "")
    if not display:
        return "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
    number = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if number and not _answers(f"/tmp/.X11-unix/X{number.group(1)}"):  # noqa: S108 - X11's own place
        return f"nothing answers on display {display}"
    return ""


def _answers(path: str) -> bool:
    """X servers listen on the file, in the abstract namespace, or on both."""
    for address in (path, "\0" + path):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(address)
            except OSError:
                continue
            return True
    return False


def root_in_the_way(env: Mapping[str, str] = os.environ) -> bool:
    """Chromium refuses to start as root with its sandbox on, and aborts the program."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return sys.platform == "linux" and is_root and env.get(SANDBOX_OFF) != "1"
