"""The kinds of throw there are: a general formula, or a choice out of a list."""

from dataclasses import dataclass
from typing import Protocol

from desktop.dialogue.dice.terms import Comparison, pools
from desktop.dialogue.dice.throwing import Thrower, throw
from desktop.protocol.dice import DiceGroup, Face, Outcome


class Throw(Protocol):
    """A command that was read and can be thrown as often as wanted; ``str`` spells it."""

    @property
    def dice(self) -> int:
        """How many dice it throws at least."""

    def throw(self, thrower: Thrower) -> Outcome: ...


@dataclass(frozen=True)
class General:
    """A formula of the general notation."""

    formula: Comparison

    @property
    def dice(self) -> int:
        return sum(pool.count for pool in pools(self.formula.term))

    def throw(self, thrower: Thrower) -> Outcome:
        return throw(self.formula, thrower)

    def __str__(self) -> str:
        return str(self.formula)


@dataclass(frozen=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]
    dice: int = 1

    def throw(self, thrower: Thrower) -> Outcome:
        group = single(thrower, len(self.words), "choice")
        return Outcome(
            system="choice",
            groups=(group,),
            total=group.total,
            picked=self.words[group.total - 1],
        )

    def __str__(self) -> str:
        return f"choice[{','.join(self.words)}]"


def single(thrower: Thrower, sides: int, notation: str) -> DiceGroup:
    """One die."""
    rolled = thrower.one(sides)
    face = Face(sides=sides, rolled=rolled, value=rolled)
    return DiceGroup(notation=notation, faces=(face,), total=rolled)
