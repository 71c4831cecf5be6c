"""Writes SHA256SUMS beside the packages, in the form `sha256sum --check` reads."""

import hashlib
from pathlib import Path

from devkit.bundle.names import PACKAGES

NAME = "SHA256SUMS"


def write(folder: Path = PACKAGES) -> Path | None:
    """One line for each file of the folder; None where there is nothing to sum."""
    if not folder.is_dir():
        return None
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name != NAME)
    if not files:
        return None
    lines = [f"{_sum(file)}  {file.name}\n" for file in files]
    target = folder / NAME
    # A carriage return would become part of the last name.
    target.write_bytes("".join(lines).encode())
    return target


def _sum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
