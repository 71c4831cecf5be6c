"""Tells for every entry of the books why it was told or was not, in names a person knows."""

from collections.abc import Sequence

from desktop.protocol.lore import Activation, Entry, Fired, Lorebook, Passed
from desktop.protocol.prompting import LoreReason


def reasons(books: Sequence[Lorebook], activation: Activation) -> tuple[LoreReason, ...]:
    """What was told in its order, then the rest in the order of the books."""
    names = {(book.id, one.id): named(one) for book in books for one in book.entries}
    titles = {book.id: book.name or book.id for book in books}
    return (
        *(_fired(one, titles, names) for one in activation.fired),
        *(_passed(one, titles, names) for one in activation.passed),
    )


def named(entry: Entry) -> str:
    """What a person knows an entry by."""
    return entry.name.strip() or next((key for key in entry.keys if key.strip()), "") or entry.id


def _fired(one: Fired, titles: dict[str, str], names: dict[tuple[str, str], str]) -> LoreReason:
    return LoreReason(
        book=one.book_id,
        book_name=titles.get(one.book_id, one.book_id),
        entry_id=one.entry.id,
        name=named(one.entry),
        cause=one.cause,
        key=one.key,
        secondary=one.secondary,
        message_id=one.message_id,
        by_entry=_other(one.by_entry, one.book_id, names),
        tokens=one.tokens,
    )


def _passed(one: Passed, titles: dict[str, str], names: dict[tuple[str, str], str]) -> LoreReason:
    return LoreReason(
        book=one.book_id,
        book_name=titles.get(one.book_id, one.book_id),
        entry_id=one.entry_id,
        name=names.get((one.book_id, one.entry_id), one.entry_id),
        obstacle=one.obstacle,
        key=one.key,
        by_entry=_other(one.by_entry, one.book_id, names),
        turns=one.turns,
        tokens=one.tokens,
    )


def _other(entry_id: str, book_id: str, names: dict[tuple[str, str], str]) -> str:
    """The name of an entry; it may stand in another book than the one it fired."""
    if not entry_id:
        return ""
    if (book_id, entry_id) in names:
        return names[book_id, entry_id]
    return next((name for (_, one), name in names.items() if one == entry_id), entry_id)
