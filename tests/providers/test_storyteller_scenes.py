"""What the storyteller writes: only the room's own people, in its language, never twice."""

import re
from collections import Counter
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.dialogue.choices import split
from desktop.dialogue.speakers import Roster, parse
from desktop.protocol.models import Author, Language, Message, Narrator, Stage
from desktop.protocol.spoken import (
    cast,
    chatting,
    conversation_of,
    narrating,
    narrator_tag,
    offering,
)
from desktop.providers.storyteller.intent import intent_of
from desktop.providers.storyteller.scene import GRAMMARS, scene
from tests.dialogue.tables import LANGUAGES, ME, TABLE, any_stages, said
from tests.providers.storyteller_patterns import patterns

LINES: dict[Language, tuple[str, ...]] = {
    "ko": (
        "안녕하세요, 다들.",
        "편지를 저울에 올린다.",
        "누가 이 편지를 썼을까요?",
        "2d6 굴린다",
        "A) 다가간다",
        "등대에서 소리가 났어요.",
        "",
    ),
    "en": (
        "Hello, everyone.",
        "*I put the letter on the scales*",
        "Who wrote this letter?",
        "roll 2d6",
        "B",
        "There was a sound from the lighthouse.",
        "",
    ),
    "ja": (
        "こんばんは。",
        "*手紙を秤に載せる。*",
        "誰が書いたのですか？",
        "2d6を振る",
        "C",
        "灯台から音がしました。",
        "",
    ),
}


def played(stage: Stage, turns: int, seed: int = 1) -> list[tuple[str, list[Message]]]:
    """A talk as it would be stored: the raw answers and their messages, turn by turn."""
    roster = Roster.of(stage)
    history: list[Message] = []
    told = []
    for turn in range(turns):
        line = LINES[stage.language][turn % 7]
        answer = scene(stage, history, line, seed)
        if line:
            history.append(said(ME, line, turn=f"t{turn}", position=len(history)))
        spoken = [
            said(speech.author, speech.text, turn=f"t{turn}", position=len(history) + at)
            for at, speech in enumerate(parse(answer, roster))
        ]
        history += spoken
        told.append((answer, spoken))
    return told


def sentences(message: Message) -> set[str]:
    return {
        one.strip(" *") for one in re.split(r"(?<=[.!?。？！])|\*|\n", message.text) if len(one) > 3
    }


@settings(deadline=None)
@given(any_stages(), st.text(max_size=40), st.integers(0, 5), st.integers(0, 9))
def test_any_tables_scene_splits_into_its_own_people_only(
    stage: Stage, line: str, before: int, seed: int
) -> None:
    history = [said(ME, "말", position=at) for at in range(before)]
    answer = scene(stage, history, line, seed)
    speeches = parse(answer, Roster.of(stage))
    people = {part.character.id for part in cast(stage)}
    narrates = narrating(stage) == "ai"
    assert bool(speeches) == (bool(people) or narrates)
    for speech in speeches:
        assert speech.known
        if speech.author.kind == "narrator":
            assert narrates
        else:
            assert speech.author.id in people
    assert answer.count("]: ") >= len(speeches)
    distinct = {speech.author.id for speech in speeches}
    assert len(distinct) <= 4
    assert len(distinct) >= min(2, len(set(names_of(stage))))


def names_of(stage: Stage) -> list[str]:
    roster = Roster.of(stage)
    found = (roster.resolve(part.tag) for part in cast(stage))
    names = [author.id for author in found if author is not None]
    return [*names, ""] if narrating(stage) == "ai" else names


@settings(deadline=None)
@given(any_stages(), st.text(max_size=40), st.integers(0, 9))
def test_every_answer_ends_with_as_many_ways_as_are_asked_for(
    stage: Stage, line: str, seed: int
) -> None:
    answer = scene(stage, (), line, seed)
    offered = split(answer).choices
    assert len(offered) == (stage.choices if answer and offering(stage) else 0)
    assert len({choice.text for choice in offered}) == len(offered)
    if offered:
        last = parse(answer, Roster.of(stage))[-1]
        assert split(last.text).choices
        assert (last.author.kind == "narrator") == (offering(stage) == "ai")


