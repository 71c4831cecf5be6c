"""Pictures of people: brought in, cut square, and asked for by the hash that names them."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.models import Id, Kept, MaybeId

PictureFault = Literal[
    "empty", "not_known", "not_allowed", "too_large", "too_many", "cut_off", "malformed",
    "unreadable",
]  # fmt: skip
"""Why a picture is not taken, in the ``detail`` of ``bad_file``. ``not_allowed``: of a kind that we
do not open, such as SVG; ``too_large``: too many bytes; ``too_many``: too many pixels, which are
never unpacked; ``cut_off``: its end is missing; ``unreadable``: the file cannot be opened."""

PICTURE_PIECE = 1_000_000
"""Bytes of a picture that come in one call."""
MOST_PICTURE_BYTES = 24_000_000
MOST_PICTURE_PIXELS = 40_000_000

Pixels = Annotated[int, Meta(ge=0, le=100_000)]


class PictureDropParams(Frozen, kw_only=True):
    """A piece of a picture that was dropped or pasted; the first has no token yet."""

    token: MaybeId = ""
    data: Annotated[str, Meta(max_length=1_400_000)]
    """At most ``PICTURE_PIECE`` bytes, as base64."""
    last: bool = False


class PictureSource(Frozen, kw_only=True):
    """A picture that lies ready to be cut. It is held in memory until it is let go."""

    token: str
    """Empty if the person closed the dialog."""
    width: int = 0
    """Of the upright picture, in its own pixels; 0 while pieces of it are missing."""
    height: int = 0
    preview: str = ""
    """A ``data:`` address of the whole of it, small enough to be shown."""


class PictureCropParams(Frozen, kw_only=True):
    """The square that is kept, in pixels of the source."""

    token: Id
    x: Pixels
    y: Pixels
    side: Annotated[int, Meta(ge=1, le=100_000)]


class PictureTokenParams(Frozen, kw_only=True):
    token: Id


PictureSize = Literal["small", "full"]
"""``small``: 128 pixels, for seals; ``full``: up to 512."""


class PictureReadParams(Frozen, kw_only=True):
    ids: Annotated[tuple[Kept, ...], Meta(max_length=64)]
    size: PictureSize = "small"


class Picture(Frozen, kw_only=True):
    """What a name stands for never changes: the page keeps it as long as it likes."""

    id: str
    source: str
    """A ``data:`` address."""


class PicturesRead(Frozen, kw_only=True):
    """Of what was asked for, whatever there is."""

    pictures: tuple[Picture, ...]
