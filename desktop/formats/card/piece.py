"""Cocofolia's character pieces, which travel over the clipboard as a line of JSON."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from desktop.formats.card.colours import COLOURS, nearest
from desktop.formats.card.room import library_items, story_parts
from desktop.formats.card.write import gathered
from desktop.formats.merging import written_over
from desktop.formats.parts import AnyPart, CardPart, Unreadable
from desktop.formats.remarks import NAME, PROSE, Remarks
from desktop.formats.strange_json import (
    Object,
    all_of,
    fields,
    objects,
    read_object,
    text,
    write_json,
)
from desktop.protocol.models import Character

SAID = "cocofolia"
LARGEST = 1024 * 1024


def piece_of(root: Object, remarks: Remarks) -> CardPart:
    """Raises ``Unreadable`` (``not_known``). Status, parameters and dice commands are kept for the
    way back, and told in the description, where the AI can see them."""
    data = root.get("data")
    if root.get("kind") != "character" or not isinstance(data, dict):
        raise Unreadable("not_known", "piece")
    name = " ".join(text(data.get("name")).split())
    for link in (text(data.get("iconUrl")), text(data.get("externalUrl"))):
        if link:
            remarks.say("dropped", "remote_asset", link)
    written = "\n".join(filter(None, (text(data.get("memo")), *_figures(data))))
    character = Character(
        id="new",
        name=remarks.cut(name, NAME, name) or "?",
        description=remarks.cut(written, PROSE, name),
        dye=nearest(text(data.get("color"))),
    )
    return CardPart(character=character, extra={SAID: root})


def piece_from(card: CardPart) -> Object:
    """The other way round; what the piece said and nobody changed stays as it was."""
    one, said = card.character, fields(card.extra.get(SAID))
    now = _written(one)
    if not said:
        return {"kind": "character", "data": now}
    before = piece_of(said, Remarks()).character
    data = fields(said.get("data"))
    if one.description != before.description:
        figures = "\n".join(_figures(data))
        now["memo"] = one.description.removesuffix(figures).rstrip("\n") if figures else now["memo"]
    return {**said, "data": written_over(data, _written(before), now)}


def _written(one: Character) -> Object:
    return {
        "name": one.name,
        "memo": "\n".join(filter(None, (one.line, one.description))),
        "initiative": 0,
        "externalUrl": "",
        "status": [],
        "params": [],
        "active": True,
        "secret": False,
        "invisible": False,
        "hideStatus": False,
        "color": COLOURS[one.dye],
        "iconUrl": None,
        "commands": "",
    }


def _figures(data: Object) -> Iterator[str]:
    """``HP 11/12 · SAN 47/55`` and ``지능 80``, a line each."""
    status = [
        f"{text(one.get('label'))} {text(one.get('value'))}"
        + (f"/{text(one['max'])}" if text(one.get("max")) else "")
        for one in objects(data.get("status"))
    ]
    params = [
        f"{text(one.get('label'))} {text(one.get('value'))}" for one in objects(data.get("params"))
    ]
    for listed in (status, params):
        if listed:
            yield " · ".join(listed)


def read_piece(file: BinaryIO) -> Iterator[AnyPart]:
    remarks = Remarks()
    card = piece_of(read_object(all_of(file, LARGEST)), remarks)
    yield card
    yield from story_parts(card)
    yield from library_items(card)
    yield from remarks


def write_piece(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    file.write(write_json(piece_from(gathered(parts).card)))
