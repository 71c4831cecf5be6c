"""Pictures for tests: painted, and packed as a stranger might."""

import io
from typing import Any

from PIL import Image


def painted(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """No two columns and no two rows alike, so that it can be told how it lies."""
    wide = Image.linear_gradient("L").rotate(90).resize((width, height))
    high = Image.linear_gradient("L").resize((width, height))
    flat = Image.new("L", (width, height), 90)
    return Image.merge("RGB", (wide, high, flat)).convert(mode)


def packed(image: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **how)
    return made.getvalue()