@settings(deadline=None)
@given(any_stages(), st.integers(0, 99))
def test_a_chat_is_told_by_nobody_and_a_group_chat_makes_no_gesture(
    stage: Stage, seed: int
) -> None:
    answer = scene(stage, (), "문을 연다.", seed)
    speeches = parse(answer, Roster.of(stage))
    if chatting(stage):
        assert all(speech.author.kind == "character" for speech in speeches)
    mode = conversation_of(stage)
    if mode == "group_chat":
        assert not any("*" in speech.text for speech in speeches)
    if mode.startswith("one_to_one"):
        assert len({one.author.id for one in speeches if one.author.kind == "character"}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["me", "none"])
def test_without_an_ai_narrator_there_is_no_narration_and_no_choice(
    language: Language, kind: str
) -> None:
    narrator = msgspec.convert({"kind": kind, "level": "active"}, Narrator)
    stage = msgspec.structs.replace(TABLE, language=language, narrator=narrator)
    for answer, messages in played(stage, 30):
        assert f"[{narrator_tag(stage)}]" not in answer
        assert not re.search(r"^[A-C]\) ", answer, re.MULTILINE)
        assert {message.author.kind for message in messages} == {"character"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", ["active", "moderate"])
def test_an_ai_narrator_calls_for_dice_now_and_then(language: Language, level: str) -> None:
    narrator = msgspec.convert({"level": level}, Narrator)
    stage = msgspec.structs.replace(TABLE, language=language, narrator=narrator)
    answers = [answer for answer, _ in played(stage, 40)]
    assert any("2d6" in answer for answer in answers)
    assert not any(split(answer).choices for answer in answers)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [2, 5])
def test_choices_come_every_turn_and_are_new_ones(language: Language, count: int) -> None:
    stage = msgspec.structs.replace(TABLE, language=language, choices=count)
    offers = [split(answer).choices for answer, _ in played(stage, 30)]
    assert {len(offer) for offer in offers} == {count}
    for before, after in pairwise(offers):
        assert {one.text for one in before}.isdisjoint(one.text for one in after)


def test_choices_do_not_keep_the_narrator_from_telling() -> None:
    stage = msgspec.structs.replace(TABLE, choices=3)
    history: list[Message] = []
    offers = narrations = 0
    for turn in range(40):
        answer = scene(stage, history[-20:], "그렇군요.", turn)
        offers += "\nA) " in answer
        narrations += answer.count("[진행자]: ") > 1
        history.append(said(ME, "그렇군요.", turn=f"t{turn}"))
        history += [
            said(speech.author, speech.text, turn=f"t{turn}")
            for speech in parse(answer, Roster.of(stage))
        ]
    assert offers == 40
    assert 10 <= narrations <= 30


def told_length(stage: Stage) -> int:
    return sum(len(answer) for answer, _ in played(stage, 40))


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_output_is_more_text(language: Language) -> None:
    stage = msgspec.structs.replace(TABLE, language=language)
    less = told_length(msgspec.structs.replace(stage, output="less"))
    more = told_length(msgspec.structs.replace(stage, output="more"))
    normal = told_length(stage)
    assert less * 1.2 < normal < more / 1.2


def test_who_moves_the_story_and_how_fast_tells_how_much_happens() -> None:
    omens = GRAMMARS["ko"].omens

    def events(drive: str, pace: str) -> int:
        narrator = msgspec.convert({"level": "active", "drive": drive}, Narrator)
        stage = msgspec.structs.replace(
            msgspec.convert({"pace": pace}, Stage), narrator=narrator, characters=TABLE.characters
        )
        told = [scene(stage, (), "그렇군요.", seed) for seed in range(100)]
        return sum(any(omen in one for omen in omens) for one in told)

    assert events("describe", "fast") == 0
    assert 0 < events("guide", "slow") < events("guide", "normal") < events("guide", "fast")
    assert events("guide", "normal") < events("direct", "normal")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["ai", "none"])
