"""Where things are in this checkout, and where programs lie in its virtual environment."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
UI = ROOT / "ui"
OUT = ROOT / "out"
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
VENV_BIN = VENV / ("Scripts" if WINDOWS else "bin")
VENV_PYTHON = VENV_BIN / ("python.exe" if WINDOWS else "python")
PYTHON = str(VENV_PYTHON)
RUN_LOCK = BUILD / "requirements" / "run.txt"
DEV_LOCK = BUILD / "requirements" / "dev.txt"
PAGE = UI / "dist" / "index.html"
TEST_CLIS = ROOT / "tests" / "clis"
INSTALLED_CLIS = OUT / "clis"


def venv_program(name: str) -> str:
    """A program that a package has put into the virtual environment."""
    return str(VENV_BIN / (f"{name}.exe" if WINDOWS else name))
