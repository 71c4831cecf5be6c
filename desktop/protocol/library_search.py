"""What a search in the library finds: an entry, or one piece of lore inside a book."""

from typing import Annotated

from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.library import FileName, LibraryEntry, LibraryOrigin
from desktop.protocol.models import Name


class LibraryFindParams(Frozen, kw_only=True):
    text: Annotated[str, Meta(max_length=500)]
    limit: Annotated[int, Meta(ge=1, le=100)] = 30


class LibraryHit(Frozen, kw_only=True):
    """An entry that holds everything that was looked for."""

    entry: LibraryEntry
    lore_id: str = ""
    """The piece of lore in a lorebook; empty for the entry itself."""
    title: str
    excerpt: str
    """The text around the first place, at most some 160 characters; the title if only that fits."""
    spans: tuple[tuple[int, int], ...]
    """Places of the excerpt, in characters (code points), from and up to, in order."""


class LibraryFound(Frozen, kw_only=True):
    """Hits in the order of the library: by kind and name, lore in the order of its book."""

    hits: tuple[LibraryHit, ...]
    more: bool = False
    """Whether there are more than were asked for."""


class RoomFromPresetParams(Frozen, kw_only=True):
    """A new room with a preset's stage; the preset itself stays as it is."""

    title: Name
    origin: LibraryOrigin = "mine"
    file: FileName
