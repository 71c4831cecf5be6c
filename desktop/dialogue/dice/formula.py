"""Reads the general notation: ``2d6+3``, ``4d6kh3``, ``6d6!>=5``, ``(1d4+1)*2``, ``adv+5``."""

import re

from desktop.dialogue.dice.cursor import Cursor
from desktop.dialogue.dice.problem import DEPTH, DICE, SIDES, DiceError
from desktop.dialogue.dice.terms import (
    Comparison,
    Condition,
    Keep,
    Kept,
    Negative,
    Number,
    Operation,
    Pool,
    Reroll,
    Term,
)

_DICE = re.compile(r"(\d*)([db])(\d+|%|f)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_SIGNED = re.compile(r"[+-]?\d+")
_ADDING = re.compile(r"\s*([+-])")
_MULTIPLYING = re.compile(r"\s*([*/])")
_SIGN = re.compile(r"[+-]")
_OPEN, _CLOSE = re.compile(r"\("), re.compile(r"\s*\)")
_ADVANTAGE = re.compile(
    r"\s*(?:(adv(?:antage)?|이점)|(dis(?:advantage)?|불리점|불리))(?![^\W\d_])", re.IGNORECASE
)
_KEEP = re.compile(r"(kh|kl|dh|dl|k)(\d*)", re.IGNORECASE)
_REROLL = re.compile(r"(ro|r)(>=|<=|<|>|=)?(\d+)", re.IGNORECASE)
_EXPLODE = re.compile(r"!")
_COMPARE = re.compile(r"\s*(>=|=>|<=|=<|<>|!=|==|≥|≤|>|<|=)\s*")
_KEPT: dict[str, Kept] = {"k": "kh", "kh": "kh", "kl": "kl", "dh": "dh", "dl": "dl"}
_SPELLINGS = {"=>": ">=", "≥": ">=", "=<": "<=", "≤": "<=", "!=": "<>", "==": "="}


def read_formula(cursor: Cursor) -> Comparison:
    """A term and what it is compared with. Raises ``DiceError``."""
    term = read_term(cursor)
    match = cursor.take(_COMPARE)
    if match is None:
        if isinstance(term, Pool) and term.counted:
            raise cursor.error()
        return Comparison(term)
    sign = cursor.take(_SIGNED)
    if sign is None:
        raise cursor.error()
    target = _number(sign, cursor)
    return Comparison(term, _SPELLINGS.get(match[1], match[1]), target)


def read_term(cursor: Cursor) -> Term:
    term = _product(cursor)
    while match := cursor.take(_ADDING):
        term = Operation(match[1], term, _product(cursor), match.start(1))
    return term


def _product(cursor: Cursor) -> Term:
    term = _factor(cursor)
    while match := cursor.take(_MULTIPLYING):
        term = Operation(match[1], term, _factor(cursor), match.start(1))
    return term


def _factor(cursor: Cursor) -> Term:
    cursor.skip_space()
    cursor.depth += 1
    if cursor.depth > DEPTH:
        raise cursor.error("too_deep")
    term = _signed(cursor) or _in_parentheses(cursor) or _dice(cursor) or _advantage(cursor)
    cursor.depth -= 1
    if term is not None:
        return term
    if number := cursor.take(_NUMBER):
        return Number(_number(number, cursor))
    raise cursor.error()


def _signed(cursor: Cursor) -> Term | None:
    match = cursor.take(_SIGN)
    if match is None:
        return None
    term = _factor(cursor)
    return term if match[0] == "+" else Negative(term)


def _in_parentheses(cursor: Cursor) -> Term | None:
    if not cursor.take(_OPEN):
        return None
    term = read_term(cursor)
    if not cursor.take(_CLOSE):
        raise cursor.error()
    return term


def _advantage(cursor: Cursor) -> Pool | None:
    at = cursor.at
    match = cursor.take(_ADVANTAGE)
    if match is None:
        return None
    return Pool(2, 20, at, keep=Keep("kh" if match[1] else "kl", 1))


def _dice(cursor: Cursor) -> Pool | None:
    match = cursor.take(_DICE)
    if match is None:
        return None
    at, fate = match.start(), match[3] in "fF"
    sides = 3 if fate else 100 if match[3] == "%" else _bounded(match, 3, SIDES, "sides")
    count = _bounded(match, 1, DICE, "dice") if match[1] else 1
    if count == 0:
        raise DiceError("no_dice", at)
    if sides == 0:
        raise DiceError("no_sides", match.start(3))
    pool = Pool(count, sides, at, fate=fate, counted=match[2] in "bB")
    return _modified(cursor, pool)


def _modified(cursor: Cursor, pool: Pool) -> Pool:
    """The dice with what stands right behind them: reroll, explode, keep, advantage."""
    reroll, explodes, keep = None, False, None
    while True:
        at = cursor.at
        if match := cursor.take(_REROLL):
            _once_only(reroll, at)
            reroll = _reroll(match, pool, cursor)
        elif cursor.sees(_EXPLODE) and not cursor.sees(_COMPARE):
            cursor.take(_EXPLODE)
            _once_only(explodes, at)
            if pool.sides == 1 or pool.fate:
                raise DiceError("endless", at)
            explodes = True
        elif match := cursor.take(_KEEP):
            _once_only(keep, at)
            keep = _keep(match)
        else:
            break
    count = pool.count
    if match := cursor.take(_ADVANTAGE):
        _once_only(keep, match.start())
        if count != 1:
            raise DiceError("advantage_of_one_die", match.start())
        count, keep = 2, Keep("kh" if match[1] else "kl", 1)
    return Pool(count, pool.sides, pool.position, pool.fate, pool.counted, reroll, explodes, keep)


def _keep(match: re.Match[str]) -> Keep:
    return Keep(_KEPT[match[1].lower()], int(match[2][:9]) if match[2] else 1)


def _reroll(match: re.Match[str], pool: Pool, cursor: Cursor) -> Reroll:
    condition = Condition(match[2] or "=", int(match[3][:9]))
    low, high = (-1, 1) if pool.fate else (1, pool.sides)
    always = all(condition.holds(face) for face in (low, (low + high) // 2, high))
    if always and (condition.comparison != "=" or low == high):
        raise cursor.error("endless", match.start())
    return Reroll(condition, match[1].lower() == "ro")


def _once_only(given: object, at: int) -> None:
    if given:
        raise DiceError("twice", at)


def _number(match: re.Match[str], cursor: Cursor) -> int:
    if len(match[0].lstrip("+-0")) > 9:
        raise cursor.error("too_large", match.start())
    return int(match[0])


def _bounded(match: re.Match[str], group: int, most: int, what: str) -> int:
    digits = match[group].lstrip("0") or "0"
    if len(digits) > 9 or int(digits) > most:
        raise DiceError(
            "too_many_sides" if what == "sides" else "too_many_dice", match.start(group)
        )
    return int(digits)
