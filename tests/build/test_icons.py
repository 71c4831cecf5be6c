"""The icon files Windows and macOS read: their containers, and that they show today's drawing."""

import struct
import sys
from pathlib import Path

import pytest

from devkit.bundle import icon_files

pytest.importorskip("PySide6.QtSvg", reason="only Linux has Qt to draw with")
from PySide6.QtGui import QImage


def pictures_of_ico(data: bytes) -> dict[int, bytes]:
    reserved, kind, count = struct.unpack_from("<HHH", data)
    assert (reserved, kind) == (0, 1)
    found = {}
    for row in range(count):
        told, _, _, _, planes, bits, length, at = struct.unpack_from(
            "<BBBBHHII", data, 6 + 16 * row
        )
        assert (planes, bits) == (1, 32)
        found[told or 256] = data[at : at + length]
        assert len(found[told or 256]) == length, "a picture ends within the file"
    return found


def parts_of_icns(data: bytes) -> dict[bytes, bytes]:
    name, length = struct.unpack_from(">4sI", data)
    assert (name, length) == (b"icns", len(data))
    found, at = {}, 8
    while at < len(data):
        kind, length = struct.unpack_from(">4sI", data, at)
        found[kind] = data[at + 8 : at + length]
        at += length
    assert at == len(data)
    return found


def test_windows_finds_every_size_it_asks_for() -> None:
    pictures = pictures_of_ico(icon_files.ICO.read_bytes())
    assert set(pictures) == set(icon_files.WINDOWS_SIZES)
    for size, picture in pictures.items():
        if size == 256:
            assert picture.startswith(b"\x89PNG")
            continue
        header, width, height = struct.unpack_from("<Iii", picture)
        assert (header, width, height) == (40, size, 2 * size), "the mask counts as height"
        mask = (size + 31) // 32 * 4 * size
        assert len(picture) == 40 + size * size * 4 + mask


def test_macos_finds_every_size_as_a_png_of_that_size() -> None:
    parts = parts_of_icns(icon_files.ICNS.read_bytes())
    assert {kind: QImage.fromData(data).width() for kind, data in parts.items()} == dict(
        icon_files.MACOS_KINDS
    )


def test_the_kept_icons_show_the_drawing_as_it_is_now() -> None:
    """Run `python -m devkit.bundle.icon_files` in build/ after a change of the drawing."""
    drawn = icon_files.draw(256)
    for kept in (
        pictures_of_ico(icon_files.ICO.read_bytes())[256],
        parts_of_icns(icon_files.ICNS.read_bytes())[b"ic08"],
    ):
        assert difference(QImage.fromData(kept), drawn) < 0.5
    other = icon_files.draw(256)
    other.invertPixels()
    assert difference(other, drawn) > 20, "another picture is seen as another"


def difference(one: QImage, other: QImage) -> float:
    """The mean distance of all bytes; another version of Qt rounds edges a little differently."""
    form = QImage.Format.Format_ARGB32
    first, second = (bytes(each.convertToFormat(form).constBits()) for each in (one, other))
    assert len(first) == len(second)
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) / len(first)


def test_the_first_line_of_a_bitmap_is_the_lowest_of_the_picture() -> None:
    picture = icon_files.bitmap(2, [b"upper" * 2, b"lower" * 2])
    assert picture.index(b"lower") < picture.index(b"upper")


@pytest.mark.skipif(sys.platform != "linux", reason="the icon theme is Linux's")
def test_the_icon_theme_gets_each_size_and_the_drawing(tmp_path: Path) -> None:
    icon_files.write_linux(tmp_path, "persona-chat")
    for size in icon_files.LINUX_SIZES:
        file = tmp_path / f"{size}x{size}" / "apps" / "persona-chat.png"
        assert QImage(str(file)).width() == size
    assert (tmp_path / "scalable" / "apps" / "persona-chat.svg").read_text().startswith("<svg")
