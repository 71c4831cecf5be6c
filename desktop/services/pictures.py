"""Pictures of people: brought in, cut by the person, kept once under their hash, and told."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from desktop.formats import pictures
from desktop.formats.card.rest import rest_name
from desktop.formats.parts import Unreadable
from desktop.formats.pictures import Made, Square
from desktop.protocol.method import Nothing
from desktop.protocol.pictures import (
    MOST_PICTURE_BYTES,
    Picture,
    PictureCropParams,
    PictureDropParams,
    PictureReadParams,
    PictureSource,
    PicturesRead,
    PictureTokenParams,
)
from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import Clock, NewId
from desktop.services.program_paths import ChooseFile
from desktop.store import kept
from desktop.store.database import Database
from desktop.store.kept import Kept

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_SOURCES = 4
"""Pictures that lie ready to be cut; the one brought in first is let go."""

FromLibrary = Callable[[tuple[str, ...]], Awaitable[dict[str, bytes]]]
"""The bytes the library has of these, by the name they lie there under."""


class Held(NamedTuple):
    """What is coming in pieces, or the picture once all of them are there. Never on the disk: a
    locked profile must not leave it there in clear."""

    pieces: bytearray
    image: "Image | None" = None


class Pictures:
    """``choose_file`` is ``None`` where there is no window. Only Pillow unpacks, in threads."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        new_id: NewId,
        choose_file: ChooseFile | None = None,
        from_library: FromLibrary | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._choose_file = choose_file
        self._from_library = from_library
        self._held: dict[str, Held] = {}

    async def choose(self, _: Nothing) -> PictureSource:
        """Let the person pick a file. Raises ``Trouble(bad_file)`` with a ``PictureFault``."""
        if self._choose_file is None:
            raise Trouble(problem("invalid_request", field="window"))
        chosen = await self._choose_file()
        if not chosen:
            return PictureSource(token="")
        data = await asyncio.to_thread(_read, Path(chosen))
        return await self._open(self._new_id(), data)

    async def drop(self, params: PictureDropParams) -> PictureSource:
        """The next piece of what was dropped or pasted; it is looked at with the last one."""
        try:
            piece = base64.b64decode(params.data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Trouble(problem("invalid_request", field="data")) from error
        token = params.token or self._new_id()
        if not params.token:
            self._hold(token, Held(bytearray()))
        held = self._found(token)
        if held.image is not None:
            raise Trouble(problem("invalid_request", field="token"))
        held.pieces.extend(piece)
        if len(held.pieces) > MOST_PICTURE_BYTES:
            del self._held[token]
            raise Trouble(problem("bad_file", detail="too_large"))
        if not params.last:
            return PictureSource(token=token)
        return await self._open(token, bytes(held.pieces))

    async def crop(self, params: PictureCropParams) -> Picture:
        """Keep this square of it. The source stays, to be cut again."""
        image = self._found(params.token).image
        if image is None:
            raise Trouble(problem("invalid_request", field="token"))
        square = Square(params.x, params.y, params.side)
        made = await asyncio.to_thread(pictures.cut, image, square)
        await self._store(made)
        return Picture(id=made.id, source=_address("image/webp", made.small))

    async def let_go(self, params: PictureTokenParams) -> Nothing:
        self._held.pop(params.token, None)
        return Nothing()

    async def read(self, params: PictureReadParams) -> PicturesRead:
        """Those there are, also of entries in the library that no table has taken yet."""
        ids = tuple(dict.fromkeys(one for one in params.ids if one))
        told: dict[str, str] = {}
        async with self._database.reading() as session:
            if params.size == "small":
                small = await kept.small(session, ids)
                told = {one: _address("image/webp", data) for one, data in small.items()}
            else:
                for each in await kept.found(session, ids):
                    if each.media_type == kept.PICTURE:
                        told[each.id] = _address(kept.PICTURE, each.content)
        for name, made in (await self._in_library(ids, told)).items():
            full = params.size == "full"
            told[name] = _address(
                kept.PICTURE if full else "image/webp", made.full if full else made.small
            )
        return PicturesRead(
            pictures=tuple(Picture(id=one, source=told[one]) for one in ids if one in told)
        )

    async def keep(self, data: bytes) -> str:
        """Keep the usual square of a stranger's picture; its name. Raises ``Unreadable``."""
        made = await asyncio.to_thread(pictures.made, data)
        await self._store(made)
        return made.id

    async def keep_card(self, rest: bytes) -> str:
        """Keep what a card says beside a person; its name."""
        row = Kept(id=rest_name(rest), media_type=kept.CARD, content=rest)
        async with self._database.transaction() as session:
            await kept.add(session, [row], self._clock.now_ms())
        return row.id

    async def full(self, picture: str) -> bytes | None:
        """A PNG, if there is one of this name."""
        return await self._content(picture, kept.PICTURE)

    async def card(self, name: str) -> bytes | None:
        return await self._content(name, kept.CARD)

    async def _content(self, name: str, media_type: str) -> bytes | None:
        async with self._database.reading() as session:
            found = await kept.found(session, [name] if name else [])
        return found[0].content if found and found[0].media_type == media_type else None

    async def sweep(self) -> int:
        """Delete what nothing points to any more; to be called at the start."""
        async with self._database.transaction() as session:
            return await kept.sweep(session)

    async def _in_library(self, ids: tuple[str, ...], told: Iterable[str]) -> dict[str, Made]:
        missing = tuple(one for one in ids if one not in told)
        if not missing or self._from_library is None:
            return {}
        found: dict[str, Made] = {}
        for name, data in (await self._from_library(missing)).items():
            try:
                found[name] = await asyncio.to_thread(pictures.made, data)
            except Unreadable:
                continue
        return found

    async def _open(self, token: str, data: bytes) -> PictureSource:
        try:
            image = await asyncio.to_thread(pictures.opened, data)
        except Unreadable as error:
            self._held.pop(token, None)
            told = problem("bad_file", detail=error.code, field=error.where)
            raise Trouble(told) from error
        media_type, preview = await asyncio.to_thread(pictures.preview, image)
        self._hold(token, Held(bytearray(), image))
        return PictureSource(
            token=token,
            width=image.width,
            height=image.height,
            preview=_address(media_type, preview),
        )

    async def _store(self, made: Made) -> None:
        async with self._database.transaction() as session:
            await kept.add(session, [picture_row(made)], self._clock.now_ms())

    def _hold(self, token: str, held: Held) -> None:
        self._held[token] = held
        while len(self._held) > MOST_SOURCES:
            del self._held[next(iter(self._held))]

    def _found(self, token: str) -> Held:
        held = self._held.get(token)
        if held is None:
            raise Trouble(problem("not_found", field="token"))
        return held


def picture_row(made: Made) -> Kept:
    return Kept(id=made.id, media_type=kept.PICTURE, content=made.full, small=made.small)


def _address(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_PICTURE_BYTES + 1)
    except OSError as error:
        told = problem("bad_file", detail="unreadable", field=error.strerror or "")
        raise Trouble(told) from error
