"""Pictures and cards on their way: those that rooms and entries point to, and what they become."""

from collections.abc import Iterator
from typing import Any

from desktop.formats import pictures
from desktop.formats.card.rest import is_rest
from desktop.formats.parts import AssetPart, PicturePart, Unreadable, pointer_of
from desktop.services.pictures import picture_row
from desktop.services.transfer_tally import Tally
from desktop.store import kept
from desktop.store.kept import Kept

MOST = 20_000


class IncomingKept:
    """A file calls a picture what it likes; here it is called by its own pixels."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._wanted: set[str] = set()
        self._names: dict[str, str] = {}
        self._called: dict[str, str] = {}
        self._seen = 0

    def points(self, json: str) -> None:
        """A stage or an entry of the library that may point to something."""
        self._wanted |= kept.pointers(json)

    def count(self, part: PicturePart | AssetPart) -> None:
        """Raises ``Unreadable`` where there are too many."""
        self._seen += 1
        if self._seen > MOST:
            raise Unreadable("too_many", "pictures")
        if isinstance(part, PicturePart):
            self._tally.found["pictures"] += 1

    def row(self, part: PicturePart | AssetPart) -> Kept | None:
        """What is to be stored; one that cannot be used is told, and the rest goes on.

        Unpacks pictures: call it from a thread.
        """
        pointer = pointer_of(part.key)
        if isinstance(part, AssetPart):
            if not (part.media_type == kept.CARD and is_rest(pointer, part.data)):
                self._tally.note("dropped", "asset_not_kept", part.key[:60])
                return None
            self._names[pointer] = pointer
            return Kept(id=pointer, media_type=kept.CARD, content=part.data)
        called = part.name or part.key[:60]
        try:
            row = picture_row(pictures.made(part.data))
        except Unreadable as error:
            self._tally.note("dropped", "picture_unusable", f"{called}: {error.code}")
            return None
        self._names[pointer], self._called[pointer] = row.id, called
        return row

    def end(self) -> None:
        """Everything was told: those that nobody points to are of no use."""
        for pointer, called in self._called.items():
            if pointer in self._wanted:
                self._tally.kept["pictures"] += 1
            else:
                self._tally.note("dropped", "picture_unused", called)

    def changes(self, present: set[str]) -> dict[str, str]:
        """How pointers are to be renamed; ``present``: what is stored already of ``missing``."""
        lost = {one: "" for one in self.missing() if one not in present}
        moved = {one: name for one, name in self._names.items() if one != name}
        return {one: name for one, name in (moved | lost).items() if one in self._wanted}

    def missing(self) -> set[str]:
        """What is pointed to and did not come along."""
        return self._wanted - set(self._names)


def renamed(text: str, changes: dict[str, str]) -> str:
    """Only where pointers stand: between quotes, or in the front of a text file."""
    for pointer, name in changes.items():
        text = text.replace(f'"{pointer}"', f'"{name}"')
        text = text.replace(f"picture: {pointer}\n", f"picture: {name}\n" if name else "")
    return text


def outgoing(found: Iterator[tuple[str, str, bytes]], with_pictures: bool) -> Iterator[Any]:
    """The parts of what is kept: ``(id, media type, content)``."""
    for name, media_type, content in found:
        if media_type != kept.PICTURE:
            yield AssetPart(key=name, data=content, media_type=media_type)
        elif with_pictures:
            yield PicturePart(key=name, data=content, media_type=media_type)
