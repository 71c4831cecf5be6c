"""The sections of a prompt that tell lore: what always stands, and what has come up now.

What stands for every turn goes above the talk, before or behind the characters, where it changes
as seldom as they do. What has come up stands behind the story: above it, it would be another
beginning in every turn, and a model would have to read the whole story anew.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from desktop.dialogue.lore.activation import activate
from desktop.dialogue.lore.reasons import named
from desktop.dialogue.lore.standing import stands
from desktop.dialogue.quoting import quoted
from desktop.dialogue.segments import Place, Segment
from desktop.dialogue.table import Table
from desktop.protocol.lore import Entry, Fired, Lorebook, LorePosition, LoreState


class Lore(NamedTuple):
    """What is told for one turn, in the order of insertion."""

    standing: tuple[Fired, ...] = ()
    """Always told: above the talk."""
    risen: tuple[Fired, ...] = ()
    """Came up in what was said, or is bound to a depth of it."""


def told_lore(fired: Sequence[Fired]) -> Lore:
    """What fired, by where it belongs."""
    return Lore(
        tuple(one for one in fired if stands(one.entry)),
        tuple(one for one in fired if not stands(one.entry)),
    )


def standing_lore(
    books: Sequence[Lorebook], budget: int | None, estimate: Callable[[str], int]
) -> Lore:
    """What every turn under these books is told, before anything is said."""
    only = [
        replace(book, entries=tuple(one for one in book.entries if stands(one))) for book in books
    ]
    activation = activate(only, (), "", LoreState(), lambda _: 1, budget, estimate=estimate)
    return Lore(activation.fired, ())


def mark_of(book_id: str, entry: Entry) -> str:
    """What a provider's own conversation was told; another as soon as the words are others."""
    return "\n".join((book_id, entry.id, entry.content, *entry.visibility))


def standing_sections(table: Table, lore: Lore, position: LorePosition) -> Iterator[Segment]:
    found = [one for one in lore.standing if one.entry.position == position]
    return _block(table, found, "system", table.texts.heading_lore)


def risen_sections(table: Table, lore: Lore) -> Iterator[Segment]:
    """What came up; first what belongs before the characters."""
    found = [one for one in lore.risen if one.entry.position == "before_characters"]
    found += [one for one in lore.risen if one.entry.position == "after_characters"]
    return _block(table, found, "user", table.texts.heading_lore_now)


def deep_sections(table: Table, lore: Lore, depth: int) -> Iterator[Segment]:
    """What stands so many messages before the end."""
    found = [
        one for one in lore.risen if one.entry.position == "at_depth" and one.entry.depth == depth
    ]
    return _block(table, found, "user", table.texts.heading_lore_now)


def depths(lore: Lore) -> list[int]:
    """The depths at which something stands, the earliest in the story first."""
    found = {one.entry.depth for one in lore.risen if one.entry.position == "at_depth"}
    return sorted(found, reverse=True)


def _block(table: Table, found: Sequence[Fired], place: Place, heading: str) -> Iterator[Segment]:
    lead = f"{heading}\n"
    for one in found:
        told = quoted(one.entry.content) if _may_know(table, one.entry) else ""
        if told:
            yield Segment(
                kind="lore",
                place=place,
                text=f"{lead}{_known_by(table, one.entry)}{told}",
                reason_code=f"lore.{one.cause}",
                name=named(one.entry),
            )
            lead = ""


def _may_know(table: Table, entry: Entry) -> bool:
    """A voice that plays a part of the table is not told what only others know."""
    if not table.apart or not entry.visibility or "all" in entry.visibility:
        return True
    if "gm" in entry.visibility and table.kind == "ai":
        return True
    playing = {f"char:{part.character.id}" for part in table.parts}
    return not playing.isdisjoint(entry.visibility)


def _known_by(table: Table, entry: Entry) -> str:
    """Who knows it, where not everybody does."""
    if "all" in entry.visibility or not entry.visibility:
        return ""
    knowing = [_tag(table, one) for one in entry.visibility]
    told = ", ".join(f"[{tag}]" for tag in knowing if tag) or f"[{table.narrator}]"
    return f"- {table.texts.hidden_known}: {told}\n"


def _tag(table: Table, who: str) -> str:
    if who == "gm":
        return table.narrator
    return table.tag_by_id(who.removeprefix("char:"))
