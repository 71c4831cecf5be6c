"""Judges a frozen folder: what must be in it, what must not, what it weighs, whether it starts."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from devkit.bundle import notices
from devkit.bundle.names import COMMAND, NAME, version
from devkit.display import sandbox_for_root
from devkit.places import ROOT
from devkit.programs import SetUpFailed, environment, say

PACE = "PERSONA_STORYTELLER_PACE"
MOST_MB = {"linux": 385.0, "win32": 120.0, "darwin": 120.0}
"""Above this something has come in that nobody asked for."""
MUST_HAVE = (
    "ui/dist/index.html", "persona_data/starter", "chatbot_workspace",
    "desktop/store/migrations/0001_*.sql", notices.NOTICES, notices.SBOM,
    f"{COMMAND.replace('-', '_')}-*.dist-info/METADATA",
)  # fmt: skip
MODULES_BY_NAME = (
    "httpx2._client", "httpcore2._async.connection", "anyio._backends._asyncio", "h11",
    "truststore", "keyring.backends.fail", "PIL.ImageOps", "PIL.WebPImagePlugin",
)  # fmt: skip
"""Modules that are imported by a name in a string, so that PyInstaller may overlook them."""
NEVER = re.compile(
    r"(^|/)(tests|node_modules|\.git|\.venv|__pycache__|pip|setuptools|hypothesis|playwright)/"
    r"|\.(map|ts|svelte|pyi)$|PyQt|libQt6(Pdf|Designer|Charts|3D)|devtools_resources|/qml/"
)


def check(folder: Path, ours: Iterable[str]) -> None:
    """Raises SetUpFailed naming everything that is wrong with a frozen folder.

    ``ours`` are the modules there were when freezing began.
    """
    faults = [*_missing(folder), *_foreign(folder), *_absent_modules(folder, ours)]
    faults += [*_weight(folder), *_start(folder)]
    if faults:
        raise SetUpFailed("The frozen app is not right:\n  " + "\n  ".join(faults))


def executable(folder: Path) -> Path:
    """The program that can be read in a terminal."""
    if sys.platform == "darwin":
        return folder / "Contents" / "MacOS" / NAME
    return folder / (f"{COMMAND}.exe" if sys.platform == "win32" else NAME)


def megabytes(folder: Path) -> float:
    """Millions of bytes, each file once."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def contents(folder: Path) -> Path:
    """Where the data lies: PyInstaller's folder, or the application's own on macOS."""
    inner = folder / "Contents" / "Resources"
    return inner if inner.is_dir() else folder / "_internal"


def modules(folder: Path) -> set[str]:
    """The Python modules inside the program."""
    from PyInstaller.archive.readers import CArchiveReader  # noqa: PLC0415  (needed here only)

    archive = CArchiveReader(str(executable(folder)))
    inner = next(name for name in archive.toc if name.startswith("PYZ"))
    return set(archive.open_embedded_archive(inner).toc)


def our_modules() -> Iterator[str]:
    """Every module of desktop/ as it is imported."""
    for file in (ROOT / "desktop").rglob("*.py"):
        words = file.relative_to(ROOT).with_suffix("").parts
        if words[-1] not in ("__init__", "__main__"):
            yield ".".join(words)


def _missing(folder: Path) -> list[str]:
    inside = contents(folder)
    return [f"is missing: {name}" for name in MUST_HAVE if not any(inside.glob(name))]


def _foreign(folder: Path) -> list[str]:
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return [f"does not belong there: {name}" for name in names if NEVER.search(name)]


def _absent_modules(folder: Path, ours: Iterable[str]) -> list[str]:
    wanted, found = (*ours, *MODULES_BY_NAME), modules(folder)
    return [f"module is missing: {name}" for name in sorted(wanted) if name not in found]


def _weight(folder: Path) -> list[str]:
    weight, most = megabytes(folder), MOST_MB.get(sys.platform, MOST_MB["linux"])
    return [f"weighs {weight:.0f} MB, more than {most:.0f}"] if weight > most else []


def _start(folder: Path) -> list[str]:
    asked = [str(executable(folder)), "--version"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    right = done.returncode == 0 and version() in done.stdout
    return [] if right else [f"--version says {done.returncode}: {done.stdout}{done.stderr}"]


def play(folder: Path) -> None:
    """Let the frozen app do what a person does first: a turn, once in a terminal, once in a window.

    Raises SetUpFailed. The window needs a display; the storyteller needs nothing else.
    """
    program = str(executable(folder))
    with tempfile.TemporaryDirectory(prefix="persona-smoke-") as data:
        told = [program, "--data-dir", data]
        _expect([*told, "say", "--provider", "storyteller", "안녕"], lines=1)
        _expect([*told, "doctor", "--json"], lines=1)
        _expect([program, "--data-dir", data, "demo"], lines=2)
    say("the frozen app played one turn in a terminal and one in its window")


def _expect(command: list[str], *, lines: int) -> None:
    env = environment({PACE: "inf", **sandbox_for_root(quiet=True)})
    done = subprocess.run(
        command, capture_output=True, timeout=300, check=False, env=env, stdin=subprocess.DEVNULL
    )
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0 or len(said.strip().splitlines()) < lines:
        errors = done.stderr.decode("utf-8", "replace")
        raise SetUpFailed(f"{' '.join(command[1:])} ended with {done.returncode}:\n{said}{errors}")


def account(folder: Path) -> dict[str, object]:
    """The SBOM inside."""
    text = (contents(folder) / notices.SBOM).read_text(encoding="utf-8")
    read: dict[str, object] = json.loads(text)
    return read
