"""What an entry of the library changes on a stage, and what of a stage becomes an entry; pure."""

from typing import get_args

from msgspec.structs import replace

from desktop.protocol.library import (
    ApplyParams,
    CharacterContents,
    Contents,
    KeepParams,
    LibraryKind,
    LoreContents,
    PersonaContents,
    StageContents,
    TextContents,
)
from desktop.protocol.models import Character, Dye, Stage
from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import NewId

MOST_CHARACTERS = 64


def applied(
    stage: Stage, params: ApplyParams, contents: Contents, name: str, new_id: NewId
) -> Stage:
    """The stage with the entry on it. Raises ``Trouble(invalid_request)``."""
    match contents:
        case TextContents(text=text) if params.kind == "world":
            return replace(stage, world=text)
        case TextContents(text=text) if params.kind == "situation":
            return replace(stage, situation=text)
        case TextContents(text=text):
            person = Character(id="new", name=name, description=text)
            return seated(stage, person, params.replaces, new_id)
        case PersonaContents(persona=persona):
            return replace(stage, me=persona)
        case CharacterContents(character=character):
            return seated(stage, character, params.replaces, new_id)
        case StageContents(stage=preset):
            return _from_preset(stage, params, preset, new_id)
        case LoreContents():
            raise Trouble(problem("invalid_request", field="kind"))


def _from_preset(stage: Stage, params: ApplyParams, preset: Stage, new_id: NewId) -> Stage:
    match params.part:
        case "whole":
            return preset
        case "world":
            return replace(stage, world=preset.world)
        case "situation":
            return replace(stage, situation=preset.situation)
        case "me":
            return replace(stage, me=preset.me)
        case "narrator":
            return replace(stage, narrator=preset.narrator)
        case "characters":
            return replace(stage, characters=preset.characters)
        case "character":
            return seated(stage, _person(preset, params.character_id), params.replaces, new_id)


def seated(stage: Stage, person: Character, replaces: str, new_id: NewId) -> Stage:
    """The stage with one more person, or with them in somebody's seat.

    They get an id of their own, and a colour nobody has yet if theirs is taken. Of what they know
    of others only what is about people at this table stays tied to them.
    """
    others = [one for one in stage.characters if one.id != replaces]
    if replaces and len(others) == len(stage.characters):
        raise Trouble(problem("invalid_request", field="replaces"))
    if len(others) >= MOST_CHARACTERS:
        raise Trouble(problem("invalid_request", field="stage.characters"))
    present = {one.id for one in stage.characters} | {"me"}
    taken = {one.dye for one in others}
    free = [dye for dye in get_args(Dye) if dye not in taken]
    newcomer = replace(
        person,
        id=replaces or new_id(),
        enabled=True,
        dye=free[0] if person.dye in taken and free else person.dye,
        relations=tuple(
            one if one.to in present else replace(one, to="") for one in person.relations
        ),
        secrets=tuple(
            replace(one, known_by=tuple(who for who in one.known_by if who in present))
            for one in person.secrets
        ),
    )
    if not replaces:
        return replace(stage, characters=(*stage.characters, newcomer))
    seats = tuple(newcomer if one.id == replaces else one for one in stage.characters)
    return replace(stage, characters=seats)


def kept(stage: Stage, params: KeepParams) -> tuple[LibraryKind, Contents]:
    """What is to be saved, and as what. Raises ``Trouble(invalid_request)``."""
    match params.part:
        case "world":
            return "world", TextContents(text=stage.world)
        case "situation":
            return "situation", TextContents(text=stage.situation)
        case "me":
            return "my_character", PersonaContents(persona=stage.me)
        case "character":
            person = _person(stage, params.character_id)
            return "character_template", CharacterContents(character=person)
        case "stage":
            return "preset", StageContents(stage=stage)


def _person(stage: Stage, character_id: str) -> Character:
    for one in stage.characters:
        if one.id == character_id:
            return one
    raise Trouble(problem("invalid_request", field="character_id"))
