"""The developer's commands and their help."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from devkit import app, benchmarks, checks, environment, locks, pictures
from devkit.places import BUILD, PYTHON, VENV
from devkit.programs import SetUpFailed, call, say

Command = Callable[[list[str]], int]


def _generate(arguments: list[str]) -> int:
    """Write what the page shares with the program."""
    environment.for_developing()
    return call([PYTHON, BUILD / "generate_protocol.py", *arguments])


def _package(arguments: list[str]) -> int:
    """Freeze and pack, with the Python that has what this needs."""
    environment.for_developing()
    if Path(sys.prefix) != VENV:
        return call([PYTHON, BUILD / "dev.py", "package", *arguments])
    from devkit.package import package  # noqa: PLC0415  (brings in packages of .venv)

    return package(arguments)


COMMANDS: dict[str, tuple[str, Command]] = {
    "run": ("set everything up and open the app; arguments go to the app", app.run),
    "test": ("all checks and all tests; arguments (-k, paths) go to pytest alone", checks.test),
    "check": (
        "linters, types, import floors, the page's checks",
        lambda _: checks.check(),
    ),
    "generate": ("write the page's protocol from the Python one", _generate),
    "bench": ("run the measurements, or only the named ones", benchmarks.bench),
    "pictures": ("photograph every page, light and dark, at three widths", pictures.take),
    "package": ("freeze the app and make its installers, in out/packages", _package),
    "lock": ("resolve the Python dependencies anew (needs uv)", locks.lock),
}


def main(arguments: list[str]) -> int:
    """Run one command; return the exit code of the process."""
    _speak_utf8()
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="Set up, run, test and package Persona Chat.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<9} {text}" for name, (text, _) in COMMANDS.items()),
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of these:")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="its arguments")
    chosen = parser.parse_args(arguments)
    try:
        return COMMANDS[chosen.command][1](chosen.rest)
    except SetUpFailed as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130


def _speak_utf8() -> None:
    """A Windows console may have a code page that cannot print Korean."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
