"""``package``: freezes the app and makes the installers of the system it runs on."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from devkit import freeze
from devkit.bundle import appimage, bare_debian, checksums, deb, frozen, macos, tarball, windows
from devkit.display import has_display, virtual_display
from devkit.programs import SetUpFailed, say

Maker = Callable[[Path], Path | None]
LINUX: dict[str, Maker] = {"deb": deb.build, "tar": tarball.build, "appimage": appimage.build}
WINDOWS: dict[str, Maker] = {"zip": windows.build_zip, "setup": windows.build}
MACOS: dict[str, Maker] = {"dmg": macos.build}
MAKERS = {"win32": WINDOWS, "darwin": MACOS}.get(sys.platform, LINUX)


def package(arguments: list[str]) -> int:
    """Do what the arguments say; return the exit code."""
    wanted = _parse(arguments)
    if wanted.setup_from:
        windows.build(wanted.setup_from)
        checksums.write()
        return 0
    folder = freeze.bundle_folder() if wanted.keep else freeze.freeze()
    if sys.platform == "darwin":
        macos.sign(folder)
    made = [path for name in wanted.only or MAKERS if (path := MAKERS[name](folder))]
    if wanted.smoke:
        _play(folder)
    for path in made:
        say(f"made {path.name}, {path.stat().st_size / 1e6:.1f} MB")
    checksums.write()
    if wanted.prove:
        return bare_debian.prove(_the_deb(made))
    return 0


def _play(folder: Path) -> None:
    if has_display():
        return frozen.play(folder)
    with virtual_display() as screen:
        os.environ.update(screen)
        return frozen.play(folder)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py package", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="take the folder frozen before")
    parser.add_argument("--only", action="append", choices=MAKERS, help="make this one only")
    parser.add_argument(
        "--setup-from", type=Path, metavar="DIR", help="only compile the Windows installer of DIR"
    )
    parser.add_argument("--smoke", action="store_true", help="let the frozen app play one turn")
    parser.add_argument(
        "--prove",
        action="store_true",
        help="install the .deb on a bare Debian and run the window tests against it (needs root)",
    )
    return parser.parse_args(arguments)


def _the_deb(made: list[Path]) -> Path:
    found = [path for path in made if path.suffix == ".deb"]
    if not found:
        raise SetUpFailed("--prove needs the .deb; leave --only out or name it")
    return found[0]
