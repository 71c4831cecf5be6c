"""Rolls in prose: the made up ones are found, everyday numbers are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.dice import asked_rolls, commanded_roll, invented_rolls

INVENTED = [
    "2d6 = 9",
    "그는 1d20+3 → 15 로 문을 열었다.",
    "1D100＝34",
    "2d6: 9",
    "[[1d20]] = 17",
    "[[1d20+2]] → 19",
    "(1D100<=60) ＞ 34 ＞ 성공",
    "(1D100<=60) 보너스, 패널티 주사위[0] ＞ 34 ＞ 34 ＞ 어려운 성공",
    "CC<=60 관찰력 → 34",
    "주사위를 굴린 결과 17이다.",
    "판정 결과: 34",
    "주사위 눈은 5였다.",
    "주사위를 굴리자 17이 나왔다.",
    "관찰력 판정: 34/60 성공",
    "관찰력 판정: 34, 성공!",
    "She rolled a 17.",
    "He rolls a natural 20!",
    "You roll a 12 on the d20.",
    "The die shows a 4.",
    "The dice come up 9.",
    "Dice roll: 14",
    "サイコロの出目は5だった。",
    "ダイスの結果：34",
    "サイコロを振ると6が出た。",
    "目星判定：34 成功",
    "1d100 ＞ 34 ＞ 成功",
]
EVERYDAY = [
    "주사위 3개를 던졌다.",
    "회의 결과 3명이 남았다.",
    "선거 결과: 34표 차",
    "2d6을 굴려 주세요.",
    "[[판정: 관찰력 CC<=60]]",
    "CC<=60 을 굴리자.",
    "2d6+3>=9 로 판정한다.",
    "R2-D2 = 9",
    "R2D2: 3",
    "비타민 D3: 5mg",
    "오늘 판정은 3시에 나온다.",
    "판정 결과 3명이 다쳤다.",
    "그가 굴린 통 3개가 나무에 부딪혔다.",
    "He rolled 3 barrels down the hill.",
    "He rolled a 20-pound barrel.",
    "She rolled a 2 liter bottle away.",
    "The roll call lists 20 names.",
    "Seven die in 1892.",
    "They die. 20 remain.",
    "The dice were 3 centuries old.",
    "x = 9, d = 4",
    "3D 영화 = 15000원",
    "서랍에 주사위가 있다. 결과는 알 수 없다. 12시다.",
    "サイコロを3個振った。",
    "会議の結果、3人が残った。",
    "判定の結果3人が倒れた。",
    "D4 초소 → 3번 문",
    "2024년 12월 3일",
]


@pytest.mark.parametrize("text", INVENTED)
def test_a_made_up_roll_is_found(text: str) -> None:
    spans = invented_rolls(text)
    assert spans, text
    start, end = spans[0]
    assert any(char.isdigit() for char in text[start:end])


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_numbers_are_no_rolls(text: str) -> None:
    assert [text[start:end] for start, end in invented_rolls(text)] == []


def test_several_made_up_rolls_are_found_at_their_places() -> None:
    text = "먼저 2d6 = 9, 다음은 1d20 → 3."
    assert [text[start:end] for start, end in invented_rolls(text)] == ["2d6 = 9", "1d20 → 3"]


@pytest.mark.parametrize(
    ("text", "label", "formula"),
    [
        ("문을 살핀다. [[판정: 관찰력 CC<=60]]", "관찰력", "CC<=60"),
        ("[[관찰력 CC(1)<=60h]] 굴려요", "관찰력", "CC(1)<=60h"),
        ("[[1d20+2]]", "", "1d20+2"),
        ("[[roll: 2d6+3]]", "", "2d6+3"),
        ("[[Roll spot hidden CC<=45]]", "spot hidden", "CC<=45"),
        ("[[判定：目星 CCB<=55]]", "目星", "CCB<=55"),
        ("[[CC<=60 관찰력]]", "관찰력", "CC<=60 관찰력"),
        ("[[choice[왼쪽,오른쪽]]]", "", "choice[왼쪽,오른쪽]"),
        ("[[SAN 47 1/1d6]]", "", "SAN 47 1/1d6"),
    ],
)
def test_a_request_for_a_roll_is_found(text: str, label: str, formula: str) -> None:
    (asked,) = asked_rolls(text)
    assert (asked.label, asked.formula) == (label, formula)
    assert text[asked.start : asked.end].startswith("[[")
    assert text[asked.start : asked.end].endswith("]]")


@pytest.mark.parametrize(
    "text",
    [
        "[[등대]]",
        "[[3]]",
        "[[2024-12-03]]",
        "[[1]]",
        "[1d20]",
        "[[1d20",
        "[[1d20]] = 17",
        "[[관찰력 판정]]",
        "[[501d6]]",
        "CC<=60",
        "[[\n1d20]]",
    ],
)
def test_brackets_without_dice_are_no_request(text: str) -> None:
    assert asked_rolls(text) == ()


def test_several_requests_keep_their_order() -> None:
    asked = asked_rolls("[[1d20]] 그리고 [[힘 CC<=50]]")
    assert [one.formula for one in asked] == ["1d20", "CC<=50"]


@pytest.mark.parametrize(
    ("line", "formula"),
    [
        ("/roll 2d6+3", "2d6+3"),
        (" /r CC<=60 관찰력 ", "CC<=60 관찰력"),
        ("/굴림 1d20", "1d20"),
        ("/roll", ""),
        ("/rolling 2d6", None),
        ("2d6", None),
        ("길 /roll 2d6", None),
    ],
)
def test_a_command_line_gives_its_formula(line: str, formula: str | None) -> None:
    assert commanded_roll(line) == formula


WORDS = "1d20 2d6 ( ) = ＞ 주사위 결과 판정 [[ ]] rolled 17 dice +1 CC<=60 出目"


@given(st.lists(st.sampled_from([*WORDS.split(), " ", "\n"]), max_size=200).map("".join))
def test_spans_are_in_order_and_never_overlap(text: str) -> None:
    last = 0
    for start, end in invented_rolls(text):
        assert last <= start < end <= len(text)
        last = end
    for asked in asked_rolls(text):
        assert text[asked.start : asked.start + 2] == "[["


def test_a_hostile_text_is_read_quickly() -> None:
    """No gap in the patterns is long: the work grows with the text, not with its square."""
    for piece in ("1d20 ", "주사위 ", "((((1d6", "+1", "[[1d20 ", "판정 : ", "= → "):
        assert invented_rolls(piece * 5_000) is not None
        assert asked_rolls(piece * 5_000) is not None
