"""Reads any command of the table and rolls it: the one door to the dice."""

import re
from dataclasses import dataclass

from desktop.dialogue.dice import cthulhu
from desktop.dialogue.dice.cursor import Cursor
from desktop.dialogue.dice.formula import read_formula, read_term
from desktop.dialogue.dice.problem import DICE, LENGTH, REPEATS, DiceError
from desktop.dialogue.dice.terms import Term, pools
from desktop.dialogue.dice.throwing import Chance, Thrower, total
from desktop.dialogue.dice.throws import Choice, General, Throw
from desktop.protocol.dice import Difficulty, Roll

_SECRET = re.compile(
    r"s(?=cc|cbr|res|san|choice|(?:x|rep|repeat)\d|d[\d%f]|b\d|adv|dis|이점|불리|[\d(+-])",
    re.IGNORECASE,
)
_REPEAT = re.compile(r"(?:x|rep|repeat)(\d+)\s+", re.IGNORECASE)
_VERSUS = re.compile(r"\s+(?:vs\.?|versus|대항|対抗?)\s+", re.IGNORECASE)
_CHECK7 = re.compile(r"cc(?![b-z])(?:\(\s*([+-]?\d+)\s*\)|([+-]?\d+))?", re.IGNORECASE)
_CHECK6 = re.compile(r"ccb(?![a-z])", re.IGNORECASE)
_AT_MOST = re.compile(r"\s*(?:<=|=<|≤)\s*")
_LEVEL = re.compile(r"[rhec](?![^\W\d_])", re.IGNORECASE)
_COMBINED = re.compile(r"cbr(b?)\(\s*(\d{1,4})\s*,\s*(\d{1,4})\s*\)", re.IGNORECASE)
_RESISTANCE = re.compile(r"res(b?)\(\s*(\d{1,4})\s*-\s*(\d{1,4})\s*\)", re.IGNORECASE)
_SANITY = re.compile(r"(?:san|sc|산치|이성)\s*(?:<=|≤)?\s*(\d{1,4})\s+(?=[^/]+/)", re.IGNORECASE)
_SLASH = re.compile(r"\s*/")
_CHOICE = re.compile(r"choice\s*(?:\[([^\[\]]*)\]|\(([^()]*)\))", re.IGNORECASE)
_LEVELS: dict[str, Difficulty] = {"r": "regular", "h": "hard", "e": "extreme", "c": "critical"}


@dataclass(frozen=True)
class Command:
    """A formula that was read."""

    throws: tuple[Throw, ...]
    """One, or two that oppose each other."""
    repeats: int
    secret: bool
    label: str

    @property
    def dice(self) -> int:
        return self.repeats * sum(one.dice for one in self.throws)

    def __str__(self) -> str:
        repeated = f"x{self.repeats} " if self.repeats > 1 else ""
        return f"{'S' if self.secret else ''}{repeated}{' vs '.join(map(str, self.throws))}"


def read(formula: str, longest: int = LENGTH) -> Command:
    """What a formula asks for, without rolling it. Raises ``DiceError``."""
    cursor = Cursor(formula, longest)
    cursor.skip_space()
    if cursor.ended:
        raise cursor.error("empty")
    secret = cursor.take(_SECRET) is not None
    repeats = _repeats(cursor)
    throws = [_throw(cursor)]
    if cursor.take(_VERSUS):
        at = cursor.at
        throws.append(_throw(cursor))
        if repeats > 1 or not all(_may_oppose(one) for one in throws):
            raise cursor.error("no_contest", at)
    command = Command(tuple(throws), repeats, secret, _label(cursor))
    if command.dice > DICE:
        raise cursor.error("too_many_dice", 0)
    return command


def roll(formula: str, rng: Chance) -> Roll:
    """Roll a formula; ``rng(sides)`` gives 1 to ``sides``. Raises ``DiceError`` and nothing else.

    A check that is named in a text, such as ``CC<=60 관찰력``, keeps the name as its label.
    """
    return rolled(formula, read(formula), rng)


def rolled(formula: str, command: Command, rng: Chance) -> Roll:
    """Throw what was read."""
    thrower = Thrower(rng)
    outcomes = tuple(one.throw(thrower) for _ in range(command.repeats) for one in command.throws)
    return Roll(
        formula=formula,
        normalised=str(command),
        label=command.label,
        secret=command.secret,
        outcomes=outcomes,
        contest=cthulhu.contest(*outcomes) if len(command.throws) > 1 else "",
    )


