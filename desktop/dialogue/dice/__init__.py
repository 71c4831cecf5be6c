"""Dice: a notation of our own, chance from outside, and a chain of hashes to prove every roll."""

from desktop.dialogue.dice.commands import roll
from desktop.dialogue.dice.ledger import START, recompute, seal, verify
from desktop.dialogue.dice.problem import DiceError
from desktop.dialogue.dice.spotting import (
    asked_rolls,
    commanded_roll,
    invented_rolls,
    named_formula,
)

__all__ = [
    "START",
    "DiceError",
    "asked_rolls",
    "commanded_roll",
    "invented_rolls",
    "named_formula",
    "recompute",
    "roll",
    "seal",
    "verify",
]
