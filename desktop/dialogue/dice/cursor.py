"""Reads a formula from left to right; one character in is one character out, so positions hold."""

import re

from desktop.dialogue.dice.problem import LENGTH, DiceError
from desktop.protocol.dice import DiceProblemCode

_PLAIN = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {"×": "*", "÷": "/", "−": "-", "–": "-", "　": " ", "\u00a0": " ", "、": ","}
)


def plain(text: str) -> str:
    """Full-width letters, digits and signs as their plain ones, each in its place."""
    return text.translate(_PLAIN)


class Cursor:
    """A place in a formula."""

    def __init__(self, formula: str, longest: int = LENGTH) -> None:
        if len(formula) > longest:
            raise DiceError("too_long", longest)
        self.typed = formula
        self.text = plain(formula).partition("#")[0].rstrip()
        self.at = 0
        self.depth = 0

    def skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands here, if it fits; the cursor moves behind it."""
        if match := pattern.match(self.text, self.at):
            self.at = match.end()
        return match

    def sees(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self.text, self.at) is not None

    @property
    def ended(self) -> bool:
        return self.at >= len(self.text)

    def error(self, code: DiceProblemCode | None = None, at: int | None = None) -> DiceError:
        """What is wrong here: unless told, ``unfinished`` at the end and else ``unexpected``."""
        told: DiceProblemCode = code or ("unfinished" if self.ended else "unexpected")
        return DiceError(told, self.at if at is None else at)
