"""The storyteller's words: what it takes from a line, and how names and nouns fit its patterns."""

import re
from collections import Counter

import pytest

from desktop.protocol.models import Language, Persona, Stage
from desktop.providers.storyteller.intent import intent_of
from desktop.providers.storyteller.korean import echo_word, particle
from desktop.providers.storyteller.phrasing import fill
from desktop.providers.storyteller.scene import GRAMMARS, scene
from tests.dialogue.tables import LANGUAGES, TABLE
from tests.providers.storyteller_patterns import patterns


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("주사위를 던져 볼까?", "dice"),
        ("1D100", "dice"),
        ("abc2d6x", "other"),
        ("3번", "choice"),
        ("문을 연다.", "action"),
        ("(문을 연다)", "action"),
        ("그건 좀 이상하네요.", "other"),
        ("정말요?”", "question"),
    ],
)
def test_the_surface_of_a_line_tells_its_kind(line: str, intent: str) -> None:
    assert intent_of(line, GRAMMARS["ko"]) == intent


def test_a_word_of_my_line_comes_back_sometimes() -> None:
    echoes = ["‘저울’" in scene(TABLE, (), "저울에서 소리가 났어요.", seed) for seed in range(60)]
    assert 5 < sum(echoes) < 55


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("젖은 편지를 본다", "편지"),
        ("등대까지 걸었다", "등대"),
        ("그냥 좋네요", ""),
        ("너 때문에", ""),
        ("괜찮을 거야", ""),
        ("갔을 때", ""),
    ],
)
def test_only_a_noun_is_quoted(line: str, word: str) -> None:
    assert echo_word(line) == word


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_quoted_as_if_it_were_a_word(language: Language) -> None:
    names = {"ko": "한마루를 본다", "en": "I see the Lantern", "ja": "灯台へ行く"}
    stage = Stage(
        language=language,
        me=Persona(name={"ko": "한마루", "en": "Lantern", "ja": "灯台"}[language]),
        characters=TABLE.characters,
    )
    mark = {"ko": "‘", "en": "'", "ja": "「"}[language]
    told = [scene(stage, (), names[language], seed) for seed in range(40)]
    assert not [one for one in told if f"{mark}{stage.me.name}" in one]


@pytest.mark.parametrize(
    ("word", "pair", "fitting"),
    [
        ("도이레", "은/는", "는"),
        ("윤슬", "은/는", "은"),
        ("윤슬", "으로/로", "로"),
        ("한마음", "으로/로", "으로"),
        ("한마루", "아/야", "야"),
        ("R2", "이/가", "가"),
        ("7", "으로/로", "로"),
        ("10", "과/와", "과"),
        ("3", "을/를", "을"),
        ("Kim", "은/는", "은"),
        ("Kate", "은/는", "는"),
        ("Jack", "이/가", "이"),
        ("Paul", "으로/로", "로"),
        ("GM", "이/가", "이"),
        ("AI", "이/가", "가"),
        ("‘편지’", "이라고/라고", "라고"),
        ("유온 (수습)", "을/를", "을"),
        ("さん", "은/는", "은"),
        ("🙂", "은/는", "은(는)"),
        ("🙂", "아/야", ""),
        ("伊禮", "이/가", "이(가)"),
    ],
)
def test_particles_fit_the_last_sound(word: str, pair: str, fitting: str) -> None:
    assert particle(word, pair) == fitting


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_can_be_filled_and_leaves_no_slot_open(language: Language) -> None:
    slots = {"me": "서유온", "other": "윤슬", "word": "편지", "situation": "밤.", "number": "8"}
    for pattern in patterns(GRAMMARS[language]):
        filled = fill(pattern, slots)
        assert filled
        assert not re.search(r"[{}|\[\]\n*]", filled), pattern
    for choice in GRAMMARS[language].choices:
        assert not any(":" in way or "：" in way for way in choice.ways), "it could be a tag"
    assert fill("{me} {other}", {"me": "나"}) is None


def test_korean_patterns_never_put_a_bare_particle_behind_a_name() -> None:
    """A particle that changes with the sound before it must be written as a slot."""
    bare = re.compile(r"\{\w+\}’?(?:은|는|이|가|을|를|과|와|아|야|으로|로|지|이지|이야)(?![가-힣])")
    assert [one for one in patterns(GRAMMARS["ko"]) if bare.search(one)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_patterns_share_a_sentence(language: Language) -> None:
    """Else two different patterns in neighbouring turns would repeat each other."""
    found = Counter(
        one.strip()
        for pattern in patterns(GRAMMARS[language])
        for one in re.split(r"(?<=[.!?。？！…])", pattern)
        if len(one.strip()) > 3
    )
    assert [one for one, times in found.items() if times > 1] == []
