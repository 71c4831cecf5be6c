"""The tree both Linux packages share: menu entry, icons, description, licences."""

import os
import time
from pathlib import Path

from devkit.bundle import icon_files
from devkit.bundle.names import COMMAND, ID, version
from devkit.places import BUILD

FOLDER = BUILD / "linux"


def write_share(share: Path) -> None:
    """Fill a ``share`` folder as the desktop expects it."""
    desktop = share / "applications" / f"{COMMAND}.desktop"
    metainfo = share / "metainfo" / f"{ID}.metainfo.xml"
    for file in (desktop, metainfo):
        file.parent.mkdir(parents=True, exist_ok=True)
    desktop.write_text((FOLDER / "persona-chat.desktop").read_text("utf-8"), "utf-8")
    metainfo.write_text(filled("metainfo.xml"), "utf-8")
    icon_files.write_linux(share / "icons" / "hicolor", COMMAND)


def filled(name: str) -> str:
    """A file of build/linux with its gaps filled."""
    day = time.strftime("%Y-%m-%d", time.gmtime(timestamp()))
    text = (FOLDER / name).read_text(encoding="utf-8")
    return text.replace("@ID@", ID).replace("@VERSION@", version()).replace("@DATE@", day)


def timestamp() -> int:
    """When this is made, in seconds; SOURCE_DATE_EPOCH makes a build repeatable."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
