"""Throws dice with chance from outside and adds them up."""

from collections.abc import Callable

from desktop.dialogue.dice.problem import AGAIN, FACES, DiceError, within
from desktop.dialogue.dice.terms import (
    COMPARISONS,
    Comparison,
    Negative,
    Number,
    Operation,
    Pool,
    Term,
)
from desktop.protocol.dice import DiceGroup, Face, Outcome

Chance = Callable[[int], int]
"""Gives a whole number from 1 to as many sides as it is asked for."""


class Thrower:
    """Throws for one formula and remembers how much has fallen."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._fallen = 0

    def one(self, sides: int) -> int:
        """Raises ``ValueError`` if chance gives what is not on the die: that is a bug."""
        rolled = self._chance(sides)
        if not 1 <= rolled <= sides:
            raise ValueError(f"chance gave {rolled} on a die of {sides}")
        self._fallen += 1
        return rolled

    @property
    def tired(self) -> bool:
        return self._fallen >= FACES

    def handful(self, pool: Pool) -> DiceGroup:
        """All dice of a pool, each with what it was thrown again for."""
        faces: list[Face] = []
        for _ in range(pool.count):
            exploded = False
            for _again in range(AGAIN + 1):
                last = self._settled(pool, exploded, faces)
                exploded = True
                if not (pool.explodes and last.rolled == pool.sides) or self.tired:
                    break
        faces = _chosen(pool, faces)
        return DiceGroup(
            notation=str(pool), faces=tuple(faces), total=sum(f.value for f in faces if f.kept)
        )

    def _settled(self, pool: Pool, exploded: bool, faces: list[Face]) -> Face:
        """Throw one die until it may lie, and add every face of it."""
        tries = 0 if pool.reroll is None else 1 if pool.reroll.once else AGAIN
        while True:
            rolled = self.one(pool.sides)
            value = rolled - 2 if pool.fate else rolled
            again = pool.reroll is not None and tries > 0 and pool.reroll.condition.holds(value)
            again = again and not self.tired
            face = Face(
                sides=pool.sides,
                rolled=rolled,
                value=value,
                kept=not again,
                exploded=exploded,
                rerolled=again,
            )
            faces.append(face)
            if not again:
                return face
            tries -= 1
            exploded = False


def _chosen(pool: Pool, faces: list[Face]) -> list[Face]:
    """The faces with those dropped that the pool does not keep; of equals the first is kept."""
    if pool.keep is None:
        return faces
    counting = [at for at, face in enumerate(faces) if face.kept]
    highest_first = sorted(counting, key=lambda at: -faces[at].value)
    lowest_first = sorted(counting, key=lambda at: faces[at].value)
    count = pool.keep.count
    dropped = {
        "kh": highest_first[count:],
        "kl": lowest_first[count:],
        "dh": highest_first[:count],
        "dl": lowest_first[:count],
    }[pool.keep.what]
    return [
        Face(
            sides=face.sides,
            rolled=face.rolled,
            value=face.value,
            kept=face.kept and at not in dropped,
            exploded=face.exploded,
            rerolled=face.rerolled,
        )
        for at, face in enumerate(faces)
    ]


def total(term: Term, thrower: Thrower, groups: list[DiceGroup]) -> int:
    """What the term comes to; its dice are added to ``groups``. Division rounds down."""
    if isinstance(term, Number):
        return term.value
    if isinstance(term, Negative):
        return -total(term.term, thrower, groups)
    if isinstance(term, Pool):
        groups.append(thrower.handful(term))
        return groups[-1].total
    left = total(term.left, thrower, groups)
    right = total(term.right, thrower, groups)
    return within(_combined(term, left, right), term.position)


def _combined(term: Operation, left: int, right: int) -> int:
    if term.sign == "+":
        return left + right
    if term.sign == "-":
        return left - right
    if term.sign == "*":
        return left * right
    if right == 0:
        raise DiceError("divided_by_zero", term.position)
    return left // right


def bounds(term: Term) -> tuple[int, int]:
    """The least and the most the term can come to; explosions are not counted."""
    if isinstance(term, Number):
        return term.value, term.value
    if isinstance(term, Negative):
        low, high = bounds(term.term)
        return -high, -low
    if isinstance(term, Pool):
        kept = term.count
        if term.keep:
            counted = min(term.keep.count, term.count)
            kept = counted if term.keep.what[0] == "k" else term.count - counted
        return (-kept, kept) if term.fate else (kept, kept * term.sides)
    lefts, rights = bounds(term.left), bounds(term.right)
    if term.sign == "/":
        rights = (min(rights) or 1, max(rights) or 1)
    corners = [
        within(_combined(term, left, right), term.position) for left in lefts for right in rights
    ]
    return min(corners), max(corners)


def throw(formula: Comparison, thrower: Thrower) -> Outcome:
    """The outcome of a formula in general notation."""
    groups: list[DiceGroup] = []
    came_to = total(formula.term, thrower, groups)
    if not formula.comparison:
        return Outcome(system="sum", groups=tuple(groups), total=came_to)
    meets = COMPARISONS[formula.comparison]
    successes = None
    if isinstance(formula.term, Pool):
        faces = groups[0].faces
        successes = sum(face.kept and meets(face.value, formula.target) for face in faces)
    if formula.counts_dice and successes is not None:
        passed, came_to = successes > 0, successes
    else:
        passed = meets(came_to, formula.target)
    return Outcome(
        system="pool" if formula.counts_dice else "sum",
        groups=tuple(groups),
        total=came_to,
        target=formula.target,
        comparison=formula.comparison,
        successes=successes,
        passed=passed,
        grade="success" if passed else "failure",
    )