def _repeats(cursor: Cursor) -> int:
    match = cursor.take(_REPEAT)
    if match is None:
        return 1
    count = int(match[1][:9])
    if count == 0:
        raise cursor.error("no_dice", match.start(1))
    if count > REPEATS:
        raise cursor.error("too_many_repeats", match.start(1))
    return count


def _may_oppose(one: Throw) -> bool:
    return isinstance(one, cthulhu.Check7) and one.skill is not None


def _throw(cursor: Cursor) -> Throw:
    return _named(cursor) or General(read_formula(cursor))


def _named(cursor: Cursor) -> Throw | None:
    if match := cursor.take(_CHOICE):
        return _choice(match, cursor)
    if cursor.take(_CHECK6):
        return cthulhu.Check6(_skill(cursor))
    if match := cursor.take(_CHECK7):
        return _check(match, cursor)
    if match := cursor.take(_COMBINED):
        return cthulhu.Combined((int(match[2]), int(match[3])), bool(match[1]))
    if match := cursor.take(_RESISTANCE):
        return cthulhu.Resistance(int(match[2]), int(match[3]), bool(match[1]))
    if match := cursor.take(_SANITY):
        return _sanity(match, cursor)
    return None


def _choice(match: re.Match[str], cursor: Cursor) -> Choice:
    group = 1 if match[1] is not None else 2
    # From what was typed: the words are the person's own, not a formula.
    typed = cursor.typed[match.start(group) : match.end(group)]
    words = tuple(word.strip() for word in re.split("[,，、]", typed) if word.strip())
    if not words:
        raise cursor.error("no_choice", match.start(group))
    return Choice(words)


def _check(match: re.Match[str], cursor: Cursor) -> cthulhu.Check7:
    bonus = int((match[1] or match[2] or "0")[:9])
    if not -2 <= bonus <= 2:
        raise cursor.error("bonus_out_of_range", match.start(1 if match[1] else 2))
    skill = _skill(cursor)
    level = cursor.take(_LEVEL) if skill is not None else None
    return cthulhu.Check7(skill, bonus, _LEVELS[level[0].lower()] if level else "")


def _skill(cursor: Cursor) -> int | None:
    """The target behind ``<=``: a number or a sum of numbers, never less than zero."""
    if not cursor.take(_AT_MOST):
        return None
    at = cursor.at
    term = read_term(cursor)
    if any(pools(term)):
        raise cursor.error("unexpected", at)
    return max(0, total(term, Thrower(_no_chance), []))


def _sanity(match: re.Match[str], cursor: Cursor) -> cthulhu.Sanity:
    whole, slash = cursor.text, cursor.text.index("/", cursor.at)
    cursor.text = whole[:slash]
    on_success = _loss(cursor)
    cursor.text = whole
    if not cursor.take(_SLASH):
        raise cursor.error()
    return cthulhu.Sanity(int(match[1]), on_success, _loss(cursor))


def _loss(cursor: Cursor) -> Term:
    at = cursor.at
    term = read_term(cursor)
    if any(pool.counted for pool in pools(term)):
        raise cursor.error("unexpected", at)
    return term


def _no_chance(sides: int) -> int:
    raise AssertionError(sides)


def _label(cursor: Cursor) -> str:
    """What stands behind the formula and after ``#``: a name for the roll, never part of it."""
    named = cursor.typed[cursor.at : len(cursor.text)].strip()
    if named and not _may_begin_label(cursor):
        raise cursor.error(None, _next_sign(cursor))
    note = cursor.typed[len(cursor.text) :].lstrip().lstrip("#＃").strip()
    return " ".join(part for part in (named, note) if part)


def _may_begin_label(cursor: Cursor) -> bool:
    first = cursor.text[_next_sign(cursor)]
    apart = _next_sign(cursor) > cursor.at
    return first.isalpha() and (apart or not first.isascii())


def _next_sign(cursor: Cursor) -> int:
    at = cursor.at
    while cursor.text[at].isspace():
        at += 1
    return at


__all__ = ["Command", "DiceError", "read", "roll", "rolled"]
