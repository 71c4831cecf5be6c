"""What the page may ask about pictures; a part of ``METHODS``."""

from desktop.protocol.method import Method, Nothing
from desktop.protocol.pictures import (
    Picture,
    PictureCropParams,
    PictureDropParams,
    PictureReadParams,
    PictureSource,
    PicturesRead,
    PictureTokenParams,
)

PICTURE_METHODS: dict[str, Method] = {
    "picture.choose": Method(Nothing, PictureSource),
    "picture.drop": Method(PictureDropParams, PictureSource),
    "picture.crop": Method(PictureCropParams, Picture),
    "picture.let_go": Method(PictureTokenParams, Nothing),
    "picture.read": Method(PictureReadParams, PicturesRead),
}
