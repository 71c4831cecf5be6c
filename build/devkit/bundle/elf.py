"""What the programs and libraries of a frozen folder need of the system they will run on."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
GLIBC = re.compile(r"Name: GLIBC_(\d+)\.(\d+)")


def libraries_from_outside(folder: Path) -> set[str]:
    """Names such as ``libGL.so.1`` that nothing in ``folder`` provides."""
    inside = {file.name for file in folder.rglob("*") if ".so" in file.name}
    wanted: set[str] = set()
    for file in _binaries(folder):
        wanted.update(NEEDED.findall(_readelf("-d", file)))
    return wanted - inside


def oldest_glibc(folder: Path) -> str:
    """The version of the C library whose symbols are asked for, for example ``2.34``."""
    versions = {(2, 17)}
    for file in _binaries(folder):
        found = GLIBC.findall(_readelf("-V", file))
        versions.update((int(major), int(minor)) for major, minor in found)
    return ".".join(map(str, max(versions)))


def _binaries(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                if opened.read(4) == b"\x7fELF":
                    yield file


def _readelf(switch: str, file: Path) -> str:
    asked = ["readelf", switch, "--wide", str(file)]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout
