"""How this installation stands, as it is told to the page and to a terminal."""

from typing import Annotated

from msgspec import Meta

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


class ReportParams(Frozen, kw_only=True):
    """An error the page met and could not handle."""

    message: Annotated[str, Meta(max_length=2_000)]
    stack: Annotated[str, Meta(max_length=20_000)] = ""


class Reported(Frozen, kw_only=True):
    log_id: str
