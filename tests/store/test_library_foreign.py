"""Files of the web version and of other versions: read, changed, and nothing of theirs lost."""

import json
from pathlib import Path

import msgspec
import pytest

from desktop.protocol.library import (
    CharacterContents,
    PersonaContents,
    StageContents,
)
from desktop.protocol.models import Narrator, Persona
from desktop.store.library import LibraryFolder
from tests.store.library_shelf import STAGE, put, save


@pytest.fixture
def library(tmp_path: Path) -> LibraryFolder:
    folder = LibraryFolder(tmp_path / "library")
    folder.make()
    return folder


def test_the_web_versions_files_are_read(library: LibraryFolder) -> None:
    put(library, "my_characters/하루.md", "이름: 문하루\n열일곱 살.")
    put(library, "my_characters/무명.md", "이름 없는 사람.")
    put(
        library,
        "characters/templates/강치.json",
        json.dumps({"name": "강치", "role": "npc", "gender": "여", "age": 45, "summary": "요리사",
                    "description": "국이 짜다", "traits": ["느긋함"], "tags": ["열차"]}),
    )  # fmt: skip
    put(
        library,
        "characters/my_profile.json",
        json.dumps(
            {"name": "나", "role": "user", "gender": "남", "age": "20", "description": "글"}
        ),
    )
    read = library.read("my_character", "하루.md").contents
    assert read == PersonaContents(persona=Persona(name="문하루", description="열일곱 살."))
    bare = library.read("my_character", "무명.md").contents
    assert bare == PersonaContents(persona=Persona(description="이름 없는 사람."))
    card = library.read("character_template", "강치.json").contents
    assert isinstance(card, CharacterContents)
    assert card.character.description == "성별: 여, 나이: 45\n요리사\n국이 짜다\n성격: 느긋함"
    mine = library.read("my_character", "my_profile.json").contents
    assert mine == PersonaContents(persona=Persona(name="나", description="성별: 남, 나이: 20\n글"))


def test_a_preset_of_the_web_version_becomes_a_whole_stage(library: LibraryFolder) -> None:
    old = {
        "world": "세계", "situation": "상황", "user_character": "조수",
        "user_profile": {"name": "새 조수"}, "narrator_enabled": True, "narrator_mode": "active",
        "narrator_description": "빗소리", "user_is_narrator": False, "ai_provider": "gemini",
        "characters": [{"name": "서린", "description": "탐정"}, {"name": "미루"}, {"x": 1}],
        "narrative_separation": True, "output_level": "more", "pace": "fast",
        "narrator_drive": "direct", "choice_policy": "require", "choice_count": 9,
        "conversation_mode": "one_to_one_drama", "auto_turn_delay": 5,
    }  # fmt: skip
    put(library, "presets/p.json", json.dumps(old))
    read = library.read("preset", "p.json")
    assert isinstance(read.contents, StageContents)
    stage = read.contents.stage
    assert (stage.world, stage.situation, stage.me) == (
        "세계", "상황", Persona(name="새 조수", description="조수"),
    )  # fmt: skip
    assert stage.narrator == Narrator(
        kind="ai", level="active", drive="direct", description="빗소리"
    )
    assert [one.name for one in stage.characters] == ["서린", "미루"]
    assert len({one.dye for one in stage.characters}) == 2
    assert (stage.provider, stage.output, stage.pace, stage.choices) == (
        "gemini",
        "more",
        "fast",
        5,
    )
    assert (stage.conversation, stage.separation) == ("one_to_one_scene", True)
    save(library, read.entry, read.contents, read.entry.stamp)
    written = json.loads((library.root / "presets" / "p.json").read_text(encoding="utf-8"))
    assert set(written) == {"stage", "auto_turn_delay"}
    assert library.read("preset", "p.json").contents == read.contents


def test_fields_of_another_version_survive_a_change(library: LibraryFolder) -> None:
    newer = msgspec.to_builtins(STAGE)
    newer["weather"] = "비"
    newer["me"]["mood"] = "좋음"
    newer["characters"][0]["shoes"] = 2
    put(library, "presets/p.json", json.dumps({"stage": newer, "made_by": "v9"}))
    read = library.read("preset", "p.json")
    assert read.contents == StageContents(stage=STAGE)
    changed = msgspec.structs.replace(STAGE, world="다른 세계")
    save(library, read.entry, StageContents(stage=changed), read.entry.stamp)
    written = json.loads((library.root / "presets" / "p.json").read_text(encoding="utf-8"))
    assert written["made_by"] == "v9"
    assert written["stage"]["weather"] == "비"
    assert written["stage"]["me"]["mood"] == "좋음"
    assert written["stage"]["characters"][0]["shoes"] == 2
    assert written["stage"]["world"] == "다른 세계"


def test_a_value_that_cannot_be_used_is_told_and_kept_in_the_trash(library: LibraryFolder) -> None:
    stage = {**msgspec.to_builtins(STAGE), "window": 3, "pace": "warp"}
    put(library, "presets/p.json", json.dumps({"stage": stage}))
    read = library.read("preset", "p.json")
    assert sorted(read.unread) == ["pace", "window"]
    save(library, read.entry, read.contents, read.entry.stamp)
    assert [one.name for one in library.trash()] == ["p"]
    assert library.read("preset", "p.json").unread == ()
