"""``bench``: runs each measurement of tests/benchmarks and lets it print its own table."""

from pathlib import Path

from devkit import environment, page, system_packages
from devkit.display import sandbox_for_root, virtual_display
from devkit.places import LINUX, PYTHON, ROOT
from devkit.programs import call, say

FOLDER = ROOT / "tests" / "benchmarks"


def bench(arguments: list[str]) -> int:
    """Run the named measurements, or all; return how many failed."""
    environment.for_developing()
    system_packages.for_window(virtual_display=True)
    page.build()
    names = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
    chosen = [path for path in names if not arguments or path.stem in arguments]
    if not chosen:
        say("nothing to measure; there are: " + (", ".join(p.stem for p in names) or "none"))
        return 1 if arguments else 0
    if LINUX:
        with virtual_display() as screen:
            return _run(chosen, {**screen, **sandbox_for_root(quiet=True)})
    return _run(chosen, {})


def _run(paths: list[Path], env: dict[str, str]) -> int:
    failures = 0
    for path in paths:
        say(f"\n## {path.stem}")
        failures += call([PYTHON, path], env={"PYTHONPATH": str(ROOT), **env}) != 0
    return failures