def test_kept_apart_speech_and_sounds_stand_on_lines_of_their_own(
    language: Language, kind: str
) -> None:
    narrator = msgspec.convert({"kind": kind}, Narrator)
    stage = msgspec.structs.replace(TABLE, language=language, narrator=narrator, separation=True)
    lines = [line for answer, _ in played(stage, 30) for line in answer.split("\n")]
    sounds = [line for line in lines if "*" in line]
    assert len(sounds) > 2
    assert all(re.fullmatch(r"\*[^*]+\*", line) for line in sounds)
    assert {line.strip("*") for line in sounds} <= set(GRAMMARS[language].sounds)


def test_the_more_active_the_narrator_the_more_is_narrated() -> None:
    def narrations(level: str) -> int:
        narrator = msgspec.convert({"level": level}, Narrator)
        told = played(msgspec.structs.replace(TABLE, narrator=narrator), 28)
        return sum(any(m.author.kind == "narrator" for m in messages) for _, messages in told)

    assert narrations("active") > narrations("moderate") > narrations("passive") > 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(5))
def test_neighbouring_turns_share_no_sentence(language: Language, seed: int) -> None:
    stage = msgspec.structs.replace(TABLE, language=language)
    turns = [set().union(*map(sentences, messages)) for _, messages in played(stage, 40, seed)]
    offered = {way for choice in GRAMMARS[language].choices for way in choice.ways}
    for before, after in pairwise(turns):
        assert {one for one in before & after if one[3:] not in offered} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_thirty_turns_do_not_feel_canned(language: Language) -> None:
    grammar = GRAMMARS[language]
    assert len(set(patterns(grammar))) >= 120
    told = played(msgspec.structs.replace(TABLE, language=language), 30)
    spoken = [one for _, messages in told for message in messages for one in sentences(message)]
    assert len(set(spoken)) / len(spoken) > 0.6
    assert max(Counter(spoken).values()) <= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_line_is_met_differently(language: Language) -> None:
    grammar = GRAMMARS[language]
    kinds = [intent_of(line, grammar) for line in LINES[language]]
    assert kinds == ["greeting", "action", "question", "dice", "choice", "other", "go_on"]


def test_who_is_spoken_to_answers_first_and_the_silent_come_next() -> None:
    stage = msgspec.structs.replace(TABLE, narrator=Narrator(kind="none"))
    for seed in range(20):
        first = parse(scene(stage, (), "한마루, 어때요?", seed), Roster.of(stage))[0]
        assert first.author.id == "maru"
        by_part = parse(scene(stage, (), "벨라도나는 알죠?", seed), Roster.of(stage))[0]
        assert by_part.author.id == "bella"
    roster = Roster.of(stage)
    spoken = [author for name in ("도이레", "한마루") if (author := roster.resolve(name))]
    history = [said(author, "말") for author in spoken]
    for seed in range(20):
        assert parse(scene(stage, history, "음.", seed), roster)[0].author.id == "bella"


def test_the_situation_opens_the_first_scene_and_no_later_one() -> None:
    stage = msgspec.structs.replace(TABLE, situation="막배가 끊긴 밤. 편지가 왔다.")
    opened = [scene(stage, (), "안녕하세요", seed) for seed in range(20)]
    assert any("막배가 끊긴 밤." in one for one in opened)
    assert not any("편지가 왔다" in one for one in opened)
    later = [said(Author(kind="character", name="도이레", id="ire"), "왔나.")]
    assert not any("막배가" in scene(stage, later, "안녕하세요", seed) for seed in range(20))


def test_a_card_chooses_how_somebody_talks() -> None:
    polite, plain = (
        Stage(
            narrator=Narrator(kind="none"),
            characters=(msgspec.structs.replace(TABLE.characters[0], speech=speech),),
        )
        for speech in ("늘 존댓말을 쓴다", "무뚝뚝한 반말")
    )
    courteous, blunt = GRAMMARS["ko"].voices[1], GRAMMARS["ko"].voices[0]
    for stage, voice, other in ((polite, courteous, blunt), (plain, blunt, courteous)):
        for seed in range(20):
            told = scene(stage, (), "그렇군요.", seed)
            assert not [one for one in other.replies["other"] if one in told]
            assert voice.replies
