"""Korean words behind their particles, and never inside another word."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.hangul import (
    compose,
    decompose,
    find_initials,
    josa,
    occurrences,
    occurs,
)
from desktop.dialogue.mentions import last_mentioned, mentions, suggested
from desktop.protocol.hangul import initials
from desktop.protocol.models import Character

SYLLABLES = st.integers(0xAC00, 0xD7A3).map(chr)


@given(SYLLABLES)
def test_a_syllable_taken_apart_is_put_together_again(syllable: str) -> None:
    initial, vowel, final = decompose(syllable)
    assert compose(initial, vowel, final) == syllable
    assert initials(syllable) == initial


@pytest.mark.parametrize("wrong", ["", "a", "ㄱ", "가나", "漢"])
def test_only_one_syllable_is_taken_apart(wrong: str) -> None:
    with pytest.raises(ValueError, match="no Hangul syllable"):
        decompose(wrong)


def test_initials_keep_every_place() -> None:
    assert initials("등대지기 GM ㅋ") == "ㄷㄷㅈㄱ GM ㅋ"


FOUND = [
    ("강", "강을 건넜다"),
    ("강", "그는 강에서 왔다"),
    ("강", "강이다. 강!"),
    ("강", "저기 강"),
    ("등대", "등대로 간다"),
    ("등대", "등대에서는 불빛이"),
    ("등대", "(등대)"),
    ("등대", "등대라는 곳"),
    ("등대", "등대였다"),
    ("등대", "등대까지도"),
    ("항구", "항구의 밤"),
    ("하루", "하루씨가 왔다"),
    ("하루", "하루님께서"),
    ("하루", "하루한테 물어"),
    ("하루", "하루랑 나랑"),
    ("달", "달로 간다"),
    ("달", "달이 떴다"),
    ("민준", "민준아, 일어나"),
    ("민준", "민준이라는 사람"),
    ("등대지기", "등대지기들은"),
    ("붉은 달", "붉은  달이 떴다"),
    ("GM", "GM이 말했다"),
    ("Haru", "haru's lamp"),
    ("Haru", "그haru가"),
    ("灯台", "古灯台守"),
    ("ハル", "ハルは"),
    ("3호실", "3호실에서"),
]
NOT_FOUND = [
    ("강", "강아지가 짖는다"),
    ("강", "한강을 건넜다"),
    ("강", "강당에 모였다"),
    ("강", "강가에 앉았다"),
    ("달", "배달이 왔다"),
    ("달", "달걀을 샀다"),
    ("등대", "등대지기가 왔다"),
    ("등대", "옛등대에서"),
    ("소", "소은이 왔다"),
    ("차", "차고에 있다"),
    ("바", "바다로 간다"),
    ("하루", "하루살이"),
    ("GM", "GMO 식품"),
    ("art", "party"),
    ("cat", "cat_food"),
    ("3호실", "13호실에서"),
]


@pytest.mark.parametrize(("word", "text"), FOUND)
def test_a_word_is_found_behind_its_particles(word: str, text: str) -> None:
    ((start, end), *_) = occurrences(word, text)
    assert text[start:end].replace(" ", "").lower() == word.replace(" ", "").lower()


@pytest.mark.parametrize(("word", "text"), NOT_FOUND)
def test_a_word_is_not_found_inside_another(word: str, text: str) -> None:
    assert not occurs(word, text)


def test_compounds_and_parts_are_found_only_where_asked_for() -> None:
    assert occurs("등대", "등대지기가", "compound")
    assert not occurs("등대", "옛등대가", "compound")
    assert occurs("등대", "옛등대지기", "partial")
    assert occurs("art", "party", "partial")
    assert not occurs("art", "artist", "compound")


def test_case_counts_only_where_asked_for() -> None:
    assert occurrences("HARU", "haru", case_sensitive=True) == ()
    assert occurrences("HARU", "haru") == ((0, 4),)


def test_spaces_are_ignored_only_where_asked_for() -> None:
    assert not occurrences("등대지기", "등대 지기가")
    assert occurrences("등대지기", "등대 지기가", ignore_spaces=True) == ((0, 5),)
    assert occurrences("등대 지기", "등대지기가", ignore_spaces=True) == ((0, 4),)


def test_text_in_decomposed_letters_is_found() -> None:
    assert occurs("등대", unicodedata.normalize("NFD", "등대에서"))
    assert occurs(unicodedata.normalize("NFD", "등대"), "등대에서")


def test_nothing_is_found_for_nothing() -> None:
    assert occurrences("  ", "등대") == ()
    assert occurrences(".*", "등대") == ()


@given(st.text(max_size=12), st.text(max_size=40))
def test_any_word_in_any_text_gives_places_of_the_word(word: str, text: str) -> None:
    for start, end in occurrences(word, text):
        assert 0 <= start < end <= len(unicodedata.normalize("NFC", text))


@given(st.text("가나다라강등대달", min_size=1, max_size=4), st.sampled_from([" ", ", ", ""]))
def test_a_word_between_spaces_is_always_found(word: str, around: str) -> None:
    assert occurs(word, f"x{around or ' '}{word}{around or '.'}")


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("ㄷㄷㅈㄱ", "그 등대지기는", ((2, 6),)),
        ("ㄷㄷ", "등대와 도둑", ((0, 2), (4, 6))),
        ("ㄷㅈ", "등대지기", ()),
        ("ㅋㅋ", "ㅋㅋㅋ", ()),
        ("ㄷ대", "등대", ()),
        ("", "등대", ()),
    ],
)
def test_consonants_find_how_words_begin(
    query: str, text: str, found: tuple[tuple[int, int], ...]
) -> None:
    assert find_initials(query, text) == found


@pytest.mark.parametrize(
    ("word", "pair", "half"),
    [
        ("하루", "은/는", "는"),
        ("민준", "은/는", "은"),
        ("등불", "으로/로", "로"),
        ("서울", "이/가", "이"),
        ("강", "으로/로", "으로"),
        ("7", "이/가", "이"),
        ("5", "이/가", "가"),
        ("Haru", "은/는", "는"),
        ("Ren", "은/는", "은"),
        ("レン", "이/가", "이"),
        ("하루!", "을/를", "를"),
        ("漢", "은/는", "은(는)"),
        ("…", "은/는", "은(는)"),
    ],
)
def test_a_particle_fits_its_word(word: str, pair: str, half: str) -> None:
    assert josa(word, pair) == half


IRE = Character(id="ire", name="도이레", aliases=("등대지기", "Keeper"))
MARU = Character(id="maru", name="마루")
HAN = Character(id="han", name="한마루")
TABLE = (IRE, MARU, HAN)


def test_whoever_is_named_is_found_in_order() -> None:
    text = "한마루가 등대지기에게, 마루도. Keeper!"
    assert [one.character_id for one in mentions(text, TABLE)] == ["han", "ire", "maru", "ire"]
    assert last_mentioned(text, TABLE) == "ire"
    assert last_mentioned("마루판을 닦는다", TABLE) is None


def test_the_longer_name_counts_and_who_is_away_does_not() -> None:
    seo = Character(id="seo", name="서 유온")
    yuon = Character(id="yuon", name="유온")
    assert [one.character_id for one in mentions("서 유온은", (yuon, seo))] == ["seo"]
    away = Character(id="away", name="도이레", enabled=False)
    assert mentions("도이레가", (away,)) == ()


def test_a_typed_beginning_suggests_names() -> None:
    assert suggested("@도이", TABLE) == ("ire",)
    assert suggested("ㄷㅇㄹ", TABLE) == ("ire",)
    assert suggested("마루", TABLE) == ("maru", "han")
    assert suggested("kee", TABLE) == ("ire",)
    assert suggested("없음", TABLE) == ()
    assert suggested("", TABLE) == ("ire", "maru", "han")
