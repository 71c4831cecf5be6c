"""What a frozen program says of itself to each system: version resource, Info.plist, metadata."""

from pathlib import Path
from typing import Any

from devkit.bundle.names import COMMAND, NAME, PUBLISHER, SUMMARY, TITLE, version

WINDOWS = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, flags=0, OS=0x40004,
    fileType=1, subtype=0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', {publisher!r}),
      StringStruct('FileDescription', {title!r}),
      StringStruct('FileVersion', {version!r}),
      StringStruct('InternalName', {name!r}),
      StringStruct('LegalCopyright', 'MIT licence'),
      StringStruct('OriginalFilename', '{name}.exe'),
      StringStruct('ProductName', {title!r}),
      StringStruct('ProductVersion', {version!r}),
    ])]),
    VarFileInfo([VarStruct('Translation', [0x0409, 1200])]),
  ])
"""
MINIMUM_MACOS = "12.0"


def four_numbers(told: str) -> tuple[int, int, int, int]:
    """Windows wants exactly four; what follows the numbers of a pre-release is left out."""
    numbers = []
    for part in told.split(".")[:3]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        numbers.append(int(digits or 0))
        if digits != part:
            break
    first, second, third = [*numbers, 0, 0, 0][:3]
    return first, second, third, 0


def version_resource() -> str:
    """The file PyInstaller reads for ``EXE(version=…)``."""
    told = version()
    return WINDOWS.format(
        four=four_numbers(told), publisher=PUBLISHER, title=TITLE, name=NAME, version=told
    )


def info_plist() -> dict[str, Any]:
    """What macOS is told beyond PyInstaller's own entries."""
    return {
        "CFBundleDisplayName": TITLE,
        "CFBundleDevelopmentRegion": "ko",
        "CFBundleLocalizations": ["ko", "en", "ja"],
        "CFBundleShortVersionString": version(),
        "CFBundleVersion": ".".join(map(str, four_numbers(version())[:3])),
        "LSApplicationCategoryType": "public.app-category.role-playing-games",
        "LSMinimumSystemVersion": MINIMUM_MACOS,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"{PUBLISHER}, MIT licence",
        "NSRequiresAquaSystemAppearance": False,
        "NSSupportsAutomaticGraphicsSwitching": True,
    }


def write_metadata(folder: Path) -> Path:
    """An installed package's folder for the program itself, so that it knows its own version."""
    place = folder / f"{COMMAND.replace('-', '_')}-{version()}.dist-info"
    place.mkdir(parents=True, exist_ok=True)
    told = f"Metadata-Version: 2.1\nName: {COMMAND}\nVersion: {version()}\nSummary: {SUMMARY}\n"
    (place / "METADATA").write_text(told, encoding="utf-8")
    return place
