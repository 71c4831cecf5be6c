"""Packs the folder frozen on Windows: a zip, and with NSIS an installer for one person.

NSIS compiles on any system, so the installer can be made on Linux from a folder of Windows.
"""

import shutil
import zipfile
from pathlib import Path

from devkit.bundle.icon_files import ICO
from devkit.bundle.identity import four_numbers
from devkit.bundle.names import NAME, PACKAGES, package_name, version
from devkit.places import BUILD
from devkit.programs import SetUpFailed, must, say

SCRIPT = BUILD / "windows" / "installer.nsi"
LOUD = "!!! makensis IS NOT INSTALLED: NO Setup.exe IS MADE, ONLY THE ZIP !!!"


def build_zip(frozen: Path) -> Path:
    """The folder as it is, for those who install nothing."""
    PACKAGES.mkdir(parents=True, exist_ok=True)
    target = PACKAGES / package_name(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(frozen.rglob("*")):
            if file.is_file():
                archive.write(file, f"{NAME}/{file.relative_to(frozen).as_posix()}")
    return target


def build(frozen: Path) -> Path | None:
    """The installer; None, said loudly, where NSIS is not at hand."""
    if shutil.which("makensis") is None:
        say(LOUD)
        return None
    PACKAGES.mkdir(parents=True, exist_ok=True)
    return compile_installer(frozen, PACKAGES / package_name("-setup.exe"))


def compile_installer(payload: Path, target: Path) -> Path:
    """Run makensis over a folder that holds PersonaChat.exe. Raises SetUpFailed."""
    if not (payload / f"{NAME}.exe").is_file():
        raise SetUpFailed(f"{payload} holds no {NAME}.exe; it must be a folder frozen on Windows")
    told = {
        "VERSION": version(),
        "VERSION4": ".".join(map(str, four_numbers(version()))),
        "PAYLOAD": payload.resolve().as_posix(),
        "ICON": str(ICO),
        "OUTFILE": str(target.resolve()),
    }
    # Each warning of the compiler is a fault: a missing word, a file that is not there.
    words = ["-V2", "-WX", "-INPUTCHARSET", "UTF8", *(f"-D{k}={v}" for k, v in told.items())]
    must("compiling the installer", ["makensis", *words, str(SCRIPT)])
    return target
