"""Keeps what an imported book said beside the book, so that exporting it loses nothing."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec.structs import replace

from desktop.formats.merging import written_over
from desktop.formats.remarks import Remarks
from desktop.formats.strange_json import Object, fields
from desktop.protocol.lore import Entry, Lorebook

Origin = Literal["card", "sillytavern", "risu"]
IMPORTED = "imported"
"""Under this key of ``extensions`` stands ``{"format": …, "fields": …}``."""
OURS = "persona_chat"
"""Under this key of other people's ``extensions`` stands what only we know."""


def remembered(extensions: Object, origin: Origin, said: Object) -> Object:
    return {**extensions, IMPORTED: {"format": origin, "fields": said}}


def origin_of(extensions: Object, origin: Origin) -> Object | None:
    """What the book or entry said when it was read from this format."""
    told = fields(extensions.get(IMPORTED))
    said = told.get("fields")
    return said if told.get("format") == origin and isinstance(said, dict) else None


def entry_again(
    entry: Entry,
    origin: Origin,
    read: Callable[[Object, int, Remarks], Entry],
    write: Callable[[Entry], Object],
) -> Object:
    """An entry in a format: as it was read from it, with what was changed since."""
    said, now = origin_of(entry.extensions, origin), write(entry)
    if said is None:
        return now
    before = read(said, 0, Remarks())
    return fields(written_over(said, write(replace(before, id=entry.id)), now))


def book_again(
    book: Lorebook,
    origin: Origin,
    read: Callable[[Object, Remarks], Lorebook],
    write: Callable[[Lorebook], Object],
) -> Object:
    """The same for a book's own fields, without its entries."""
    said, now = origin_of(book.extensions, origin), write(book)
    if said is None:
        return now
    before = replace(read(said, Remarks()), id=book.id)
    return fields(written_over(said, write(before), now))


def foreign_rest(extensions: Object) -> dict[str, Any]:
    """Extensions that are neither ours nor the memory of another format."""
    return {key: value for key, value in extensions.items() if key not in (IMPORTED, OURS)}
