"""Seats everyone who speaks in a foreign chat, so that the story can go on with them."""

from typing import get_args

from desktop.formats.parts import RoomPart
from desktop.formats.remarks import NAME, Remarks
from desktop.protocol.models import Author, Character, Dye, Language, Persona, Stage

DYES: tuple[Dye, ...] = get_args(Dye)
SEATS = 64
ROOM = "room"


class Cast:
    """Who is who; characters are known by a key, such as their picture's file."""

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self._seats: dict[str, Character] = {}
        self.me = ""

    @property
    def characters(self) -> tuple[Character, ...]:
        return tuple(self._seats.values())

    def seat(
        self, name: str, key: str = "", *, description: str = "", enabled: bool = True
    ) -> None:
        """Give somebody a seat unless they have one or the table is full."""
        key = key or name
        if not name.strip() or key in self._seats:
            return
        if len(self._seats) == SEATS:
            self._remarks.say("changed", "too_many_characters", name)
            return
        at = len(self._seats)
        self._seats[key] = Character(
            id=f"c{at + 1}",
            name=self._remarks.cut(" ".join(name.split()), NAME, name),
            description=description,
            dye=DYES[at % len(DYES)],
            enabled=enabled,
        )

    def author(self, name: str, key: str = "") -> Author:
        """Somebody who is no person at the keyboard; a stranger where they have no seat."""
        seat = self._seats.get(key or name)
        shown = " ".join(name.split())[:NAME]
        if seat is None:
            return Author(kind="character", name=shown or "?")
        return Author(kind="character", name=shown or seat.name, id=seat.id, dye=seat.dye)

    def user(self, name: str) -> Author:
        return Author(kind="user", name=" ".join((name or self.me).split())[:NAME])

    def room(
        self, title: str, language: Language, *, world: str = "", situation: str = ""
    ) -> RoomPart:
        stage = Stage(
            language=language,
            world=world,
            situation=situation,
            me=Persona(name=self.me[:NAME]),
            characters=self.characters,
        )
        return RoomPart(key=ROOM, title=title[:NAME], stage=stage)
