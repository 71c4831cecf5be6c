"""Finds dice in prose: a roll somebody made up, and a roll somebody asks for."""

import re

from desktop.dialogue.dice.commands import read
from desktop.dialogue.dice.invention import INVENTED
from desktop.dialogue.dice.problem import LENGTH, DiceError
from desktop.protocol.dice import AskedRoll

_BRACKETED = re.compile(r"\[\[([^\[\]\n]{1,200}(?:\[[^\[\]\n]{0,200}\][^\[\]\n]{0,50})?)\]\]")
_ASKING = re.compile(
    r"\s*(?:판정|굴림|주사위|다이스|roll|check|dice|判定|ロール|ダイス)\s*[:：]?\s*", re.IGNORECASE
)
_COMMAND = re.compile(r"/(?:roll|r|굴림|주사위|ダイス)(?:\s+|$)", re.IGNORECASE)
_INVENTION: re.Pattern[str] | None = None


def invented_rolls(text: str) -> tuple[tuple[int, int], ...]:
    """From where to where a text tells the result of a roll; in order, never overlapping.

    Numbers without dice, formulas without a result and requests for a roll are not told.
    """
    global _INVENTION  # noqa: PLW0603 - large, and most evenings never need it
    if _INVENTION is None:
        _INVENTION = re.compile(INVENTED, re.IGNORECASE)
    return tuple(match.span() for match in _INVENTION.finditer(text))


def asked_rolls(text: str) -> tuple[AskedRoll, ...]:
    """Every roll a text asks for in double brackets: ``[[1d20+2]]``, ``[[판정: 관찰력 CC<=60]]``.

    What stands in brackets without dice that can be rolled is no request, nor is one that gives a
    result of its own right behind it.
    """
    invented = invented_rolls(text)
    found = []
    for match in _BRACKETED.finditer(text):
        if any(start <= match.start() < end for start, end in invented):
            continue
        if request := _request(match[1]):
            label, formula = request
            found.append(
                AskedRoll(start=match.start(), end=match.end(), label=label, formula=formula)
            )
    return tuple(found)


def named_formula(asked: AskedRoll) -> str:
    """The formula of a request with its whole name behind it, each word of it once."""
    behind = read(asked.formula).label
    before = asked.label.removesuffix(behind).strip(" :：,")
    return " ".join(filter(None, (asked.formula, before)))


def commanded_roll(line: str) -> str | None:
    """The formula of a line such as ``/roll 2d6+3``; may be empty. ``None`` for any other line."""
    match = _COMMAND.match(line.lstrip())
    return line.lstrip()[match.end() :].strip() if match else None


def _request(inside: str) -> tuple[str, str] | None:
    """The name of the roll and its formula: the longest end of the text that is one."""
    asking = _ASKING.match(inside)
    words = inside[asking.end() :].split() if asking else inside.split()
    for at in range(min(len(words), 12)):
        formula = " ".join(words[at:])
        if len(formula) > LENGTH:
            continue
        try:
            command = read(formula)
        except DiceError:
            continue
        if command.dice:
            return " ".join([*words[:at], command.label]).strip(" :：,"), formula
    return None
