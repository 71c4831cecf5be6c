"""Reads character cards from JSON, from PNG and from CHARX, and begins a story with them."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from desktop.formats.card.assets import (
    CHUNK,
    EMBEDDED,
    OWN_PICTURE,
    PORTRAIT,
    asset_parts,
    media_type_of,
    portrait_of,
    unbase64,
)
from desktop.formats.card.fields import looks_like_card, read_card
from desktop.formats.card.png_chunks import SIGNATURE, chunks, spliced, text_of
from desktop.formats.card.rest import rest_name, rest_of
from desktop.formats.card.room import USER, card_language, library_items, story_parts
from desktop.formats.card.zipped import Zipped
from desktop.formats.parts import AnyPart, AssetPart, PicturePart, Unreadable, pointer_of
from desktop.formats.remarks import Remarks
from desktop.formats.strange_json import LARGEST, Object, all_of, fields, read_object

_CARDS = ("ccv3", "chara")
"""Of a card in both the first one counts."""
_ASSET = "chara-ext-asset_"


def is_card_text(keyword: str) -> bool:
    """Whether a text of a PNG belongs to the card in it, by its keyword in lower case."""
    return keyword in _CARDS or keyword.startswith(_ASSET)


def read_json_card(file: BinaryIO) -> Iterator[AnyPart]:
    root = read_object(all_of(file))
    remarks = Remarks()
    yield from _told(root, _nothing, remarks, portrait_of(root), ())


def read_png_card(file: BinaryIO) -> Iterator[AnyPart]:
    """PNG and APNG. Raises ``Unreadable``: ``malformed``, ``not_known``, ``cut_off``."""
    data = all_of(file)
    if not data.startswith(SIGNATURE):
        # A picture under a false name may still have a card behind it.
        yield from read_charx(file)
        return
    remarks = Remarks()
    found: dict[str, Object] = {}
    inside: dict[str, bytes] = {}
    whole = False
    for chunk in chunks(data):
        whole = chunk.kind == b"IEND"
        told = text_of(chunk)
        keyword = told[0].lower() if told else ""
        if told is None or not is_card_text(keyword):
            continue
        if not chunk.sound:
            remarks.say("changed", "bad_checksum", keyword)
        _take(keyword, told, found, inside, remarks)
    root = next((found[name] for name in _CARDS if name in found), None)
    if root is None:
        raise Unreadable("not_known", "card") if whole else Unreadable("cut_off")
    yield from _told(
        root, _chunk_finder(inside), remarks, PORTRAIT, _portrait(data, whole, remarks)
    )


def _take(
    keyword: str,
    told: tuple[str, bytes],
    found: dict[str, Object],
    inside: dict[str, bytes],
    remarks: Remarks,
) -> None:
    """Of several cards under one keyword the last one that can be read counts."""
    raw = unbase64(told[1])
    if keyword.startswith(_ASSET):
        if raw is not None:
            inside[told[0][len(_ASSET) :].lstrip(":")] = raw
        return
    try:
        root = read_object(told[1] if raw is None else raw, keyword)
    except Unreadable as error:
        remarks.say("dropped", error.code, keyword)
        return
    if not looks_like_card(root):
        remarks.say("dropped", "no_card", keyword)
        return
    if keyword in found and found[keyword] != root:
        remarks.say("dropped", "another_card", keyword)
    found[keyword] = root


def _portrait(data: bytes, whole: bool, remarks: Remarks) -> tuple[PicturePart, ...]:
    if not whole:
        remarks.say("dropped", "cut_off", "picture")
        return ()
    bare = spliced(data, (), is_card_text)
    return (PicturePart(key=PORTRAIT, data=bare, media_type="image/png"),)


def _chunk_finder(inside: dict[str, bytes]) -> Callable[[str], bytes | None]:
    def find(uri: str) -> bytes | None:
        return inside.get(uri[len(CHUNK) :]) if uri.startswith(CHUNK) else None

    return find


def read_charx(file: BinaryIO) -> Iterator[AnyPart]:
    """Raises ``Unreadable``: ``malformed``, ``not_known``, and what is wrong with a hostile ZIP."""
    remarks = Remarks()
    with Zipped(file, remarks) as zipped:
        raw = zipped.bytes_of("card.json", LARGEST)
        if raw is None:
            raise Unreadable("not_known", "card.json")
        root = read_object(raw, "card.json")

        def find(uri: str) -> bytes | None:
            # Some programs mend the spelling.
            for start in (EMBEDDED, "embedded://"):
                if uri.startswith(start):
                    return zipped.bytes_of(uri[len(start) :])
            return None

        own = portrait_of(root)
        picture: tuple[PicturePart, ...] = ()
        if own.startswith(OWN_PICTURE) or not own:
            # A picture with a card behind it is its own portrait.
            if (front := zipped.before(LARGEST)) and media_type_of(front, "") == "image/jpeg":
                picture = (PicturePart(key=PORTRAIT, data=front, media_type="image/jpeg"),)
            own = PORTRAIT if picture else ""
        yield from _told(root, find, remarks, own, picture)


def _nothing(_uri: str) -> None:
    return None


def _told(
    root: Object,
    find: Callable[[str], bytes | None],
    remarks: Remarks,
    own: str,
    portrait: tuple[PicturePart, ...],
) -> Iterator[AnyPart]:
    card = read_card(root, remarks, own)
    yield card
    rest = rest_of(card, USER[card_language(card)])
    name = rest_name(rest) if rest is not None else ""
    yield from story_parts(card, face=pointer_of(own), rest=name)
    yield from library_items(card, face=pointer_of(own), rest=name)
    if rest is not None:
        yield AssetPart(key=name, data=rest, media_type="application/json")
    yield from portrait
    data = fields(root.get("data"))
    if data.get("system_prompt") or data.get("post_history_instructions"):
        # A stranger's words may not take the place of the room's rules.
        remarks.say("dropped", "card_instructions", card.character.name)
    yield from asset_parts(root, find, remarks)
    yield from remarks
