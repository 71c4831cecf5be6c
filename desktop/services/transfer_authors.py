"""Who speaks in a file, as it is stored: names and ids that fit, each looked at once."""

from desktop.protocol.models import Author
from desktop.services.transfer_bounds import clean_id, clean_name

Stored = tuple[str, str, str, str]
"""Kind, id, name and dye."""

_MOST = 1_000


class Authors:
    """``me`` is the name of the person's lines that tell none."""

    def __init__(self, me: str) -> None:
        self._me = clean_name(me)
        self._known: dict[Author, Stored] = {}

    def stored(self, author: Author) -> Stored:
        found = self._known.get(author)
        if found is None:
            name = clean_name(author.name)
            if not name and author.kind == "user":
                name = self._me
            kind = "note" if author.kind == "dice" else author.kind
            found = (kind, clean_id(author.id), name, clean_id(author.dye))
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[author] = found
        return found
