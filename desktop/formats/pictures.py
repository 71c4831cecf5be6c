"""Pictures of strangers made into pictures of ours: looked at before they are unpacked, turned
upright, cut square, and written anew with nothing in them but their pixels."""

import hashlib
import importlib
import io
import re
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.formats.parts import Unreadable
from desktop.protocol.pictures import MOST_PICTURE_BYTES, MOST_PICTURE_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

ALLOWED = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
FULL, SMALL, PREVIEW = 512, 128, 1024
"""Pixels of a side at most."""
WORKING = 2048
"""A picture that waits to be cut is not held larger than this."""

_OTHERS = re.compile(
    rb"BM|II\*\0|MM\0\*|....ftyp(?:hei|hev|mif)|\x00\x00\x01\x00|%PDF|8BPS", re.DOTALL
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE\s+svg|!--|svg)", re.IGNORECASE)


class Made(NamedTuple):
    """A picture of ours. ``id`` is a hash over its pixels, whoever has packed them."""

    id: str
    full: bytes
    """A PNG."""
    small: bytes
    """A WebP."""


class Square(NamedTuple):
    x: int
    y: int
    side: int


def opened(data: bytes) -> "Image":
    """The first frame, upright, in RGB or RGBA, not larger than ``WORKING``.

    Raises ``Unreadable`` with a ``PictureFault``. Nothing is unpacked that is too large.
    """
    if not data:
        raise Unreadable("empty")
    if len(data) > MOST_PICTURE_BYTES:
        raise Unreadable("too_large", "bytes")
    images = importlib.import_module("PIL.Image")
    try:
        with warnings.catch_warnings(action="ignore"):
            # Only reads the head. Our own bound is far below the one that is warned of.
            image = images.open(io.BytesIO(data), formats=_openable(images))
        with image:
            if image.width * image.height > MOST_PICTURE_PIXELS:
                raise Unreadable("too_many", f"{image.width}x{image.height}")
            return _upright(image)
    except Unreadable:
        raise
    except images.DecompressionBombError as error:
        raise Unreadable("too_many") from error
    except images.UnidentifiedImageError as error:
        raise Unreadable(_not_ours(data)) from error
    except Exception as error:  # decoders raise whatever a stranger's bytes lead them to
        code = "cut_off" if "truncated" in str(error) else "malformed"
        raise Unreadable(code, type(error).__name__) from error


def cut(image: "Image", square: Square) -> Made:
    """The square of the picture, as far as there is one; never enlarged."""
    side = max(1, min(square.side, image.width, image.height))
    x = min(max(0, square.x), image.width - side)
    y = min(max(0, square.y), image.height - side)
    part = image.crop((x, y, x + side, y + side))
    if side > FULL:
        part = part.resize((FULL, FULL), _smooth(), reducing_gap=3.0)
    if part.mode == "RGBA" and part.getchannel("A").getextrema() == (255, 255):
        part = part.convert("RGB")
    told = f"{part.mode} {part.width} {part.height} ".encode()
    name = hashlib.sha256(told + part.tobytes()).hexdigest()[:32]
    tiny = part if part.width <= SMALL else part.resize((SMALL, SMALL), _smooth())
    return Made(name, _written(part, "PNG"), _written(tiny, "WEBP", quality=86, method=4))


def usual_square(image: "Image") -> Square:
    """As wide as the picture; of a tall one near the top, where the face is."""
    side = min(image.width, image.height)
    return Square((image.width - side) // 2, (image.height - side) // 6, side)


def made(data: bytes) -> Made:
    """A stranger's picture with its usual square. One of ours comes out as it went in.

    Raises ``Unreadable``.
    """
    image = opened(data)
    return cut(image, usual_square(image))


def preview(image: "Image") -> tuple[str, bytes]:
    """Its media type and the whole picture small enough to be shown."""
    seen = image.copy()
    seen.thumbnail((PREVIEW, PREVIEW))
    if seen.mode == "RGBA":
        return "image/webp", _written(seen, "WEBP", quality=85, method=2)
    return "image/jpeg", _written(seen, "JPEG", quality=85)


def _upright(image: "Image") -> "Image":
    operations = importlib.import_module("PIL.ImageOps")
    image.draft("RGB", (WORKING, WORKING))
    image.load()
    plain = _coloured(image)
    try:
        plain.getexif().update(image.getexif())
        plain = operations.exif_transpose(plain)
    except Exception:  # noqa: BLE001 - a broken note on how it was held leaves it as it is
        plain.info.clear()
    plain.thumbnail((WORKING, WORKING))
    bare = importlib.import_module("PIL.Image").new(plain.mode, plain.size)
    bare.paste(plain)
    return bare  # type: ignore[no-any-return]


def _coloured(image: "Image") -> "Image":
    if image.mode.startswith("I"):
        # Sixteen bits of grey: as they are, all but the darkest would become white.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _written(image: "Image", kind: str, **how: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **how)
    return made.getvalue()


def _smooth() -> Any:
    return importlib.import_module("PIL.Image").Resampling.LANCZOS


def _openable(images: Any) -> tuple[str, ...]:
    images.init()
    return tuple(one for one in ALLOWED if one in images.OPEN)


def _not_ours(data: bytes) -> str:
    """Whether what nobody here opens is a picture of another kind."""
    head = data[:1024]
    if (_MARKUP.match(head) and b"svg" in head.lower()) or _OTHERS.match(head):
        return "not_allowed"
    return "not_known"
