"""Draws the program's icon at every size a system asks for, and packs .ico and .icns files."""

import os
import struct
from pathlib import Path
from typing import Any

from devkit.places import BUILD

FOLDER = BUILD / "icons"
DRAWING = FOLDER / "persona-chat.svg"
ICO = FOLDER / "persona-chat.ico"
ICNS = FOLDER / "persona-chat.icns"
LINUX_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
MACOS_KINDS = (
    (b"icp4", 16), (b"icp5", 32), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512), (b"ic10", 1024),
    (b"ic11", 32), (b"ic12", 64), (b"ic13", 256), (b"ic14", 512),
)  # fmt: skip
"""The last four are the pictures for displays with twice the pixels."""
PNG_FROM = 256
"""Windows reads compressed pictures in an icon at this size only everywhere."""


def draw(size: int) -> Any:
    """The icon as a square QImage. Needs PySide6, which is there on Linux."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt  # noqa: PLC0415  (the other systems have no Qt)
    from PySide6.QtGui import QImage, QPainter  # noqa: PLC0415
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    return image


def png(size: int) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice  # noqa: PLC0415

    image, buffer = draw(size), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico() -> bytes:
    """Small pictures as bitmaps, the large one as PNG."""
    pictures = [(s, png(s) if s >= PNG_FROM else bitmap(s, rows(s))) for s in WINDOWS_SIZES]
    return pack_ico(pictures)


def pack_ico(pictures: list[tuple[int, bytes]]) -> bytes:
    """The container: a header, a row for each picture, the pictures. A size of 256 is told as 0."""
    at = 6 + 16 * len(pictures)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    for size, picture in pictures:
        told = size % 256
        head += struct.pack("<BBBBHHII", told, told, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(picture for _, picture in pictures)


def rows(size: int) -> list[bytes]:
    """The picture's lines from top to bottom, four bytes a pixel: blue, green, red, opacity."""
    image = draw(size)
    whole, width = bytes(image.constBits()), image.bytesPerLine()
    return [whole[line * width : line * width + size * 4] for line in range(size)]


def bitmap(size: int, lines: list[bytes]) -> bytes:
    """As an icon holds it: twice the height is told, lines from the bottom, an empty mask."""
    header = struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    mask = b"\0" * ((size + 31) // 32 * 4 * size)
    return header + b"".join(reversed(lines)) + mask


def icns() -> bytes:
    return pack_icns([(kind, png(size)) for kind, size in MACOS_KINDS])


def pack_icns(pictures: list[tuple[bytes, bytes]]) -> bytes:
    """The container: each part and the whole tell their length with their own eight bytes."""
    body = b"".join(kind + struct.pack(">I", 8 + len(p)) + p for kind, p in pictures)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def write_linux(folder: Path, name: str) -> None:
    """The icon theme's tree under ``folder``: a PNG for each size, and the drawing itself."""
    for size in LINUX_SIZES:
        file = folder / f"{size}x{size}" / "apps" / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(size))
    drawing = folder / "scalable" / "apps" / f"{name}.svg"
    drawing.parent.mkdir(parents=True, exist_ok=True)
    drawing.write_bytes(DRAWING.read_bytes())


def write_containers() -> None:
    """Write the files for Windows and macOS, which are kept in the tree: no Qt is there."""
    ICO.write_bytes(ico())
    ICNS.write_bytes(icns())


if __name__ == "__main__":
    write_containers()
