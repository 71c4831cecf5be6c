"""Makes the library what a backup says it was."""

from collections.abc import Iterable

from desktop.protocol.base import UtcMs
from desktop.services.transfer_library import KINDS
from desktop.store.backup_file import RULES, Item
from desktop.store.library import LibraryFolder
from desktop.store.library_contents import Unusable, opened
from desktop.store.library_index import PLACES
from desktop.store.library_rules import RulesFile


def put_back(library: LibraryFolder, items: Iterable[Item], now: UtcMs) -> int:
    """How many entries there are now. Waits for the disk; raises ``Trouble``.

    What differs goes to the library's own trash; what cannot be read stays, as nothing is known of
    it. The house rules are replaced, or taken away where the backup has none.
    """
    wanted = {(item.kind, item.name): item.content for item in items}
    rules = next((text for (kind, _), text in wanted.items() if kind == RULES), None)
    count = 0
    for entry in library.entries():
        if entry.problem is not None:
            continue
        raw = library.raw(entry.kind, entry.file).decode("utf-8", "replace")
        if wanted.get((entry.kind, entry.name)) == raw:
            del wanted[entry.kind, entry.name]
            count += 1
        else:
            library.delete(entry.kind, entry.file, now)
    for (kind, name), content in wanted.items():
        place = KINDS.get(kind)
        if place is None:
            continue
        raw_content = content.encode()
        try:
            contents = opened(place, PLACES[place].ending, raw_content, name).contents
        except Unusable:
            continue
        library.add(place, name, contents, raw_content)
        count += 1
    file = RulesFile(library.root, library.disk)
    found = file.read()
    if (found.text if found else None) != rules:
        file.write(rules, found.stamp if found else "")
    return count
