"""Library entries that come with a file: added beside what is there, never instead of it."""

from collections.abc import Sequence
from typing import get_args

from desktop.formats.parts import LibraryItem
from desktop.protocol.base import UtcMs
from desktop.protocol.library import LibraryKind
from desktop.protocol.problems import Trouble
from desktop.services.transfer_bounds import clean_name
from desktop.services.transfer_tally import Tally
from desktop.store.kept import Kept
from desktop.store.library import LibraryFolder
from desktop.store.library_contents import Unusable, opened
from desktop.store.library_index import PLACES

KINDS: dict[str, LibraryKind] = {kind: kind for kind in get_args(LibraryKind)}


class Shelved:
    """What was added, to be taken back."""

    def __init__(self) -> None:
        self.added: list[tuple[LibraryKind, str]] = []

    def take_back(self, library: LibraryFolder, now: UtcMs) -> None:
        """Into the library's own trash; what was renamed or deleted meanwhile stays so."""
        for kind, file in self.added:
            try:
                library.delete(kind, file, now)
            except Trouble as trouble:
                if trouble.problem.code not in ("not_found", "invalid_request"):
                    raise
        self.added.clear()


def add_items(
    library: LibraryFolder,
    items: Sequence[LibraryItem],
    tally: Tally,
    shelved: Shelved,
    beside: Sequence[Kept] = (),
) -> None:
    """Entries that are there already, word for word, are not added again. ``beside``: what the
    entries point to."""
    for one in beside:
        library.put_beside(one.id, one.media_type, one.content)
    present = {
        (entry.kind, entry.name): library.raw(entry.kind, entry.file)
        for entry in library.entries()
        if entry.problem is None
    }
    for item in items:
        kind = KINDS.get(item.kind)
        name = clean_name(item.name) or "?"
        raw = item.content.encode(errors="replace")
        if kind is None:
            tally.note("dropped", "unknown_record", f"{item.kind}: {name}")
        elif present.get((kind, name)) == raw:
            tally.note("dropped", "duplicate_skipped", name)
        else:
            try:
                contents = opened(kind, PLACES[kind].ending, raw, name).contents
            except Unusable as error:
                tally.note("dropped", "library_unreadable", f"{name}: {error.why}")
                continue
            entry = library.add(kind, name, contents, raw)
            shelved.added.append((kind, entry.file))
            tally.kept["library"] += 1
