"""The scenes that ship with the program: what they hold, and how one becomes a room."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Author, Language, Line, Message, Name, Prose, Room, Stage
from desktop.protocol.spoken import narrator_tag
from desktop.services.new_room import add_room
from desktop.services.outside import NewId
from desktop.store import messages
from desktop.store.session import Session

NARRATOR = "narrator"
SCENES = ("lighthouse", "train", "court", "detective", "orbit", "observatory")
"""In the order in which they are shown; the first is set up on the very first start."""


class Said(Frozen, kw_only=True):
    """A line of the opening. ``author`` is ``narrator`` or a character's name."""

    author: Name
    text: Prose


class Starter(Frozen, kw_only=True):
    """A table with the cloth already on it."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    line: Line = ""
    """What it is about, in one sentence."""
    stage: Stage
    opening: tuple[Said, ...] = ()


def load_starter(folder: Path, language: Language, scene: str = SCENES[0]) -> Starter:
    """A scene in a language from ``folder`` (``persona_data/starter``).

    Raises ``OSError`` or ``msgspec.ValidationError``: the file ships with the program. ``scene``
    must be one of ``SCENES``: it becomes part of a path.
    """
    return msgspec.json.decode((folder / f"{scene}.{language}.json").read_bytes(), type=Starter)


async def set_up(session: Session, starter: Starter, now: UtcMs, new_id: NewId) -> Room:
    """A new room with the scene's stage in which its opening has been said."""
    room = await add_room(session, starter.title, starter.stage, now, new_id)
    said = [
        Message(
            id=new_id(),
            room_id=room.id,
            branch_id=room.branch_id,
            position=at,
            turn_id="",
            author=author_of(starter.stage, one.author),
            text=one.text,
            status="complete",
            created_at=now,
        )
        for at, one in enumerate(starter.opening, start=1)
    ]
    await messages.append(session, room.branch_id, said, now)
    return room


def author_of(stage: Stage, name: str) -> Author:
    """Who says a line of the opening; a name nobody at the table has stays a stranger's."""
    if name == NARRATOR:
        return Author(kind="narrator", name=narrator_tag(stage))
    for one in stage.characters:
        if one.name == name:
            return Author(kind="character", id=one.id, name=one.name, dye=one.dye)
    return Author(kind="character", name=name)
