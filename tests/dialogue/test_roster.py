import unicodedata

import pytest
from hypothesis import given

from desktop.dialogue.speakers import Roster
from desktop.protocol.models import Character, Narrator, Persona, Stage
from desktop.protocol.spoken import TAG_LENGTH, cast, name_key, narrator_tag, spoken_name
from tests.dialogue.tables import BELLA, IRE, MARU, NAMES, TABLE, stages


def test_a_character_is_found_with_id_and_dye() -> None:
    author = Roster.of(TABLE).resolve("도이레")
    assert author is not None
    assert (author.kind, author.name, author.id, author.dye) == (
        "character",
        "도이레",
        "ire",
        "chija",
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "등대지기",
        "keeper",
        "KEEPER ",
        unicodedata.normalize("NFD", "도이레"),
        "\u3000도이레\t",
    ],
)
def test_aliases_case_composition_and_blanks_do_not_matter(spelling: str) -> None:
    author = Roster.of(TABLE).resolve(spelling)
    assert author is not None
    assert author.id == "ire"


def test_white_space_inside_a_name_is_folded() -> None:
    author = Roster.of(TABLE).resolve("남궁  벨라도나\t오르테시아")
    assert author is not None
    assert author.id == "bella"


def test_my_own_name_is_mine() -> None:
    author = Roster.of(TABLE).resolve("서유온")
    assert author is not None
    assert author.kind == "user"


WORDS = (
    *("진행자", "나레이션", "나레이터", "내레이션", "내레이터", "해설", "지문"),
    *("gm", "NARRATOR", "Narration", "ナレーション", "ナレーター", "語り", "進行役"),
)


@pytest.mark.parametrize("word", WORDS)
def test_narrator_words_of_three_languages_are_the_narrator(word: str) -> None:
    author = Roster.of(TABLE).resolve(word)
    assert author is not None
    assert (author.kind, author.name, author.id) == ("narrator", "진행자", "")


def test_a_character_who_left_the_table_is_nobody() -> None:
    gone = Character(id="gone", name="나간이", enabled=False)
    assert Roster.of(Stage(characters=(gone, IRE))).resolve("나간이") is None


def test_a_character_called_like_the_narrator_keeps_the_name_and_the_narrator_gets_another() -> (
    None
):
    stage = Stage(characters=(Character(id="host", name="진행자"), IRE))
    roster = Roster.of(stage)
    host, narrator = roster.resolve("진행자"), roster.resolve(narrator_tag(stage))
    assert host is not None
    assert narrator is not None
    assert (host.id, narrator.kind) == ("host", "narrator")


def test_a_name_wins_over_somebody_elses_alias() -> None:
    stage = Stage(
        characters=(Character(id="a", name="갑", aliases=("을",)), Character(id="b", name="을"))
    )
    author = Roster.of(stage).resolve("을")
    assert author is not None
    assert author.id == "b"


@given(NAMES)
def test_a_spoken_name_can_end_no_tag_and_no_line(name: str) -> None:
    spoken = spoken_name(name)
    assert len(spoken) <= TAG_LENGTH
    assert len(spoken.splitlines()) <= 1
    assert not set("[]［］【】「」*:：") & set(spoken)
    assert spoken_name(spoken) == spoken


@given(stages())
def test_every_tag_at_the_table_leads_to_somebody_at_the_table(stage: Stage) -> None:
    roster = Roster.of(stage)
    for part in cast(stage):
        author = roster.resolve(part.tag)
        assert author is not None
        assert author.kind == "character"
        assert author.id in {other.character.id for other in cast(stage)}
    narrator = roster.resolve(narrator_tag(stage))
    assert narrator is not None
    assert narrator.kind == "narrator"


def test_who_speaks_untagged_depends_on_who_narrates() -> None:
    def untagged(kind: str, *characters: Character) -> str:
        narrator = Narrator(kind=kind)  # type: ignore[arg-type]
        return Roster.of(Stage(narrator=narrator, characters=characters)).untagged.kind

    assert untagged("ai", IRE) == "narrator"
    assert untagged("none", IRE) == "character"
    assert untagged("me", IRE) == "character"
    assert untagged("none", IRE, MARU) == "narrator"
    assert untagged("none") == "narrator"


def test_the_key_of_a_name_does_not_depend_on_its_composition() -> None:
    for name in ("도이레", "Zoë", BELLA.name):
        assert name_key(unicodedata.normalize("NFD", name)) == name_key(name)
    assert Roster.of(Stage(me=Persona(name=" "))).resolve(" ") is None
