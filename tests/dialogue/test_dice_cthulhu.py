"""Call of Cthulhu: the arithmetic of the percentile dice, grade by grade."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.dice import DiceError, roll
from desktop.protocol.dice import Outcome
from tests.dialogue.test_dice import falls


def percent(rolled: int) -> tuple[int, int]:
    """The tens and the ones die, each from 1 to 10, that make a percentile."""
    return (rolled // 10 % 10) or 10, (rolled % 10) or 10


def check(formula: str, rolled: int) -> Outcome:
    return roll(formula, falls(*percent(rolled))).first


@pytest.mark.parametrize(
    ("skill", "rolled", "grade"),
    [
        (60, 1, "critical"),
        (60, 2, "extreme"),
        (60, 12, "extreme"),
        (60, 13, "hard"),
        (60, 30, "hard"),
        (60, 31, "regular"),
        (60, 60, "regular"),
        (60, 61, "failure"),
        (60, 99, "failure"),
        (60, 100, "fumble"),
        (50, 96, "failure"),
        (49, 95, "failure"),
        (49, 96, "fumble"),
        (3, 1, "critical"),
        (3, 2, "regular"),
        (0, 1, "critical"),
        (120, 100, "fumble"),
        (120, 99, "regular"),
    ],
)
def test_a_check_of_the_seventh_edition_is_graded(skill: int, rolled: int, grade: str) -> None:
    outcome = check(f"CC<={skill}", rolled)
    assert (outcome.total, outcome.grade) == (rolled, grade)
    assert outcome.passed is (grade not in {"failure", "fumble"})


def test_two_zeros_are_a_hundred_and_never_nothing() -> None:
    assert roll("CC<=60", falls(10, 10)).first.total == 100
    assert roll("CC<=60", falls(10, 1)).first.total == 1
    assert roll("CC<=60", falls(1, 10)).first.total == 10


@pytest.mark.parametrize(
    ("formula", "faces", "totals", "rolled"),
    [
        ("CC(2)<=50", (3, 10, 9, 5), (35, 5, 95), 5),
        ("CC+1<=50", (3, 9, 5), (35, 95), 35),
        ("CC-1<=50", (3, 9, 5), (35, 95), 95),
        ("CC(-2)<=50", (1, 9, 3, 5), (15, 95, 35), 95),
        # 00 beside a zero on the ones die is 100, the worst and not the best.
        ("CC(1)<=50", (10, 3, 10), (100, 30), 30),
        ("CC(-1)<=50", (10, 9, 10), (100, 90), 100),
    ],
)
def test_bonus_takes_the_lowest_total_and_penalty_the_highest(
    formula: str, faces: tuple[int, ...], totals: tuple[int, ...], rolled: int
) -> None:
    outcome = roll(formula, falls(*faces)).first
    assert (outcome.totals, outcome.total) == (totals, rolled)
    kept = [face for group in outcome.groups for face in group.faces if face.kept]
    assert (sum(face.value for face in kept) or 100) == rolled


@pytest.mark.parametrize(
    ("formula", "rolled", "passed", "grade"),
    [
        ("CC<=70r", 70, True, "regular"),
        ("CC<=70h", 36, False, "regular"),
        ("CC<=70h", 35, True, "hard"),
        ("CC<=70E", 15, False, "hard"),
        ("CC<=70e", 14, True, "extreme"),
        ("CC<=70c", 2, False, "extreme"),
        ("CC<=70c", 1, True, "critical"),
        # A hard success of 70 needs 35, and less than 50 fumbles from 96 on.
        ("CC<=70h", 96, False, "fumble"),
        ("CC<=70r", 96, False, "failure"),
    ],
)
def test_a_difficulty_asks_for_a_level(formula: str, rolled: int, passed: bool, grade: str) -> None:
    outcome = check(formula, rolled)
    assert (outcome.passed, outcome.grade) == (passed, grade)


def test_a_skill_may_be_summed_and_a_check_may_lack_it() -> None:
    assert check("CC<=60+10-20", 50).passed
    bare = check("CC", 50)
    assert (bare.total, bare.passed, bare.grade) == (50, None, "")


@pytest.mark.parametrize("bonus", ["CC(3)<=50", "CC-3<=50", "CC(99999999999)<=50"])
def test_there_are_two_bonus_dice_at_most(bonus: str) -> None:
    with pytest.raises(DiceError) as refused:
        roll(bonus, lambda sides: 1)
    assert refused.value.problem.code == "bonus_out_of_range"


@pytest.mark.parametrize(
    ("skill", "rolled", "grade"),
    [
        (55, 5, "critical"),
        (55, 6, "special"),
        (55, 11, "special"),
        (55, 12, "success"),
        (55, 56, "failure"),
        (55, 95, "failure"),
        (55, 96, "fumble"),
        (3, 3, "critical"),
        (3, 4, "failure"),
        (120, 96, "success"),
        (120, 100, "failure"),
    ],
)
def test_a_check_of_the_sixth_edition_is_graded(skill: int, rolled: int, grade: str) -> None:
    assert roll(f"CCB<={skill}", falls(rolled)).first.grade == grade


@pytest.mark.parametrize(
    ("formula", "rolled", "grade", "grades"),
    [
        ("CBR(50,20)", 20, "success", ("hard", "regular")),
        ("CBR(50,20)", 21, "partial", ("hard", "failure")),
        ("CBR(50,20)", 97, "failure", ("failure", "fumble")),
        ("CBRB(50,20)", 5, "success", ("critical", "critical")),
    ],
)
def test_a_combined_roll_meets_both_one_or_none(
    formula: str, rolled: int, grade: str, grades: tuple[str, str]
) -> None:
    outcome = roll(formula, falls(rolled)).first
    assert (outcome.grade, outcome.grades) == (grade, grades)
    assert outcome.passed is (grade == "success")


def test_resistance_needs_fifty_and_five_for_each_point() -> None:
    assert roll("RES(12-8)", falls(70)).first.grade == "success"
    assert roll("RES(12-8)", falls(71)).first.grade == "failure"
    assert roll("RES(12-8)", falls(1)).first.grade == "critical"
    assert roll("RES(12-8)", falls(99)).first.grade == "failure"
    assert roll("RESB(12-8)", falls(99)).first.grade == "fumble"
    assert roll("RES(20-10)", falls()).first.grade == "automatic_success"
    assert roll("RES(1-11)", falls()).first.grade == "automatic_failure"


@pytest.mark.parametrize(
    ("formula", "faces", "passed", "loss", "left"),
    [
        ("SAN 47 1/1d6", (47,), True, 1, 46),
        ("SAN 47 1/1d6", (48, 4), False, 4, 43),
        ("SAN<=47 0/1d10+1", (96,), False, 11, 36),
        ("san 60 1d3/1d10", (60, 2), True, 2, 58),
        ("SAN 60 0/1d100", (99, 100), False, 100, 0),
        ("이성 47 1/2d10+2 시체", (100,), False, 22, 25),
    ],
)
def test_sanity_is_lost_by_the_side_of_the_slash(
    formula: str, faces: tuple[int, ...], passed: bool, loss: int, left: int
) -> None:
    outcome = roll(formula, falls(*faces)).first
    assert (outcome.passed, outcome.loss, outcome.left) == (passed, loss, left)


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        (5, 40, "first"),
        (60, 20, "second"),
        (50, 40, "first"),
        (70, 99, "neither"),
        (70, 40, "second"),
        (100, 99, "neither"),
    ],
)
def test_an_opposed_roll_goes_to_the_level_and_then_to_the_skill(
    first: int, second: int, winner: str
) -> None:
    faces = (*percent(first), *percent(second))
    assert roll("CC<=60 vs CC<=45", falls(*faces)).contest == winner


def test_equal_levels_and_skills_are_a_tie() -> None:
    assert roll("CC<=60 대항 CC<=60", falls(*percent(50), *percent(40))).contest == "tie"


def test_a_difficulty_that_was_missed_wins_nothing() -> None:
    result = roll("CC<=60h vs CC<=60", falls(*percent(40), *percent(50)))
    assert result.contest == "second"


def test_a_secret_repeated_check_keeps_all_outcomes() -> None:
    result = roll("Sx2 CC<=50 관찰력", falls(*percent(3), *percent(60)))
    assert (result.secret, result.label, result.normalised) == (True, "관찰력", "Sx2 CC<=50")
    assert [one.grade for one in result.outcomes] == ["extreme", "failure"]


@given(skill=st.integers(0, 130), bonus=st.integers(-2, 2), seed=st.randoms(use_true_random=False))
def test_more_bonus_never_hurts(skill: int, bonus: int, seed: object) -> None:
    faces = [int(seed.randint(1, 10)) for _ in range(4)]  # type: ignore[attr-defined]
    count = 1 + abs(bonus)

    def fixed() -> Callable[[int], int]:
        return falls(*faces[:count], faces[3])

    rolled = roll(f"CC({bonus})<={skill}", fixed()).first
    plain = roll(f"CC<={skill}", falls(faces[0], faces[3])).first
    assert 1 <= rolled.total <= 100
    assert rolled.total <= plain.total if bonus >= 0 else rolled.total >= plain.total
