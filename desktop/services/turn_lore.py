"""The lore of one turn: decided from the books in force, kept small, told again later.

Chance is seeded by the room and the number of its turn, and what entries leave behind for the
next turn is stored with the turn that told them. The turn before is found along the path, so an
undo, another branch or a slot bring back the lore as it stood there.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence

import msgspec

from desktop.dialogue.lore import activate
from desktop.dialogue.lore.reasons import named, reasons
from desktop.dialogue.lore.telling import Lore, mark_of, told_lore
from desktop.dialogue.prompt_record import fingerprint
from desktop.protocol.base import Frozen
from desktop.protocol.lore import Activation, Lorebook, LoreState
from desktop.protocol.models import Message
from desktop.protocol.prompting import LoreReason
from desktop.providers.token_estimate import estimate
from desktop.store import messages, prompts
from desktop.store.session import Session

_SHARE = 4
"""Lore takes at most this part of a model's context."""
_LOOKED_BACK = 40
"""Turns that are looked through for one that knew of lore."""


class _Reason(Frozen, kw_only=True, array_like=True):
    """A reason without what its book says; ``book`` and ``entry`` count from 0."""

    book: int
    entry: int
    code: str
    key: str = ""
    secondary: tuple[str, ...] = ()
    message_id: str = ""
    by_entry: str = ""
    turns: int = 0
    tokens: int = 0


class _Kept(Frozen, kw_only=True, omit_defaults=True):
    """``books`` are fingerprints of ``_Outline``; entries without a reason had no key."""

    state: LoreState
    books: tuple[str, ...]
    fired: tuple[_Reason, ...] = ()
    passed: tuple[_Reason, ...] = ()


class _Outline(Frozen, kw_only=True):
    """A book as far as a reason needs it: kept once for all turns until it is changed."""

    file: str
    name: str
    entries: tuple[tuple[str, str], ...]
    """Ids and names."""


class TurnLore(Frozen, kw_only=True):
    """``record`` is JSON, ``None`` without books; ``texts`` are to be kept by fingerprint."""

    lore: Lore = Lore()
    record: str | None = None
    texts: dict[str, str] = {}
    valid: frozenset[str] = frozenset()
    """Marks of all that may have been told under the books in force."""

    def marks(self) -> tuple[str, ...]:
        """Marks of what has come up in this turn."""
        return tuple(fingerprint(mark_of(one.book_id, one.entry)) for one in self.lore.risen)


async def decide(
    books: Sequence[Lorebook],
    history: Sequence[Message],
    line: str,
    state: LoreState,
    seed: int,
    context_tokens: int,
) -> TurnLore:
    """What is told; the work is done beside the loop, for a book may be long."""
    if not books:
        return TurnLore()
    # Not for secrets: the same turn must come out the same again.
    chance = random.Random(seed)
    activation = await asyncio.to_thread(
        activate,
        books,
        history,
        line,
        state,
        lambda sides: chance.randint(1, sides),
        budget_of(context_tokens),
        estimate=estimate,
    )
    record, texts = _kept(books, activation)
    return TurnLore(
        lore=told_lore(activation.fired),
        record=record,
        texts=texts,
        valid=frozenset(
            fingerprint(mark_of(book.id, entry))
            for book in books
            if book.enabled
            for entry in book.entries
            if entry.enabled
        ),
    )


def budget_of(context_tokens: int) -> int:
    return context_tokens // _SHARE


async def state_before(
    session: Session, branch_id: str, before: int, history: Sequence[Message]
) -> LoreState:
    """What the turns up to a position of a path left behind."""
    turns = dict.fromkeys(one.turn_id for one in reversed(history) if one.turn_id)
    for gap, turn_id in enumerate(list(turns)[:_LOOKED_BACK]):
        if kept := await prompts.lore(session, turn_id):
            state = msgspec.json.decode(kept, type=_Kept).state
            return msgspec.structs.replace(state, turn=state.turn + gap)
    return LoreState(turn=await messages.turns_before(session, branch_id, before))


def outlines(record: str | None) -> tuple[str, ...]:
    """The fingerprints that ``retold`` needs the texts of."""
    return msgspec.json.decode(record, type=_Kept).books if record else ()


def retold(record: str | None, texts: Mapping[str, str]) -> tuple[LoreReason, ...]:
    """Why each entry was told or not; entries of a book that is lost are left out."""
    if not record:
        return ()
    kept = msgspec.json.decode(record, type=_Kept)
    books = [
        msgspec.json.decode(texts[mark], type=_Outline) if mark in texts else None
        for mark in kept.books
    ]
    fired = [_retold(one, books[one.book], told=True) for one in kept.fired]
    known = {(one.book, one.entry): one for one in kept.passed}
    spoken = {(one.book, one.entry) for one in kept.fired}
    rest = [
        _retold(
            known.get((at, entry), _Reason(book=at, entry=entry, code="no_key")), book, told=False
        )
        for at, book in enumerate(books)
        if book is not None
        for entry in range(len(book.entries))
        if (at, entry) not in spoken
    ]
    return tuple(one for one in (*fired, *rest) if one is not None)


def _kept(books: Sequence[Lorebook], activation: Activation) -> tuple[str, dict[str, str]]:
    outlined = [
        msgspec.json.encode(
            _Outline(
                file=book.id,
                name=book.name,
                entries=tuple((one.id, named(one)) for one in book.entries),
            )
        ).decode()
        for book in books
    ]
    texts = {fingerprint(text): text for text in outlined}
    at = {
        (book.id, one.id): (number, place)
        for number, book in enumerate(books)
        for place, one in enumerate(book.entries)
    }
    told = reasons(books, activation)
    kept = _Kept(
        state=activation.state,
        books=tuple(fingerprint(text) for text in outlined),
        fired=tuple(_short(one, at) for one in told if one.cause),
        passed=tuple(_short(one, at) for one in told if one.obstacle and one.obstacle != "no_key"),
    )
    return msgspec.json.encode(kept).decode(), texts


def _short(one: LoreReason, at: Mapping[tuple[str, str], tuple[int, int]]) -> _Reason:
    book, entry = at[one.book, one.entry_id]
    return _Reason(
        book=book,
        entry=entry,
        code=one.cause or one.obstacle or "no_key",
        key=one.key,
        secondary=one.secondary,
        message_id=one.message_id,
        by_entry=one.by_entry,
        turns=one.turns,
        tokens=one.tokens,
    )


def _retold(one: _Reason, book: _Outline | None, *, told: bool) -> LoreReason | None:
    if book is None or one.entry >= len(book.entries):
        return None
    entry_id, name = book.entries[one.entry]
    return msgspec.convert(
        {
            "book": book.file,
            "book_name": book.name,
            "entry_id": entry_id,
            "name": name,
            "cause" if told else "obstacle": one.code,
            "key": one.key,
            "secondary": one.secondary,
            "message_id": one.message_id,
            "by_entry": one.by_entry,
            "turns": one.turns,
            "tokens": one.tokens,
        },
        LoreReason,
    )
