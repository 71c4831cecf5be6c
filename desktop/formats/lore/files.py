"""Lorebooks as files of their own: of cards, of SillyTavern and of RisuAI."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from desktop.formats.card.room import book_item
from desktop.formats.lore.card_book import read_book, write_book
from desktop.formats.lore.risu import read_file, write_file
from desktop.formats.lore.sillytavern import read_world, write_world
from desktop.formats.parts import AnyPart, CardPart, LibraryItem, Unreadable
from desktop.formats.remarks import Remarks
from desktop.formats.strange_json import all_of, fields, read_object, write_json
from desktop.protocol.lore import Entry, Lorebook


def read_card_book(file: BinaryIO) -> Iterator[AnyPart]:
    """``lorebook_v3``, or a ``character_book`` alone. Raises ``Unreadable`` (``not_known``)."""
    root = read_object(all_of(file))
    said = fields(root.get("data")) if "data" in root else root
    if not isinstance(said.get("entries"), list):
        raise Unreadable("not_known", "lorebook")
    yield from _told(read_book(said, remarks := Remarks()), remarks)


def read_sillytavern(file: BinaryIO) -> Iterator[AnyPart]:
    root = read_object(all_of(file))
    if not isinstance(root.get("entries"), dict | list):
        raise Unreadable("not_known", "lorebook")
    yield from _told(read_world(root, "", remarks := Remarks()), remarks)


def read_risu(file: BinaryIO) -> Iterator[AnyPart]:
    root = read_object(all_of(file))
    if not isinstance(root.get("data"), list):
        raise Unreadable("not_known", "lorebook")
    yield from _told(read_file(root, "", remarks := Remarks()), remarks)


def _told(book: Lorebook, remarks: Remarks) -> Iterator[AnyPart]:
    yield book_item(book, "")
    yield from remarks


def write_card_book(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    root = {"spec": "lorebook_v3", "data": write_book(book_among(parts))}
    file.write(write_json(root, indent=2))


def write_sillytavern(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    file.write(write_json(write_world(book_among(parts)), indent=2))


def write_risu(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    file.write(write_json(write_file(book_among(parts)), indent=2))


def book_among(parts: Iterable[AnyPart]) -> Lorebook:
    """The first lorebook: an item of the library or a card's. Raises ``Unreadable``
    (``not_known``)."""
    for part in parts:
        match part:
            case LibraryItem(kind="lorebook"):
                return book_of(part)
            case CardPart(book=Lorebook() as book):
                return book
            case _:
                pass
    raise Unreadable("not_known", "lorebook")


def book_of(item: LibraryItem) -> Lorebook:
    """A book out of the library's text form; an entry that does not fit is left out."""
    root = read_object(item.content.encode())
    entries = []
    for raw in root.get("entries") or ():
        try:
            entries.append(msgspec.convert(_known(raw, Entry), Entry))
        except msgspec.ValidationError:
            continue
    shell = {"id": "new", "name": item.name, **_known(root, Lorebook), "entries": ()}
    try:
        book = msgspec.convert(shell, Lorebook)
    except msgspec.ValidationError as error:
        raise Unreadable("not_known", "lorebook") from error
    return msgspec.structs.replace(book, entries=tuple(entries))


def _known(raw: Any, struct: type[msgspec.Struct]) -> dict[str, Any]:
    names = {field.name for field in msgspec.structs.fields(struct)}
    return {key: value for key, value in fields(raw).items() if key in names}
