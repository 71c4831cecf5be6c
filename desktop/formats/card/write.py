"""Writes character cards as JSON, as PNG and as CHARX."""

import base64
import importlib
import io
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from msgspec.structs import replace

from desktop.formats.card.assets import inlined, packed, with_portrait
from desktop.formats.card.colours import COLOURS, rgb
from desktop.formats.card.fields import write_card
from desktop.formats.card.png_chunks import SIGNATURE, blank, spliced
from desktop.formats.card.read import is_card_text
from desktop.formats.card.rest import card_again
from desktop.formats.parts import AnyPart, AssetPart, CardPart, PicturePart, RoomPart, Unreadable
from desktop.formats.strange_json import Object, write_json

_PIXELS = 64_000_000


class Told(NamedTuple):
    card: CardPart
    held: dict[str, PicturePart | AssetPart]
    """By key: what the card brings along."""


def gathered(parts: Iterable[AnyPart]) -> Told:
    """The card among the parts, or else one of the first character on a stage.

    Raises ``Unreadable`` (``not_known``) where there is none of either.
    """
    card: CardPart | None = None
    staged: CardPart | None = None
    held: dict[str, PicturePart | AssetPart] = {}
    for part in parts:
        match part:
            case CardPart():
                card = card or part
            case PicturePart() | AssetPart():
                held[part.key] = part
            case RoomPart(stage=stage) if stage is not None and stage.characters and not staged:
                staged = CardPart(character=stage.characters[0], scenario=stage.situation)
    found = card or (_as_it_came(staged, held) if staged else None)
    if found is None:
        raise Unreadable("not_known", "card")
    return Told(found, held)


def _as_it_came(staged: CardPart, held: dict[str, PicturePart | AssetPart]) -> CardPart:
    """Somebody of a stage with their face, and with the rest of the card they came from."""
    one = staged.character
    rest = held.get(one.card)
    if isinstance(rest, AssetPart):
        with suppress(Unreadable):
            staged = card_again(rest.data, one, staged.scenario)
    return replace(staged, picture=one.picture)


def write_json_card(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    told = gathered(parts)
    file.write(write_json(inlined(_full(told), told.held, told.card.picture), indent=2))


def write_json_v2(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    file.write(write_json(write_card(gathered(parts).card, 2), indent=2))


def write_png_card(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    """Both chunks, ``ccv3`` and, for older programs, ``chara``. The pixels of a PNG stay as they
    are; another picture is turned into a PNG, and nobody's picture is a cover in their colour."""
    told = gathered(parts)
    png = _as_png(told)
    root = inlined(_full(told), told.held, told.card.picture, is_picture=True)
    texts = (("chara", _chunk(write_card(told.card, 2))), ("ccv3", _chunk(root)))
    file.write(spliced(png, texts, is_card_text))


def write_charx(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    told = gathered(parts)
    root, files = packed(_full(told), told.held, told.card.picture)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("card.json", write_json(root))
        for path, data in files.items():
            made.writestr(path, data, zipfile.ZIP_STORED)


def _full(told: Told) -> Object:
    return with_portrait(write_card(told.card), told.held, told.card.picture)


def _chunk(root: Object) -> bytes:
    return base64.b64encode(write_json(root))


def _as_png(told: Told) -> bytes:
    picture = told.held.get(told.card.picture)
    if picture is None:
        return blank(*(rgb(COLOURS[told.card.character.dye]) or (0, 0, 0)))
    if picture.data.startswith(SIGNATURE):
        return picture.data
    # Loading it takes a while, and most evenings nobody needs it.
    images = importlib.import_module("PIL.Image")
    try:
        with images.open(io.BytesIO(picture.data), formats=("JPEG", "WEBP", "GIF", "BMP")) as image:
            if image.width * image.height > _PIXELS:
                raise Unreadable("too_large", "picture")
            made = io.BytesIO()
            image.convert("RGBA").save(made, "PNG")
    except (OSError, ValueError, SyntaxError, images.DecompressionBombError) as error:
        raise Unreadable("malformed") from error
    return made.getvalue()
