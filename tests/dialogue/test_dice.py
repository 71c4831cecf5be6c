"""Dice in general notation: what is read, what falls, what it comes to, and what is refused."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.dice import DiceError, recompute, roll
from desktop.dialogue.dice.problem import AGAIN, DICE, FACES, LARGEST
from desktop.protocol.dice import Roll


def falls(*faces: int) -> Callable[[int], int]:
    """Chance that gives these faces and no more."""
    given: Iterator[int] = iter(faces)
    return lambda sides: next(given)


def total(formula: str, *faces: int) -> int:
    return roll(formula, falls(*faces)).first.total


def kept(result: Roll) -> list[int]:
    return [face.value for group in result.first.groups for face in group.faces if face.kept]


@pytest.mark.parametrize(
    ("formula", "faces", "came_to"),
    [
        ("2d6+3", (4, 5), 12),
        ("d20", (17,), 17),
        ("D%", (100,), 100),
        ("1d6*2-1", (4,), 7),
        ("1d6*(2-1)", (4,), 4),
        ("10-1d4-1d4", (1, 2), 7),
        ("7/2", (), 3),
        ("-7/2", (), -4),
        ("2*-1d4", (3,), -6),
        ("12/2*3", (), 18),
        ("12/(2*3)", (), 2),
        ("4dF", (1, 2, 3, 3), 1),
        ("２ｄ６＋３", (1, 1), 5),
        ("3 × 1d4 − 1", (2,), 5),
        ("4d6kh3", (1, 5, 3, 6), 14),
        ("4d6k3", (1, 5, 3, 6), 14),
        ("4d6kl2", (1, 5, 3, 6), 4),
        ("4d6dl1", (1, 5, 3, 6), 14),
        ("4d6dh1", (1, 5, 3, 6), 9),
        ("2d20kh", (3, 18), 18),
        ("1d20adv", (3, 18), 18),
        ("d20 dis + 2", (3, 18), 5),
        ("adv+5", (3, 18), 23),
        ("이점", (3, 18), 18),
        ("2d6!", (6, 6, 2, 3), 17),
        ("1d6!kh1", (6, 4), 6),
        ("2d6r1", (1, 1, 4, 5), 9),
        ("2d6ro1", (1, 1, 5), 6),
        ("1d6r<=2", (2, 1, 3), 3),
        ("1d6r>4", (5, 6, 4), 4),
    ],
)
def test_a_formula_comes_to_what_its_faces_say(
    formula: str, faces: tuple[int, ...], came_to: int
) -> None:
    assert total(formula, *faces) == came_to


@pytest.mark.parametrize(
    ("formula", "faces", "system", "came_to", "passed"),
    [
        ("2d6+3>=9", (1, 4), "sum", 8, False),
        ("2d6+3>=9", (2, 4), "sum", 9, True),
        ("2d6>=5", (2, 4), "sum", 6, True),
        ("3d6<=10", (3, 4, 4), "sum", 11, False),
        ("6d6>=5", (5, 6, 1, 2, 3, 4), "pool", 2, True),
        ("3d10>9", (9, 9, 9), "pool", 0, False),
        ("2b10>=7", (7, 1), "pool", 1, True),
        ("3d6!>=5", (6, 5, 1, 2), "pool", 2, True),
        ("1d20 ≥ 15", (15,), "sum", 15, True),
        ("1d6=3", (3,), "sum", 3, True),
        ("1d6!=3", (3,), "sum", 3, False),
        ("1d20>=-5", (1,), "sum", 1, True),
    ],
)
def test_a_comparison_checks_the_sum_or_counts_a_handful(
    formula: str, faces: tuple[int, ...], system: str, came_to: int, passed: bool
) -> None:
    outcome = roll(formula, falls(*faces)).first
    assert (outcome.system, outcome.total, outcome.passed) == (system, came_to, passed)
    assert outcome.grade == ("success" if passed else "failure")


def test_two_dice_tell_both_the_sum_and_how_many_met_the_target() -> None:
    outcome = roll("2d6>=5", falls(5, 3)).first
    assert (outcome.total, outcome.successes) == (8, 1)


def test_every_face_tells_what_became_of_it() -> None:
    (group,) = roll("2d6r1!kh2", falls(1, 6, 3, 2)).first.groups
    told = [(f.value, f.kept, f.rerolled, f.exploded) for f in group.faces]
    assert told == [
        (1, False, True, False),
        (6, True, False, False),
        (3, True, False, True),
        (2, False, False, False),
    ]
    assert group.total == 9


@pytest.mark.parametrize(
    ("formula", "label", "normalised"),
    [
        ("1d20 # 이유", "이유", "1d20"),
        ("2d6+3 피해", "피해", "2d6+3"),
        ("2d6+3피해", "피해", "2d6+3"),
        ("1d20+2 attack roll # again", "attack roll again", "1d20+2"),
        (" ( 1d4 + 1 ) * 2 ", "", "(1d4+1)*2"),
        ("1-(2-3)", "", "1-(2-3)"),
        ("s2d6", "", "S2d6"),
        ("x3 1d6", "", "x3 1d6"),
    ],
)
def test_a_label_stays_apart_from_the_formula(formula: str, label: str, normalised: str) -> None:
    result = roll(formula, lambda sides: 1)
    assert (result.formula, result.label, result.normalised) == (formula, label, normalised)


def test_repeats_and_secrets_are_told() -> None:
    result = roll("Sx3 1d6", falls(1, 2, 3))
    assert result.secret
    assert [one.total for one in result.outcomes] == [1, 2, 3]
    assert not roll("rep2 1d6", falls(1, 2)).secret


def test_a_choice_is_one_of_the_words() -> None:
    result = roll("choice[등대, 배,ＡＢ]", falls(3))
    assert result.first.picked == "ＡＢ"
    assert result.first.groups[0].faces[0].sides == 3
    assert roll("choice(a,b)", falls(1)).first.picked == "a"


@pytest.mark.parametrize(
    ("formula", "code", "position"),
    [
        ("", "empty", 0),
        ("   ", "empty", 0),
        ("# only a comment", "empty", 0),
        ("1" * 201, "too_long", 200),
        ("(" * 21 + "1", "too_deep", 20),
        ("-" * 30 + "1", "too_deep", 20),
        ("501d6", "too_many_dice", 0),
        ("300d6+300d6", "too_many_dice", 0),
        ("x20 26d6", "too_many_dice", 0),
        ("1d1000001", "too_many_sides", 2),
        ("9" * 50, "too_large", 0),
        ("999999999*999999999", "too_large", 9),
        ("x21 1d6", "too_many_repeats", 1),
        ("x0 1d6", "no_dice", 1),
        ("0d6", "no_dice", 0),
        ("2d0", "no_sides", 2),
        ("choice[ , ]", "no_choice", 7),
        ("2d1!", "endless", 3),
        ("2d6r<=6", "endless", 3),
        ("2d6r>0", "endless", 3),
        ("2d6kh1kl1", "twice", 6),
        ("2d6!!", "twice", 4),
        ("2d6+", "unfinished", 4),
        ("(2d6", "unfinished", 4),
        ("2d6>=", "unfinished", 5),
        ("3b6", "unfinished", 3),
        ("2d6)", "unexpected", 3),
        ("2d6 3", "unexpected", 4),
        ("2d6x", "unexpected", 3),
        ("hello", "unexpected", 0),
        ("1d6/0", "divided_by_zero", 3),
        ("2d20adv", "advantage_of_one_die", 4),
        ("2d6 vs 1d6", "no_contest", 7),
    ],
)
def test_what_cannot_be_rolled_is_refused_with_a_code_and_a_place(
    formula: str, code: str, position: int
) -> None:
    with pytest.raises(DiceError) as refused:
        roll(formula, lambda sides: 1)
    assert (refused.value.problem.code, refused.value.problem.position) == (code, position)


def test_explosions_and_rerolls_come_to_an_end() -> None:
    exploded = roll("2d6!", lambda sides: sides).first
    assert len(exploded.groups[0].faces) == 2 * (AGAIN + 1)
    stubborn = roll("1d6r1", lambda sides: 1).first
    assert len(stubborn.groups[0].faces) == AGAIN + 1
    assert kept(roll("1d6r1", lambda sides: 1)) == [1], "the last throw counts"
    most = roll(f"{DICE}d6r<=5!", lambda sides: 1).first
    assert len(most.groups[0].faces) <= FACES + DICE


def test_chance_that_is_not_on_the_die_is_a_bug_and_no_roll() -> None:
    with pytest.raises(ValueError, match="chance gave 7"):
        roll("1d6", lambda sides: 7)


WORDS = """1 2 6 20 99 d D b % F ! k kh kl dh dl r ro adv dis + - * / ( ) >= <= < > = # x4 rep2 S
CC CCB CBR RES SAN choice [ ] , vs 대항 피해 등대 ｄ ６ ≥ × e h 999999999 (2) <=60 (12-8) (50,20)
1/1d6"""
PIECES = st.lists(st.sampled_from([*WORDS.split(), " ", "\u200b"]), max_size=14).map("".join)


@given(formula=st.one_of(PIECES, st.text(max_size=40)), seed=st.randoms(use_true_random=False))
def test_no_text_crashes_the_dice_and_every_roll_follows_from_its_faces(
    formula: str, seed: object
) -> None:
    def chance(sides: int) -> int:
        return int(seed.randint(1, sides))  # type: ignore[attr-defined]

    place, result = 0, None
    try:
        result = roll(formula, chance)
    except DiceError as refused:
        place = refused.problem.position
    assert 0 <= place <= len(formula)
    if result is None:
        return
    assert all(abs(one.total) <= LARGEST for one in result.outcomes)
    assert recompute(result) == result


@given(
    count=st.integers(1, 30),
    sides=st.integers(2, 100),
    keep=st.sampled_from(["kh", "kl", "dh", "dl"]),
    number=st.integers(0, 35),
    seed=st.randoms(use_true_random=False),
)
def test_keeping_the_highest_is_dropping_the_lowest_rest(
    count: int, sides: int, keep: str, number: int, seed: object
) -> None:
    faces = [int(seed.randint(1, sides)) for _ in range(count)]  # type: ignore[attr-defined]
    ordered = sorted(faces, reverse=True)
    expected = {
        "kh": ordered[:number],
        "kl": ordered[::-1][:number],
        "dh": ordered[number:],
        "dl": ordered[::-1][number:],
    }[keep]
    result = roll(f"{count}d{sides}{keep}{number}", falls(*faces))
    assert sorted(kept(result)) == sorted(expected)
    assert result.first.total == sum(expected)


def test_the_fuzz_does_reach_rolls_and_refusals() -> None:
    """The property above would hold for dice that refuse everything."""
    seen = set()
    for formula in ("2d6!kh1", "CC(2)<=60h", "xd", "SAN99 1/1d6", "x4CC"):
        try:
            roll(formula, lambda sides: 1)
            seen.add("rolled")
        except DiceError:
            seen.add("refused")
    assert seen == {"rolled", "refused"}
