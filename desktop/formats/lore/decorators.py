"""Takes the decorators of a card's lore off its text: lines such as ``@@depth 4`` at its head."""

import re
from collections.abc import Collection
from typing import NamedTuple

_LINE = re.compile(r"@@@?([A-Za-z_]+)(?:[^\S\n]+([^\n]*))?[^\S\n]*(?:\n|$)")


class Decorated(NamedTuple):
    """A text taken apart. The head is what stood before the text, letter by letter."""

    head: str
    text: str
    told: dict[str, str]
    """The decorators by name; of several with one name the first, as the specification has it."""

    def numbered(self, name: str) -> int | None:
        """The number behind a decorator, if it is there and is one."""
        value = self.told.get(name, "").strip()
        return int(value) if re.fullmatch(r"[0-9]{1,4}", value) else None

    def listed(self, name: str) -> tuple[str, ...]:
        """Its parts between the commas."""
        return tuple(part.strip() for part in self.told.get(name, "").split(",") if part.strip())

    def unhonoured(self, honoured: Collection[str]) -> str:
        """The head without the decorators that an entry's own fields tell."""
        lines = _LINE.finditer(self.head)
        return "".join(line[0] for line in lines if line[1].lower() not in honoured)


def undecorated(content: str) -> Decorated:
    told: dict[str, str] = {}
    end = 0
    while match := _LINE.match(content, end):
        if match.end() == match.start():
            break
        told.setdefault(match[1].lower(), match[2] or "")
        end = match.end()
    return Decorated(content[:end], content[end:], told)
