"""``package``: freezes the app for the system it runs on, into out/dist/PersonaChat."""

import sys
from pathlib import Path

from devkit import environment, page, system_packages
from devkit.places import OUT, PYTHON, ROOT, WINDOWS
from devkit.programs import capture, must, say

NAME = "PersonaChat"
DIST = OUT / "dist"


def package() -> int:
    """Build, start the result once with --version, and print what it weighs."""
    environment.for_developing()
    system_packages.for_window(virtual_display=False)
    page.build()
    command = [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    # PyInstaller's own default for its work is ./build, which here is a folder of sources.
    paths = [f"--workpath={OUT / 'pyinstaller'}", f"--distpath={DIST}"]
    must("freezing the app", [*command, *paths, str(ROOT / "persona.spec")])
    folder = DIST / (f"{NAME}.app" if sys.platform == "darwin" else NAME)
    code, output = capture([executable(), "--version"])
    say(f"{folder.relative_to(ROOT)}: {_megabytes(folder):.0f} MB; it says: {output.strip()}")
    return code


def executable() -> Path:
    """The program inside the frozen folder."""
    if sys.platform == "darwin":
        return DIST / f"{NAME}.app" / "Contents" / "MacOS" / NAME
    return DIST / NAME / (f"{NAME}.exe" if WINDOWS else NAME)


def _megabytes(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6
