"""Freezes the app for the system it runs on, into out/dist, and looks at what came out."""

import sys
from pathlib import Path

from devkit import environment, page, system_packages
from devkit.bundle import frozen
from devkit.bundle.names import DIST, NAME
from devkit.places import OUT, PYTHON, ROOT, WINDOWS
from devkit.programs import must, say


def freeze() -> Path:
    """Build, check and start the result; return its folder. Raises SetUpFailed."""
    environment.for_developing()
    system_packages.for_window(virtual_display=False)
    page.build()
    command = [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    # PyInstaller's own default for its work is ./build, which here is a folder of sources.
    paths = [f"--workpath={OUT / 'pyinstaller'}", f"--distpath={DIST}"]
    ours = list(frozen.our_modules())
    gently = ["nice", "-n", "10"] * (not WINDOWS)
    must("freezing the app", [*gently, *command, *paths, str(ROOT / "persona.spec")])
    folder = bundle_folder()
    frozen.check(folder, ours)
    say(f"{folder.relative_to(ROOT)}: {frozen.megabytes(folder):.0f} MB")
    return folder


def bundle_folder() -> Path:
    """The frozen folder, or the application on macOS."""
    return DIST / (f"{NAME}.app" if sys.platform == "darwin" else NAME)
