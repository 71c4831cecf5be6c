"""Brings people from character cards to a table with their faces, and writes cards of those there.

What a card says and no field of ours holds is kept beside the person, for the next card.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from desktop.formats.card.assets import PORTRAIT
from desktop.formats.card.macros import named
from desktop.formats.card.rest import card_again, rest_of
from desktop.formats.card.room import USER, card_language, told_book, told_character
from desktop.formats.foreign import CARDS
from desktop.formats.format import HEAD, Format
from desktop.formats.parts import AnyPart, CardPart, PicturePart, Remark, Unreadable
from desktop.formats.registry import by_id, detect
from desktop.protocol.cards import (
    CardChooseParams,
    CardCopied,
    CardCopyParams,
    CardPasteParams,
    CardSaved,
    CardSaveParams,
    CardTaken,
)
from desktop.protocol.library import EntrySaved, EntrySaveParams, LoreContents
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.transfer import ReceiptLine
from desktop.services.outside import NewId
from desktop.services.pictures import Pictures
from desktop.services.program_paths import ChooseFile
from desktop.services.transfer_files import ChooseSave
from desktop.store.session import disk_trouble

SaveEntry = Callable[[EntrySaveParams], Awaitable[EntrySaved]]


class Cards:
    """Both dialogs are ``None`` where there is no window. ``save_entry`` keeps a card's lorebook.

    Files are read and written off the loop. Nothing in a card is run, nothing is fetched.
    """

    def __init__(
        self,
        save_entry: SaveEntry,
        new_id: NewId,
        choose_file: ChooseFile | None,
        choose_save: ChooseSave | None,
        pictures: Pictures,
    ) -> None:
        self._save_entry = save_entry
        self._new_id = new_id
        self._choose_file = choose_file
        self._choose_save = choose_save
        self._pictures = pictures

    async def choose(self, params: CardChooseParams) -> CardTaken:
        """Let the person pick a card. Raises ``Trouble(bad_file)`` if it is none."""
        if self._choose_file is None:
            raise Trouble(problem("invalid_request", field="window"))
        chosen = await self._choose_file()
        if not chosen:
            return CardTaken()
        parts = await asyncio.to_thread(_read_path, Path(chosen))
        return await self._taken(parts, params.me)

    async def paste(self, params: CardPasteParams) -> CardTaken:
        """What the clipboard holds. Raises ``Trouble(bad_file)`` if it is no card."""
        data = params.text.encode("utf-8", "replace")
        parts = await asyncio.to_thread(_read, io.BytesIO(data), "")
        return await self._taken(parts, params.me)

    async def save(self, params: CardSaveParams) -> CardSaved:
        """Let the person say where, and write it there whole or not at all."""
        if self._choose_save is None:
            raise Trouble(problem("invalid_request", field="window"))
        suffix = _format(params.format).suffixes[0]
        chosen = await self._choose_save(f"{params.character.name}{suffix}")
        if not chosen:
            return CardSaved(file="")
        path = Path(chosen)
        if path.suffix.lower() not in _format(params.format).suffixes:
            path = path.with_name(path.name + suffix)
        parts = await self._parts(params)
        await asyncio.to_thread(_write, path, _format(params.format), parts)
        return CardSaved(file=path.name)

    async def copy(self, params: CardCopyParams) -> CardCopied:
        """The person as a piece that a table of Cocofolia takes from the clipboard."""
        made = io.BytesIO()
        writer = _format("piece_cocofolia").writer
        assert writer is not None
        writer([CardPart(character=params.character)], made)
        return CardCopied(text=made.getvalue().decode())

    async def _parts(self, params: CardSaveParams) -> list[AnyPart]:
        """Their card as it came, as far as it is kept, with their picture."""
        person = params.character
        card = CardPart(character=person, scenario=params.situation)
        rest = await self._pictures.card(person.card)
        if rest is not None:
            with suppress(Unreadable):
                card = await asyncio.to_thread(card_again, rest, person, params.situation)
        picture = await self._pictures.full(person.picture)
        if picture is None:
            return [card]
        return [
            replace(card, picture=PORTRAIT),
            PicturePart(key=PORTRAIT, data=picture, media_type="image/png"),
        ]

    async def _taken(self, parts: list[AnyPart], me: str) -> CardTaken:
        card = next(part for part in parts if isinstance(part, CardPart))
        remarks = [one for one in parts if isinstance(one, Remark)]
        user = me or USER[card_language(card)]
        char = card.nickname or card.character.name
        person = told_character(card, user)
        # Ids of another table name nobody at this one.
        relations = [one if one.to == "me" else replace(one, to="") for one in person.relations]
        secrets = [
            replace(one, known_by=tuple(who for who in one.known_by if who == "me"))
            for one in person.secrets
        ]
        file, name = await self._keep_book(card, char, user)
        picture = await self._keep_portrait(card, parts, remarks)
        rest = await asyncio.to_thread(rest_of, card, user)
        return CardTaken(
            character=replace(
                person,
                id=self._new_id(),
                relations=tuple(relations),
                secrets=tuple(secrets),
                picture=picture,
                card=await self._pictures.keep_card(rest) if rest is not None else "",
            ),
            situation=named(card.scenario, char, user),
            book_file=file,
            book_name=name,
            lines=tuple(
                ReceiptLine(fate=one.fate, code=one.code, where=one.where, count=one.count)
                for one in remarks
            ),
        )

    async def _keep_portrait(
        self, card: CardPart, parts: list[AnyPart], remarks: list[Remark]
    ) -> str:
        for part in parts:
            if isinstance(part, PicturePart) and part.key == card.picture:
                try:
                    return await self._pictures.keep(part.data)
                except Unreadable as error:
                    where = f"{card.character.name}: {error.code}"
                    remarks.append(Remark(fate="dropped", code="picture_unusable", where=where))
        return ""

    async def _keep_book(self, card: CardPart, char: str, user: str) -> tuple[str, str]:
        if card.book is None or not card.book.entries:
            return "", ""
        book = told_book(card.book, char, user)
        saved = await self._save_entry(
            EntrySaveParams(
                kind="lorebook",
                name=book.name.strip() or card.character.name,
                contents=LoreContents(book=book),
            )
        )
        return saved.entry.file, saved.entry.name


def _format(format_id: str) -> Format:
    found = by_id(format_id)
    assert found is not None
    return found


def _read_path(path: Path) -> list[AnyPart]:
    try:
        with path.open("rb") as file:
            return _read(file, path.name)
    except OSError as error:
        told = problem("bad_file", detail="unreadable", field=error.strerror or "")
        raise Trouble(told) from error


def _read(file: BinaryIO, name: str) -> list[AnyPart]:
    """Raises ``Trouble(bad_file)``: what is wrong stands in its ``detail``."""
    found = detect(file.read(HEAD), name)
    if found not in CARDS or found.reader is None:
        raise Trouble(problem("bad_file", detail="not_known"))
    try:
        return list(found.reader(file))
    except Unreadable as error:
        raise Trouble(problem("bad_file", detail=error.code, field=error.where)) from error


def _write(path: Path, wanted: Format, parts: list[AnyPart]) -> None:
    """Beside the file first, so that an old one is never half overwritten."""
    assert wanted.writer is not None
    made = io.BytesIO()
    wanted.writer(parts, made)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(made.getvalue())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise disk_trouble(error) from error
