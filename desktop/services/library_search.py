"""Searching the library: every entry's name and text, and every piece of lore by itself."""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

from desktop.protocol.library import (
    CharacterContents,
    Contents,
    EntryParams,
    EntryRead,
    LibraryEntry,
    LoreContents,
    PersonaContents,
    StageContents,
    TextContents,
)
from desktop.protocol.library_search import LibraryFindParams, LibraryFound, LibraryHit
from desktop.protocol.models import Character, Stage
from desktop.protocol.problems import Trouble
from desktop.services.library import Library
from desktop.store.search_text import Query

EXCERPT, LEAD = 160, 40


class Piece(NamedTuple):
    """Something that can be found and gone to."""

    lore_id: str
    title: str
    text: str


class LibrarySearch:
    """Files are read again only when they have changed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, str, str], tuple[str, tuple[Piece, ...]]] = {}

    async def find(self, params: LibraryFindParams) -> LibraryFound:
        """Entries and lore that hold every word typed; nothing for an empty text."""
        query = Query(params.text)
        if not query.terms:
            return LibraryFound(hits=())
        pieces = [
            (entry, piece)
            for entry in (await self._library.list()).entries
            for piece in await self._pieces(entry)
        ]
        return await asyncio.to_thread(_found, query, pieces, params.limit)

    async def _pieces(self, entry: LibraryEntry) -> tuple[Piece, ...]:
        key = (entry.kind, entry.origin, entry.file)
        known = self._known.get(key)
        if known is not None and entry.stamp and known[0] == entry.stamp:
            return known[1]
        try:
            asked = EntryParams(kind=entry.kind, origin=entry.origin, file=entry.file)
            read = await self._library.read(asked)
        except Trouble:
            # Unreadable, or gone since it was listed: its name can still be found.
            return (Piece("", entry.name, ""),)
        pieces = tuple(pieces_of(read))
        self._known[key] = (read.entry.stamp, pieces)
        return pieces


def pieces_of(read: EntryRead) -> Iterator[Piece]:
    yield Piece("", read.entry.name, "\n".join(filter(None, _texts(read.contents))))
    if isinstance(read.contents, LoreContents):
        for one in read.contents.book.entries:
            keys = ", ".join((*one.keys, *one.secondary_keys))
            title = one.name or keys
            yield Piece(one.id, title, "\n".join(filter(None, (keys, one.content))))


def _texts(contents: Contents) -> Iterator[str]:
    match contents:
        case TextContents(text=text):
            yield text
        case PersonaContents(persona=persona):
            yield from (persona.name, persona.description)
        case CharacterContents(character=character):
            yield from _of_character(character)
        case StageContents(stage=stage):
            yield from _of_stage(stage)
        case LoreContents(book=book):
            yield book.description


def _of_character(character: Character) -> Iterator[str]:
    yield from (character.name, *character.aliases, character.line, character.description)
    yield from (character.speech, *character.examples)
    yield from (one.text for one in character.relations)
    yield from (one.text for one in character.secrets)


def _of_stage(stage: Stage) -> Iterator[str]:
    yield from (stage.world, stage.situation, stage.me.name, stage.me.description)
    yield stage.narrator.description
    for character in stage.characters:
        yield from _of_character(character)


def _found(query: Query, pieces: list[tuple[LibraryEntry, Piece]], limit: int) -> LibraryFound:
    hits: list[LibraryHit] = []
    for entry, piece in pieces:
        hit = _hit(query, entry, piece)
        if hit is None:
            continue
        if len(hits) == limit:
            return LibraryFound(hits=tuple(hits), more=True)
        hits.append(hit)
    return LibraryFound(hits=tuple(hits))


def _hit(query: Query, entry: LibraryEntry, piece: Piece) -> LibraryHit | None:
    text = piece.text
    places = query.places(text)
    if not places:
        # Words may be spread over the title and the text.
        text = f"{piece.title}\n{piece.text}" if piece.text else piece.title
        places = query.places(text)
    if not places:
        return None
    start = max(0, min(places[0][0] - LEAD, len(text) - EXCERPT))
    end = min(len(text), start + EXCERPT)
    inside = ((max(one, start) - start, min(two, end) - start) for one, two in places)
    return LibraryHit(
        entry=entry,
        lore_id=piece.lore_id,
        title=piece.title,
        excerpt=text[start:end],
        spans=tuple((one, two) for one, two in inside if one < two),
    )
