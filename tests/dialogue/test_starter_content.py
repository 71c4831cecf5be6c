"""What ships in persona_data can be read, and is what its README says."""

import json
import re
import unicodedata
from pathlib import Path

import msgspec
import pytest

from desktop.dialogue.prompt import compose
from desktop.dialogue.speakers import Roster
from desktop.protocol.models import Language, Stage
from desktop.protocol.spoken import cast
from tests.dialogue.tables import LANGUAGES

LIBRARY = Path(__file__).parents[2] / "persona_data"
KINDS = (
    ("worlds", ".md", 3),
    ("situations", ".md", 3),
    ("my_characters", ".md", 3),
    ("npcs", ".md", 2),
    ("characters/templates", ".json", 5),
    ("presets", ".json", 3),
)


SCENES = ("lighthouse", "train", "court", "detective", "orbit", "observatory")
EVERY = [(scene, language) for scene in SCENES for language in LANGUAGES]
HANGUL, KANA = re.compile("[가-힣]"), re.compile("[ぁ-んァ-ン]")


def starter(scene: str, language: Language) -> dict[str, object]:
    text = (LIBRARY / "starter" / f"{scene}.{language}.json").read_text("utf-8")
    found: dict[str, object] = json.loads(text)
    return found


def stage_of(scene: str, language: Language) -> Stage:
    return msgspec.convert(starter(scene, language)["stage"], Stage)


@pytest.mark.parametrize(("scene", "language"), EVERY)
def test_a_scene_is_a_whole_stage_in_its_language(scene: str, language: Language) -> None:
    found, stage = starter(scene, language), stage_of(scene, language)
    assert found["title"]
    assert found["line"]
    assert (stage.language, stage.provider) == (language, "storyteller")
    for text in (stage.world, stage.situation, stage.me.name, stage.me.description):
        assert text.strip()
    for one in stage.characters:
        assert one.line
        assert one.description
        assert one.speech
        assert one.aliases
    assert len({one.dye for one in stage.characters}) == len(stage.characters) >= 2
    assert "> " in compose(stage, (), "x").system
    told = json.dumps(found, ensure_ascii=False)
    assert bool(HANGUL.search(told)) == (language == "ko")
    assert bool(KANA.search(told)) == (language == "ja")


@pytest.mark.parametrize(("scene", "language"), EVERY)
def test_who_opens_a_scene_sits_at_its_table(scene: str, language: Language) -> None:
    opening = starter(scene, language)["opening"]
    assert isinstance(opening, list)
    assert opening
    roster = Roster.of(stage_of(scene, language))
    for said in opening:
        assert set(said) == {"author", "text"}
        assert said["text"].strip()
        author = roster.resolve(said["author"])
        assert author is not None
        assert author.kind == ("narrator" if said["author"] == "narrator" else "character")


@pytest.mark.parametrize("scene", SCENES)
def test_the_same_people_sit_there_in_every_language(scene: str) -> None:
    seats = {
        tuple((one.id, one.dye) for one in stage_of(scene, language).characters)
        for language in LANGUAGES
    }
    assert len(seats) == 1


@pytest.mark.parametrize(("scene", "language"), EVERY)
def test_every_name_and_alias_leads_to_its_own_person(scene: str, language: Language) -> None:
    stage = stage_of(scene, language)
    roster = Roster.of(stage)
    for part in cast(stage):
        for name in (part.character.name, *part.character.aliases):
            author = roster.resolve(name)
            assert author is not None
            assert author.id == part.character.id


@pytest.mark.parametrize(("folder", "ending", "least"), KINDS)
def test_the_library_has_real_entries_of_every_kind(folder: str, ending: str, least: int) -> None:
    files = [file for file in (LIBRARY / folder).iterdir() if file.is_file()]
    assert len(files) >= least
    for file in files:
        assert file.suffix == ending
        assert unicodedata.is_normalized("NFC", file.name)
        assert len(file.read_text("utf-8").strip()) > 30


def test_templates_and_presets_have_the_fields_their_readers_need() -> None:
    for file in (LIBRARY / "characters/templates").iterdir():
        card = json.loads(file.read_text("utf-8"))
        assert card["name"] == file.stem
        assert card["role"] == "npc"
        assert card["description"]
        assert set(card) <= {"name", "role", "aliases", "line", "description", "speech"}
    for file in (LIBRARY / "presets").iterdir():
        preset = json.loads(file.read_text("utf-8"))
        assert {"world", "situation", "user_character", "characters", "user_profile"} <= set(preset)
        assert preset["narrator_mode"] in ("active", "moderate", "passive")
        assert all(one["name"] and one["description"] for one in preset["characters"])


def test_my_characters_begin_with_their_name() -> None:
    for file in (LIBRARY / "my_characters").iterdir():
        first, _, rest = file.read_text("utf-8").partition("\n")
        assert first.startswith("이름: ")
        assert rest.strip()
