"""The room that is found set up on the very first start, read from the shipped library."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.models import Author, Language, Name, Prose, Stage
from desktop.protocol.spoken import narrator_tag

NARRATOR = "narrator"


class Said(Frozen, kw_only=True):
    """A line of the opening. ``author`` is ``narrator`` or a character's name."""

    author: Name
    text: Prose


class Starter(Frozen, kw_only=True):
    """A table with the cloth already on it."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    stage: Stage
    opening: tuple[Said, ...] = ()


def load_starter(folder: Path, language: Language) -> Starter:
    """The starter of a language from ``folder`` (``persona_data/starter``).

    Raises ``OSError`` or ``msgspec.ValidationError``: the file ships with the program.
    """
    return msgspec.json.decode((folder / f"lighthouse.{language}.json").read_bytes(), type=Starter)


def author_of(stage: Stage, name: str) -> Author:
    """Who says a line of the opening; a name nobody at the table has stays a stranger's."""
    if name == NARRATOR:
        return Author(kind="narrator", name=narrator_tag(stage))
    for one in stage.characters:
        if one.name == name:
            return Author(kind="character", id=one.id, name=one.name, dye=one.dye)
    return Author(kind="character", name=name)
