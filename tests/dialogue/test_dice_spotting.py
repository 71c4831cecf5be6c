"""Rolls in prose: the made up ones are found, everyday numbers are left alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.dice import asked_rolls, commanded_roll, invented_rolls

CASES = json.loads((Path(__file__).parent / "invented_cases.json").read_text("utf-8"))
"""What is found in each text; the page is held against the same list."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_made_up_rolls_are_found_and_everyday_numbers_are_not(case: dict[str, Any]) -> None:
    text = case["text"]
    assert [text[start:end] for start, end in invented_rolls(text)] == case["found"]


def test_the_cases_hold_both_kinds() -> None:
    assert sum(bool(case["found"]) for case in CASES) > 20
    assert sum(not case["found"] for case in CASES) > 20


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
