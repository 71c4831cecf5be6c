"""The pictures and sounds of a card: where its links point, and what is never fetched."""

import base64
import binascii
import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping

from desktop.formats.parts import AnyPart, AssetPart, PicturePart
from desktop.formats.remarks import Remarks
from desktop.formats.strange_json import Object, fields, items, objects, text

EMBEDDED = "embeded://"
"""Spelt so in the specification."""
OWN_PICTURE = "ccdefault:"
CHUNK = "__asset:"
PORTRAIT = "portrait"
"""Key of the picture that a PNG card is itself."""
LONGEST_DATA = 64 * 1024 * 1024

_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,", re.IGNORECASE)
_FETCHED = re.compile(r"(?:https?|ftp|file|wss?|//)", re.IGNORECASE)
_FOLDERS = {"audio": "audio", "video": "video", "font": "fonts", "image": "images"}
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


def assets_of(root: Object) -> list[Object]:
    data = root.get("data")
    return objects(fields(data if isinstance(data, dict) else root).get("assets"))


def media_type_of(data: bytes, name: str) -> str:
    """By its first bytes, else by its name."""
    for start, kind in _PICTURES.items():
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    guessed = mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"
    # What calls itself a picture and is none must not be shown as one.
    return "application/octet-stream" if guessed.startswith("image/") else guessed


def asset_parts(
    root: Object, fetch: Callable[[str], bytes | None], remarks: Remarks
) -> Iterator[AnyPart]:
    """Every file that a card brings along. ``fetch`` finds one inside the card's own file.

    Links to other computers are told as dropped; they stay in the card's text, unopened.
    """
    done: set[str] = set()
    for asset in assets_of(root):
        uri, name = text(asset.get("uri")), text(asset.get("name"))[:200]
        if uri in done or uri.startswith(OWN_PICTURE) or not uri:
            continue
        done.add(uri)
        if _FETCHED.match(uri):
            remarks.say("dropped", "remote_asset", uri)
            continue
        data = inline_data(uri) if uri[:5].lower() == "data:" else fetch(uri)
        if data is None:
            remarks.say("dropped", "missing_asset", uri[:200])
            continue
        kind = media_type_of(data, f"x.{text(asset.get('ext')).lstrip('.')}")
        if kind.startswith("image/"):
            yield PicturePart(key=uri, data=data, media_type=kind, name=name)
        else:
            yield AssetPart(key=uri, data=data, media_type=kind)


def inline_data(uri: str) -> bytes | None:
    """What a ``data:`` link holds; ``None`` if it is not base64 or too long."""
    start = _DATA.match(uri[:200])
    if start is None or len(uri) > LONGEST_DATA * 4 // 3:
        return None
    return unbase64(uri[start.end() :])


def unbase64(written: str | bytes) -> bytes | None:
    """Base64 as it occurs: either alphabet, white space inside, padding left out."""
    try:
        raw = written.encode("ascii") if isinstance(written, str) else written
        raw = raw.translate(bytes.maketrans(b"-_", b"+/"), b" \t\r\n\0").rstrip(b"=")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None


def portrait_of(root: Object) -> str:
    """The link of the icon that is called main, or of the first icon; may be empty."""
    icons = [one for one in assets_of(root) if one.get("type") == "icon"]
    named = [one for one in icons if one.get("name") == "main"]
    return text((named or icons or [{}])[0].get("uri"))


Held = Mapping[str, PicturePart | AssetPart]


def inlined(root: Object, held: Held, portrait: str, *, is_picture: bool = False) -> Object:
    """A card for a file that holds no others: what it brings along stands in its links.

    ``portrait`` is the key of its picture; ``is_picture``: the file itself is that picture.
    """

    def moved(uri: str, _asset: Object) -> str:
        key = _key(uri, root, held, portrait)
        if is_picture and key == portrait:
            return uri if portrait not in held else OWN_PICTURE
        part = held.get(key)
        if part is None or uri[:5].lower() == "data:":
            return uri
        return f"data:{part.media_type};base64,{base64.b64encode(part.data).decode()}"

    return _relinked(root, moved)


def packed(root: Object, held: Held, portrait: str) -> tuple[Object, dict[str, bytes]]:
    """A card for a file that holds others: its links, and what to put where."""
    files: dict[str, bytes] = {}

    def moved(uri: str, asset: Object) -> str:
        part = held.get(_key(uri, root, held, portrait))
        if part is None or uri[:5].lower() == "data:":
            return uri
        own = uri[len(EMBEDDED) :] if uri.startswith(EMBEDDED) else ""
        path = own if _inside(own) and own not in files else _path(asset, part, files)
        files[path] = part.data
        return EMBEDDED + path

    return _relinked(root, moved), files


def with_portrait(root: Object, held: Held, portrait: str) -> Object:
    """The card with an icon for its picture, if it has one and no link leads there."""
    links = [text(one.get("uri")) for one in assets_of(root)]
    if portrait not in held or any(_key(uri, root, held, portrait) == portrait for uri in links):
        return root
    icon = {"type": "icon", "uri": OWN_PICTURE, "name": "main", "ext": "png"}
    data = fields(root.get("data"))
    return {**root, "data": {**data, "assets": [icon, *items(data.get("assets"))]}}


def _key(uri: str, root: Object, held: Held, portrait: str) -> str:
    """The key of what a link leads to. The main icon is the portrait if nothing else is there."""
    if uri in held and uri != portrait:
        return uri
    return portrait if uri.startswith(OWN_PICTURE) or uri == portrait_of(root) else uri


def _inside(path: str) -> bool:
    """Whether a path of a stranger may be written into a ZIP of ours."""
    parts = path.split("/")
    return (
        bool(path)
        and len(path) < 200
        and not any(
            part in ("", ".", "..") or "\\" in part or ":" in part or "\0" in part for part in parts
        )
        and path != "card.json"
    )


def _path(asset: Object, part: PicturePart | AssetPart, taken: Mapping[str, bytes]) -> str:
    kind = re.sub(r"[^a-z0-9_]", "", text(asset.get("type")).lower()) or "other"
    folder = _FOLDERS.get(part.media_type.split("/")[0], "other")
    ext = re.sub(r"[^a-z0-9]", "", text(asset.get("ext")).lower())[:8] or "bin"
    if part.media_type.startswith("image/"):
        ext = part.media_type.removeprefix("image/").replace("jpeg", "jpg")
    name = re.sub(r"[^\w-]", "_", text(asset.get("name")))[:60] or "asset"
    path, number = f"assets/{kind}/{folder}/{name}.{ext}", 1
    while path in taken:
        number += 1
        path = f"assets/{kind}/{folder}/{name}_{number}.{ext}"
    return path


def _relinked(root: Object, moved: Callable[[str, Object], str]) -> Object:
    data = root.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("assets"), list):
        return root
    listed = []
    for asset in data["assets"]:
        if isinstance(asset, dict) and isinstance(asset.get("uri"), str):
            uri = moved(asset["uri"], asset)
            listed.append(asset if uri == asset["uri"] else {**asset, "uri": uri})
        else:
            listed.append(asset)
    return {**root, "data": {**data, "assets": listed}}
