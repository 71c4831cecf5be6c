"""Strangers' pictures: what is taken of them, what is refused, and what of ours comes out again."""

import io
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from desktop.formats.parts import Unreadable
from desktop.formats.pictures import FULL, SMALL, Square, cut, made, opened, preview, usual_square
from desktop.formats.pictures import WORKING as MOST_HELD
from tests.formats.painted import packed, painted


def reopened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_each_kind_on_the_list_is_taken(kind: str) -> None:
    one = made(packed(painted(300, 200), kind))
    full, small = reopened(one.full), reopened(one.small)
    assert (full.format, full.size) == ("PNG", (200, 200))
    assert (small.format, small.size) == ("WEBP", (SMALL, SMALL))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"hello", "not_known"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_allowed"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE svg><svg/>", "not_allowed"),
        (packed(painted(9, 9), "BMP"), "not_allowed"),
        (packed(painted(9, 9), "TIFF"), "not_allowed"),
        (packed(painted(400, 400))[:1_000], "cut_off"),
        (packed(painted(400, 400), "JPEG")[:4_000], "cut_off"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "not_known"),
        (packed(painted(400, 400), "WEBP")[:300], "malformed"),
        (b"x" * 24_000_001, "too_large"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_by_its_cause(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        made(data)
    assert caught.value.code == code


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed(Image.new("1", (30_000, 30_000)))
    assert len(bomb) < 200_000
    monkeypatch.setattr(zlib, "decompressobj", lambda *_: pytest.fail("unpacked"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("unpacked"))
    for size in ((30_000, 30_000), (8_000, 5_001)):
        with pytest.raises(Unreadable) as caught:
            opened(packed(Image.new("1", size)) if size[0] < 30_000 else bomb)
        assert caught.value.code == "too_many"


def test_a_false_ending_changes_nothing() -> None:
    assert made(packed(painted(40, 40), "JPEG")).id == made(packed(painted(40, 40), "JPEG")).id


def test_ours_comes_out_as_it_went_in() -> None:
    for mode in ("RGB", "RGBA"):
        picture = painted(1_000, 700, mode)
        if mode == "RGBA":
            picture.putalpha(Image.linear_gradient("L").resize(picture.size))
        once = made(packed(picture))
        assert reopened(once.full).mode == mode
        assert made(once.full) == once


def test_the_same_pixels_have_the_same_name_however_they_are_packed() -> None:
    picture = painted(90, 90)
    names = {made(packed(picture, "PNG", compress_level=level)).id for level in (0, 9)}
    names.add(made(packed(picture, "WEBP", lossless=True)).id)
    assert len(names) == 1
    assert names != {made(packed(painted(91, 91))).id}


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_picture_that_was_held_askew_stands_upright(turned: int) -> None:
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    upright = painted(80, 50)
    lying = upright.transpose(back[turned]) if turned in back else upright
    exif = Image.Exif()
    exif[0x0112] = turned
    found = opened(packed(lying, "PNG", exif=exif))
    assert found.size == (80, 50)
    assert found.tobytes() == upright.tobytes()


def test_nothing_but_pixels_goes_on() -> None:
    secret = PngInfo()
    secret.add_text("chara", "SECRET-CARD")
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    one = made(packed(painted(64, 64), pnginfo=secret, exif=exif, icc_profile=b"SECRET-PROFILE"))
    for data in (one.full, one.small, preview(opened(packed(painted(64, 64), exif=exif)))[1]):
        assert b"SECRET" not in data
        assert not reopened(data).getexif()
    assert set(reopened(one.full).info) <= {"srgb"}


def test_sixteen_bits_and_four_inks_keep_their_look() -> None:
    grey = Image.new("I;16", (32, 32), 30_000)
    assert opened(packed(grey)).getpixel((3, 3)) == (117, 117, 117)
    red = Image.new("CMYK", (32, 32), (0, 255, 255, 0))
    assert opened(packed(red, "JPEG")).getpixel((3, 3)) == (255, 0, 0)
    for mode in ("1", "L", "LA", "P"):
        assert opened(packed(painted(32, 32).convert(mode))).mode in ("RGB", "RGBA")


def test_of_a_moving_picture_the_first_frame_is_taken() -> None:
    first, second = Image.new("RGB", (20, 20), "red"), Image.new("RGB", (20, 20), "blue")
    for kind in ("GIF", "WEBP", "PNG", "AVIF"):
        moving = packed(first, kind, save_all=True, append_images=[second])
        red, _, blue = opened(moving).getpixel((5, 5))  # type: ignore[misc]
        assert red > 200 > 60 > blue


@pytest.mark.parametrize(("width", "height"), [(1, 1), (20_000, 1), (1, 20_000), (2, 9_000)])
def test_odd_shapes_become_small_squares(width: int, height: int) -> None:
    one = made(packed(Image.new("RGB", (width, height), "red")))
    full = reopened(one.full)
    assert full.width == full.height <= 2
    assert full.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_a_large_picture_is_not_held_whole() -> None:
    held = opened(packed(painted(5_000, 2_500), "JPEG"))
    assert max(held.size) <= MOST_HELD
    assert reopened(cut(held, usual_square(held)).full).size == (FULL, FULL)
    assert max(reopened(preview(held)[1]).size) <= 1_024


def test_the_square_is_the_one_that_was_asked_for() -> None:
    picture = painted(400, 300)
    one = cut(picture, Square(100, 50, 64))
    assert reopened(one.full).tobytes() == picture.crop((100, 50, 164, 114)).tobytes()
    beyond = reopened(cut(picture, Square(10_000, 10_000, 100_000)).full)
    assert beyond.size == (300, 300)
    assert usual_square(painted(300, 600)) == Square(0, 50, 300)
