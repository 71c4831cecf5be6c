"""What a formula is made of, and how it is written in one spelling."""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Kept = Literal["kh", "kl", "dh", "dl"]

COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "<>": operator.ne,
}


@dataclass(frozen=True)
class Number:
    value: int

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Condition:
    """What a single face is compared with."""

    comparison: str
    value: int

    def holds(self, face: int) -> bool:
        return COMPARISONS[self.comparison](face, self.value)

    def __str__(self) -> str:
        return f"{'' if self.comparison == '=' else self.comparison}{self.value}"


@dataclass(frozen=True)
class Keep:
    """Which of the dice count."""

    what: Kept
    count: int

    def __str__(self) -> str:
        return f"{self.what}{self.count}"


@dataclass(frozen=True)
class Reroll:
    """Which faces are thrown again, once or until they no longer come."""

    condition: Condition
    once: bool

    def __str__(self) -> str:
        return f"{'ro' if self.once else 'r'}{self.condition}"


@dataclass(frozen=True)
class Pool:
    """Some dice of one kind."""

    count: int
    sides: int
    position: int
    fate: bool = False
    counted: bool = False
    """Written with ``b``: each die is compared, never their sum."""
    reroll: Reroll | None = None
    explodes: bool = False
    keep: Keep | None = None

    def __str__(self) -> str:
        kind = "b" if self.counted else "d"
        sides = "F" if self.fate else str(self.sides)
        mark = "!" if self.explodes else ""
        return f"{self.count}{kind}{sides}{self.reroll or ''}{mark}{self.keep or ''}"


@dataclass(frozen=True)
class Operation:
    """Two terms and the sign between them."""

    sign: str
    left: "Term"
    right: "Term"
    position: int

    def __str__(self) -> str:
        right = _inside(self.right, _strength(self) + 1)
        return f"{_inside(self.left, _strength(self))}{self.sign}{right}"


@dataclass(frozen=True)
class Negative:
    term: "Term"

    def __str__(self) -> str:
        return f"-{_inside(self.term, 3)}"


Term = Number | Pool | Operation | Negative


def _strength(term: Term) -> int:
    if isinstance(term, Operation):
        return 1 if term.sign in "+-" else 2
    return 3


def _inside(term: Term, strength: int) -> str:
    """The term, in parentheses where a weaker sign would be torn apart."""
    return str(term) if _strength(term) >= strength else f"({term})"


@dataclass(frozen=True)
class Comparison:
    """A whole formula: a term and, if it is compared, with what."""

    term: Term
    comparison: str = ""
    target: int = 0

    def __str__(self) -> str:
        return f"{self.term}{self.comparison}{self.target if self.comparison else ''}"

    @property
    def counts_dice(self) -> bool:
        """Whether each die is compared instead of the sum.

        ``6d6>=5`` counts, ``2d6>=9`` and ``2d6+3>=9`` compare the sum. A bare handful counts if
        it has three dice or more and a single one could reach the target; two dice never do, for
        ``2d6>=5`` is a check of the sum in most Korean and Japanese games. ``NbX`` always counts.
        """
        pool = self.term
        if not isinstance(pool, Pool) or not self.comparison:
            return False
        reachable = self.comparison in {">=", ">"} and self.target <= pool.sides
        return pool.counted or (pool.count >= 3 and reachable)


def pools(term: Term) -> Iterator[Pool]:
    """All dice of the term, from left to right."""
    if isinstance(term, Pool):
        yield term
    elif isinstance(term, Operation):
        yield from pools(term.left)
        yield from pools(term.right)
    elif isinstance(term, Negative):
        yield from pools(term.term)
