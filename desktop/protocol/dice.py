"""What was rolled: every face as it fell, and what it came to."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen, UtcMs

DiceProblemCode = Literal[
    "empty",
    "too_long",
    "too_deep",
    "too_large",
    "too_many_dice",
    "too_many_sides",
    "too_many_repeats",
    "no_sides",
    "no_dice",
    "no_choice",
    "endless",
    "twice",
    "unexpected",
    "unfinished",
    "divided_by_zero",
    "bonus_out_of_range",
    "advantage_of_one_die",
    "no_contest",
]
"""``endless``: a die that would be thrown again for ever; ``no_contest``: not two checks."""


class DiceProblem(Frozen, kw_only=True):
    """Why a formula cannot be rolled."""

    code: DiceProblemCode
    position: int
    """Character of the formula as typed, counted from 0, at which reading stopped."""


Grade = Literal[
    "critical",
    "extreme",
    "hard",
    "regular",
    "special",
    "success",
    "partial",
    "failure",
    "fumble",
    "automatic_success",
    "automatic_failure",
]
"""``special`` is Call of Cthulhu's sixth edition, ``partial`` one of two in a combined roll."""

DiceSystem = Literal[
    "sum", "pool", "coc7", "coc6", "combined7", "combined6", "resistance", "sanity", "choice"
]
Difficulty = Literal["", "regular", "hard", "extreme", "critical"]
Contest = Literal["", "first", "second", "tie", "neither"]


class Face(Frozen, kw_only=True):
    """One die that fell once."""

    sides: int
    rolled: int
    """1 to ``sides``, as chance gave it."""
    value: int
    """What it counts for: -1 to 1 on a Fate die, 0 to 9 or 0 to 90 on percentile dice."""
    kept: bool = True
    exploded: bool = False
    """It was thrown because the die before it showed its highest face."""
    rerolled: bool = False
    """It did not count and was thrown again; the next face is the new throw."""


class DiceGroup(Frozen, kw_only=True):
    """The faces of one term, in the order in which they fell."""

    notation: str
    faces: tuple[Face, ...]
    total: int


class Outcome(Frozen, kw_only=True):
    """What one throw came to."""

    system: DiceSystem
    groups: tuple[DiceGroup, ...]
    total: int
    """The sum; in a pool the number of dice that met the target; in a check the percentile."""
    target: int | None = None
    comparison: str = ""
    successes: int | None = None
    """Dice that met the target, where a bare handful was compared."""
    passed: bool | None = None
    grade: Grade | Literal[""] = ""
    grades: tuple[Grade, ...] = ()
    """Of each of the two targets of a combined roll."""
    totals: tuple[int, ...] = ()
    """With bonus or penalty dice every percentile there was to choose from."""
    bonus: int = 0
    """Bonus dice, negative for penalty dice."""
    difficulty: Difficulty = ""
    loss: int | None = None
    """Sanity lost."""
    left: int | None = None
    """Sanity left."""
    picked: str = ""


class Roll(Frozen, kw_only=True):
    """A formula and everything that fell for it."""

    formula: str
    """As it was typed."""
    normalised: str
    """The same throw in one spelling; rolling it with the same faces gives the same outcomes."""
    label: str = ""
    """What it was rolled for, as typed behind the formula or after ``#``."""
    secret: bool = False
    outcomes: tuple[Outcome, ...]
    """One; several if it was repeated, two if two checks oppose each other."""
    contest: Contest = ""

    @property
    def first(self) -> Outcome:
        return self.outcomes[0]


DiceHash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class SealedRoll(Frozen, kw_only=True):
    """A roll in the chain of its room: the hash covers the roll and the hash before it."""

    id: str
    roll: Roll
    time: UtcMs
    hash: DiceHash


class AskedRoll(Frozen, kw_only=True):
    """A roll that a text asks for, such as ``[[판정: 관찰력 CC<=60]]``."""

    start: int
    end: int
    """Characters of the text, from and up to."""
    label: str
    formula: str
