"""Why a formula cannot be rolled, and how much may be rolled at once."""

from desktop.protocol.dice import DiceProblem, DiceProblemCode

LENGTH = 200
"""Characters of a formula."""
DEPTH = 20
"""Parentheses and signs inside each other."""
DICE = 500
"""Dice of one formula, repeats counted, before any is thrown again."""
SIDES = 1_000_000
REPEATS = 20
AGAIN = 20
"""How often one die may explode, and how often it may be rerolled."""
FACES = 2_000
"""Faces of one formula; once reached, nothing explodes or is rerolled any more."""
LARGEST = 10**15
"""No number may be larger: the page counts exactly up to 2**53."""


class DiceError(Exception):
    """A formula that cannot be rolled; carries a code and the position it was noticed at."""

    def __init__(self, code: DiceProblemCode, position: int) -> None:
        super().__init__(f"{code} at {position}")
        self.problem = DiceProblem(code=code, position=position)


def within(value: int, position: int) -> int:
    """The value. Raises ``DiceError(too_large)`` if it cannot be told exactly."""
    if abs(value) > LARGEST:
        raise DiceError("too_large", position)
    return value
