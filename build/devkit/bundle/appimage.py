"""Builds an AppImage where `appimagetool` is at hand; no package index carries it."""

import shutil
from pathlib import Path

from devkit.bundle import icon_files, linux_files
from devkit.bundle.names import COMMAND, NAME, PACKAGES, package_name
from devkit.places import OUT
from devkit.programs import must, say

TOOL = "appimagetool"
LOUD = f"!!! {TOOL} IS NOT INSTALLED: NO AppImage IS MADE !!!"


def build(frozen: Path) -> Path | None:
    """The image; None, said loudly, where the tool is missing."""
    if shutil.which(TOOL) is None:
        say(LOUD)
        return None
    tree = OUT / f"{NAME}.AppDir"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(tree, frozen)
    PACKAGES.mkdir(parents=True, exist_ok=True)
    target = PACKAGES / package_name(".AppImage")
    must("packing the AppImage", [TOOL, "--no-appstream", str(tree), str(target)])
    shutil.rmtree(tree)
    return target


def lay_out(tree: Path, frozen: Path) -> None:
    """What an AppImage starts is AppRun; its menu entry and icon lie on top."""
    shutil.copytree(frozen, tree / "usr" / "lib" / COMMAND, symlinks=True)
    linux_files.write_share(tree / "usr" / "share")
    (tree / "AppRun").symlink_to(f"usr/lib/{COMMAND}/{NAME}")
    entry = f"{COMMAND}.desktop"
    (tree / entry).symlink_to(f"usr/share/applications/{entry}")
    (tree / f"{COMMAND}.png").write_bytes(icon_files.png(256))
