"""Builds the .tar.zst for other Linux systems: the frozen folder and a script for one's home."""

import shutil
import tarfile
from pathlib import Path

from devkit.bundle import linux_files
from devkit.bundle.names import NAME, PACKAGES, package_name, version
from devkit.places import OUT, ROOT
from devkit.programs import SetUpFailed, must, say


def build(frozen: Path) -> Path:
    """Pack folder, menu files and scripts. Raises SetUpFailed."""
    if shutil.which("zstd") is None:
        raise SetUpFailed("zstd is needed for the .tar.zst: sudo apt-get install zstd")
    tree = OUT / "tar" / f"{NAME}-{version()}"
    shutil.rmtree(tree.parent, ignore_errors=True)
    lay_out(tree, frozen)
    PACKAGES.mkdir(parents=True, exist_ok=True)
    plain = tree.parent / "plain.tar"
    with tarfile.open(plain, "w", format=tarfile.PAX_FORMAT) as archive:
        archive.add(tree, tree.name, filter=_nobodys)
    target = PACKAGES / package_name(".tar.zst")
    target.unlink(missing_ok=True)
    pack = ["nice", "-n", "10", "zstd", "--quiet", "-19", "--long=27", "-T0", str(plain)]
    must("packing the .tar.zst", [*pack, "-o", str(target)])
    shutil.rmtree(tree.parent)
    say(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.1f} MB")
    return target


def lay_out(tree: Path, frozen: Path) -> None:
    shutil.copytree(frozen, tree / "app", symlinks=True)
    linux_files.write_share(tree / "share")
    for name in ("install.sh", "uninstall.sh"):
        script = tree / name
        script.write_text(linux_files.filled(name), encoding="utf-8")
        script.chmod(0o755)
    shutil.copy(ROOT / "LICENSE", tree / "LICENSE")


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The builder's name and numbers mean nothing elsewhere."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = linux_files.timestamp()
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry
