"""Builds the .deb: the frozen folder under /usr/lib, a command, a menu entry, a clean removal."""

import gzip
import os
import shutil
from pathlib import Path

from devkit.bundle import elf, linux_files, notices, parts
from devkit.bundle.names import COMMAND, NAME, PACKAGES, SUMMARY, architecture, version
from devkit.places import OUT, ROOT
from devkit.programs import SetUpFailed, must, say

MAINTAINER = "Persona Chat contributors <persona-chat@users.noreply.github.com>"
DEPENDS: tuple[tuple[str, ...], ...] = (
    ("fontconfig",), ("xkb-data",),
    ("libasound2", "libasound2t64"), ("libbrotli1",), ("libdbus-1-3",), ("libegl1",),
    ("libexpat1",), ("libfontconfig1",), ("libfreetype6",), ("libgbm1",), ("libgcc-s1",),
    ("libgl1",), ("libglib2.0-0", "libglib2.0-0t64"), ("libgssapi-krb5-2",), ("liblzma5",),
    ("libstdc++6",), ("libudev1",), ("libuuid1",), ("libwayland-client0",),
    ("libwayland-cursor0",), ("libwayland-egl1",), ("libx11-6",), ("libx11-xcb1",), ("libxcb1",),
    ("libxcb-dri3-0",), ("libxcb-glx0",), ("libxcb-randr0",), ("libxcb-render0",),
    ("libxcb-shape0",), ("libxcb-shm0",), ("libxcb-sync1",), ("libxcb-xfixes0",),
    ("libxcomposite1",), ("libxdamage1",), ("libxext6",), ("libxfixes3",), ("libxrandr2",),
    ("libxtst6",), ("libzstd1",), ("zlib1g",),
)  # fmt: skip
"""What the frozen folder takes from the system, each with the name it has in newer releases."""
RECOMMENDS = "fonts-noto-cjk | fonts-nanum, fonts-noto-color-emoji, xdg-utils"
SUGGESTS = "gnome-keyring | kwalletmanager"
BASE = {"libc6"}
DESCRIPTION = """ Say one line, and several characters answer at once, each in a bubble of
 their own, while the story grows into a book beside it. Persona Chat speaks
 through AI programs that are already on the computer, and brings a practice
 storyteller that needs no network. All stories stay in the person's home.
"""


def build(frozen: Path) -> Path:
    """Make the package from a frozen folder. Raises SetUpFailed."""
    if unmet := unmet_libraries(frozen):
        raise SetUpFailed("the .deb does not depend on what brings " + ", ".join(sorted(unmet)))
    tree = OUT / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(tree, frozen)
    PACKAGES.mkdir(parents=True, exist_ok=True)
    target = PACKAGES / f"{COMMAND}_{version()}_{architecture()}.deb"
    zstd = ["-Zzstd", "-z19", "--root-owner-group"]
    command = ["nice", "-n", "10", "dpkg-deb", *zstd, "--build", str(tree), str(target)]
    must("packing the .deb", command)
    shutil.rmtree(tree)
    say(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.1f} MB")
    return target


def lay_out(tree: Path, frozen: Path) -> None:
    """The files as they will lie on the person's system, and Debian's own beside them."""
    library = tree / "usr" / "lib" / COMMAND
    shutil.copytree(frozen, library, symlinks=True)
    shutil.copy(linux_files.FOLDER / "apparmor", library / "apparmor")
    command = tree / "usr" / "bin" / COMMAND
    command.parent.mkdir(parents=True)
    command.symlink_to(f"../lib/{COMMAND}/{NAME}")
    linux_files.write_share(tree / "usr" / "share")
    _document(tree / "usr" / "share" / "doc" / COMMAND, library / "_internal" / notices.NOTICES)
    scripts = tree / "DEBIAN"
    scripts.mkdir()
    for name in ("postinst", "prerm", "postrm"):
        shutil.copy(linux_files.FOLDER / name, scripts / name)
    _make_readable(tree)
    size = sum(f.stat().st_size for f in tree.rglob("*") if f.is_file() and not f.is_symlink())
    control = control_file(size // 1024, elf.oldest_glibc(frozen))
    (scripts / "control").write_text(control, encoding="utf-8")


def control_file(size_kib: int, glibc: str) -> str:
    depends = ", ".join([f"libc6 (>= {glibc})", *(" | ".join(names) for names in DEPENDS)])
    return (
        f"Package: {COMMAND}\nVersion: {version()}\nArchitecture: {architecture()}\n"
        f"Maintainer: {MAINTAINER}\nInstalled-Size: {size_kib}\nDepends: {depends}\n"
        f"Recommends: {RECOMMENDS}\nSuggests: {SUGGESTS}\nSection: games\nPriority: optional\n"
        f"Description: {SUMMARY}\n{DESCRIPTION}"
    )


def unmet_libraries(frozen: Path) -> set[str]:
    """Libraries whose Debian package is not among DEPENDS, as ``library (package)``."""
    known = BASE.union(*DEPENDS)
    unmet = set()
    for name in elf.libraries_from_outside(frozen):
        package = parts.owner_of_library(name)
        if package not in known:
            unmet.add(f"{name} ({package or 'unknown'})")
    return unmet


def _document(folder: Path, third_party: Path) -> None:
    """Debian asks for the licences in a file of this name, and for the changes, compressed."""
    folder.mkdir(parents=True)
    shutil.copy(third_party, folder / "copyright")
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (folder / "changelog.gz").write_bytes(gzip.compress(changes, 9, mtime=0))


def _make_readable(tree: Path) -> None:
    """The rights of the checkout are the builder's own business."""
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        is_program = path.is_dir() or os.access(path, os.X_OK)
        path.chmod(0o755 if is_program else 0o644)
