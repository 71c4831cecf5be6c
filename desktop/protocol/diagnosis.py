"""How this installation stands, as it is told to the page and to a terminal."""

from desktop.protocol.base import Frozen


class Fact(Frozen, kw_only=True):
    name: str
    value: str


class FactGroup(Frozen, kw_only=True):
    """Facts that belong together; ``name`` is a code or a provider's id."""

    name: str
    facts: tuple[Fact, ...]


class Diagnosis(Frozen, kw_only=True):
    """How this installation stands, without the person's name, mail addresses and keys."""

    groups: tuple[FactGroup, ...]
    text: str
    """The same as plain text, to be copied into a report."""
