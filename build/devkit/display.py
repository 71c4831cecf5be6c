"""A screen to draw on: the person's own, or a virtual one that ends with the command."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from devkit.places import LINUX
from devkit.programs import SetUpFailed, say
from devkit.system_packages import is_root

SCREEN = "1440x900x24"
"""At a depth of 16, X's own default, QtWebEngine finds no graphics configuration and aborts."""


def has_display() -> bool:
    """Windows and macOS always have one as far as a program can tell."""
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_display() -> Iterator[dict[str, str]]:
    """Start Xvfb on a free number and yield what to add to the environment."""
    if shutil.which("Xvfb") is None:
        raise SetUpFailed("There is no display, and Xvfb, which serves as one, is not installed.")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        if not number:
            raise SetUpFailed("Xvfb did not start.")
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}
    finally:
        process.terminate()
        process.wait()


def sandbox_for_root(*, quiet: bool = False) -> dict[str, str]:
    """Chromium refuses its sandbox to root, as in a container; everyone else keeps it."""
    if not (LINUX and is_root()) or "QTWEBENGINE_DISABLE_SANDBOX" in os.environ:
        return {}
    if not quiet:
        say("Running as root: the web engine's sandbox does not work for root and stays off.")
    return {"QTWEBENGINE_DISABLE_SANDBOX": "1"}
