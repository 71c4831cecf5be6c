"""The chain of rolls: nothing can be changed, left out or moved without being noticed."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.dice import START, recompute, roll, seal, verify
from desktop.protocol.base import UtcMs
from desktop.protocol.dice import Roll, SealedRoll
from tests.dialogue.test_dice import falls

FORMULAS = (
    "2d6+3", "4d6kh3", "6d6!>=5", "CC(2)<=50h 관찰력", "x4 CC<=50", "SAN 47 1/1d6", "choice[a,b,c]",
    "RES(20-1)", "CC<=60 vs CC<=45", "S2d6r1 # 비밀", "4dF*2-1", "adv+3>=12",
)  # fmt: skip


def chain(*formulas: str, seed: int = 1) -> list[SealedRoll]:
    chance = random.Random(seed)
    previous, sealed = START, []
    for number, formula in enumerate(formulas):
        result = roll(formula, lambda sides: chance.randint(1, sides))
        time = UtcMs(1_767_225_600_000 + number)
        previous = seal(previous, result, f"r{number}", time)
        sealed.append(SealedRoll(id=f"r{number}", roll=result, time=time, hash=previous))
    return sealed


def test_an_untouched_chain_holds_from_any_place() -> None:
    rolls = chain(*FORMULAS)
    assert verify(rolls) is None
    assert verify([]) is None
    assert verify(rolls[3:], start=rolls[2].hash) is None
    assert verify(rolls[3:]) == 0


def test_a_chain_survives_being_stored_as_json() -> None:
    rolls = chain(*FORMULAS)
    stored = msgspec.json.decode(msgspec.json.encode(rolls), type=list[SealedRoll])
    assert stored == rolls
    assert verify(stored) is None


def test_the_hash_of_a_known_roll_never_changes() -> None:
    """Old stamps must hold in every later version: change this only with a new version word."""
    known = roll("2d6+3 피해", falls(2, 5))
    assert seal(START, known, "r1", UtcMs(1_767_225_600_000)) == KNOWN


KNOWN = "680c77f04d4129ac7114a1bde5b527c36041315b3a36fbc15520aa2240d1332e"


@given(place=st.integers(0, len(FORMULAS) - 1), seed=st.integers(0, 50))
def test_a_changed_roll_breaks_the_chain_at_its_place(place: int, seed: int) -> None:
    rolls = chain(*FORMULAS, seed=seed)
    forged = msgspec.structs.replace(
        rolls[place].roll.first, total=rolls[place].roll.first.total + 1
    )
    outcomes = (forged, *rolls[place].roll.outcomes[1:])
    changed = msgspec.structs.replace(rolls[place].roll, outcomes=outcomes)
    rolls[place] = msgspec.structs.replace(rolls[place], roll=changed)
    assert verify(rolls) == place


@pytest.mark.parametrize("field", ["id", "time", "hash", "label", "secret"])
def test_every_part_of_an_entry_is_sealed(field: str) -> None:
    rolls = chain(*FORMULAS)
    entry = rolls[4]
    rolls[4] = {
        "id": lambda: msgspec.structs.replace(entry, id="other"),
        "time": lambda: msgspec.structs.replace(entry, time=UtcMs(entry.time + 1)),
        "hash": lambda: msgspec.structs.replace(entry, hash="0" * 64),
        "label": lambda: _with_roll(entry, label="다른 판정"),
        "secret": lambda: _with_roll(entry, secret=True),
    }[field]()
    assert verify(rolls) == 4


def _with_roll(entry: SealedRoll, **fields: object) -> SealedRoll:
    changed = msgspec.structs.replace(entry.roll, **fields)
    return msgspec.structs.replace(entry, roll=changed)


def test_rolls_cannot_be_left_out_or_moved() -> None:
    rolls = chain(*FORMULAS)
    assert verify([*rolls[:2], *rolls[3:]]) == 2
    assert verify([*rolls[:2], rolls[3], rolls[2], *rolls[4:]]) == 2
    assert verify(rolls[1:]) == 0


def test_a_forged_total_is_noticed_even_with_a_hash_of_its_own() -> None:
    honest = roll("2d6", falls(1, 1))
    better = msgspec.structs.replace(honest.first, total=12)
    forged = msgspec.structs.replace(honest, outcomes=(better,))
    time = UtcMs(0)
    entry = SealedRoll(id="r", roll=forged, time=time, hash=seal(START, forged, "r", time))
    assert verify([entry]) == 0
    assert recompute(forged) == honest


def test_faces_of_another_formula_are_no_proof() -> None:
    result = roll("2d6", falls(6, 6))
    for formula in ("3d6", "1d6", "2d8", "2d6+5", "nonsense"):
        other: Roll = msgspec.structs.replace(result, formula=formula, normalised=formula)
        assert recompute(other) != other
    assert recompute(msgspec.structs.replace(result, formula="2d6+5")) is None


def test_a_grade_is_recomputed_from_the_faces() -> None:
    result = roll("CC<=60", falls(9, 5))
    flattered = msgspec.structs.replace(result.first, grade="critical", passed=True)
    again = recompute(msgspec.structs.replace(result, outcomes=(flattered,)))
    assert again is not None
    assert again.first.grade == "failure"
