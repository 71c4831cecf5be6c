"""Chains rolls by hash and proves them again: what the stamp "verified" stands on.

A hash covers the roll and the hash before it, so no roll can be changed, left out or moved without
breaking every hash behind it. There is no key: who owns the file could compute a new chain. The
stamp says that what is shown is what fell here, not that nobody could ever forge a file.
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from desktop.dialogue.dice.commands import read, rolled
from desktop.dialogue.dice.problem import LENGTH, DiceError
from desktop.protocol.base import UtcMs
from desktop.protocol.dice import DiceHash, Face, Outcome, Roll, SealedRoll

START: DiceHash = "0" * 64
"""What stands before the first roll of a room."""

_VERSION = "persona-chat dice 1"


def seal(previous_hash: DiceHash, roll: Roll, roll_id: str, time: UtcMs) -> DiceHash:
    """The SHA-256 of the roll behind ``previous_hash``, in hexadecimal."""
    canonical = msgspec.json.encode(_canonical(previous_hash, roll, roll_id, time))
    return hashlib.sha256(canonical).hexdigest()


def verify(rolls: Sequence[SealedRoll], start: DiceHash = START) -> int | None:
    """The index of the first roll that is not what was sealed or does not follow from its faces.

    ``None`` if all hold. ``rolls`` is the chain in the order of rolling; ``start`` is the hash
    before the first of them, if the chain is not told from its beginning.
    """
    previous = start
    for index, sealed in enumerate(rolls):
        if sealed.hash != seal(previous, sealed.roll, sealed.id, sealed.time):
            return index
        if recompute(sealed.roll) != sealed.roll:
            return index
        previous = sealed.hash
    return None


def recompute(roll: Roll) -> Roll | None:
    """The same roll, computed anew from nothing but its formula and its faces.

    Equal to the roll if every total, grade and mark follows from the faces. ``None`` if the faces
    cannot have fallen for this formula.
    """
    faces = _fallen(roll)
    try:
        command = read(roll.normalised, 4 * LENGTH)
        typed = read(roll.formula)
        again = rolled(roll.formula, command, lambda sides: _next(faces, sides))
    except (DiceError, ValueError, RecursionError):
        return None
    if str(typed) != roll.normalised or next(faces, None) is not None:
        return None
    return msgspec.structs.replace(again, label=typed.label)


def _fallen(roll: Roll) -> Iterator[Face]:
    return (face for one in roll.outcomes for group in one.groups for face in group.faces)


def _next(faces: Iterator[Face], sides: int) -> int:
    face = next(faces, None)
    if face is None or face.sides != sides:
        raise ValueError("other dice than the formula's")
    return face.rolled


def _canonical(previous_hash: str, roll: Roll, roll_id: str, time: UtcMs) -> list[object]:
    """Every field by hand: a field that is added one day must not break the old hashes."""
    return [
        _VERSION,
        previous_hash,
        roll_id,
        time,
        roll.formula,
        roll.normalised,
        roll.label,
        roll.secret,
        roll.contest,
        [_outcome(one) for one in roll.outcomes],
    ]


def _outcome(one: Outcome) -> list[object]:
    return [
        one.system,
        one.total,
        one.target,
        one.comparison,
        one.successes,
        one.passed,
        one.grade,
        one.grades,
        one.totals,
        one.bonus,
        one.difficulty,
        one.loss,
        one.left,
        one.picked,
        [
            [
                group.notation,
                group.total,
                [[f.sides, f.rolled, f.value, f.kept, f.exploded, f.rerolled] for f in group.faces],
            ]
            for group in one.groups
        ],
    ]
