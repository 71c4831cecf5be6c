"""Call of Cthulhu: percentile checks of the seventh and the sixth edition.

The arithmetic is that of the rule books and of BCDice, whose notation Korean and Japanese tables
use: the tens die and the ones die both at zero are 100; of several tens dice bonus takes the lowest
total, penalty the highest.
"""

from dataclasses import dataclass

from desktop.dialogue.dice.terms import Term, pools
from desktop.dialogue.dice.throwing import Thrower, bounds, total
from desktop.dialogue.dice.throws import single
from desktop.protocol.dice import Contest, DiceGroup, Difficulty, Face, Grade, Outcome

_PERCENT = "1d100"
LEVELS: tuple[Grade, ...] = ("fumble", "failure", "regular", "hard", "extreme", "critical")
"""Seventh edition, from worst to best; a check passes from ``regular`` on."""
_SUFFIX: dict[Difficulty, str] = {"regular": "r", "hard": "h", "extreme": "e", "critical": "c"}


def grade7(rolled: int, skill: int, needed: int | None = None) -> Grade:
    """The level of success. ``needed`` is what the difficulty leaves of the skill.

    01 is always critical and 100 always a fumble; so are 96 to 99 where less than 50 is needed.
    """
    if rolled == 1:
        return "critical"
    if rolled >= (96 if (skill if needed is None else needed) < 50 else 100):
        return "fumble"
    if rolled <= skill // 5:
        return "extreme"
    if rolled <= skill // 2:
        return "hard"
    return "regular" if rolled <= skill else "failure"


def grade6(rolled: int, skill: int, percent: int) -> Grade:
    """The sixth edition's grade: the best and the worst ``percent`` rolls are special to a table.

    A fifth of the skill is a special success. 100 never succeeds; nobody fumbles with 100 or more.
    """
    special = max(1, skill // 5)
    if rolled <= skill and rolled < 100:
        if rolled <= percent:
            return "critical"
        return "special" if rolled <= special else "success"
    return "fumble" if rolled > 100 - percent and skill < 100 else "failure"


@dataclass(frozen=True)
class Check7:
    """``CC(bonus)<=skill`` with a difficulty; without a skill just the percentile."""

    skill: int | None
    bonus: int = 0
    difficulty: Difficulty = ""

    @property
    def dice(self) -> int:
        return 2 + abs(self.bonus)

    @property
    def needed(self) -> int:
        skill = self.skill or 0
        if self.difficulty == "critical":
            return 1
        return skill // {"hard": 2, "extreme": 5}.get(self.difficulty, 1)

    def throw(self, thrower: Thrower) -> Outcome:
        tens = [thrower.one(10) for _ in range(1 + abs(self.bonus))]
        ones = thrower.one(10)
        totals = tuple((ten % 10 * 10 + ones % 10) or 100 for ten in tens)
        rolled = min(totals) if self.bonus >= 0 else max(totals)
        groups = _percentile_faces(tens, ones, totals.index(rolled))
        outcome = Outcome(
            system="coc7",
            groups=groups,
            total=rolled,
            totals=totals,
            bonus=self.bonus,
            difficulty=self.difficulty,
        )
        return outcome if self.skill is None else self._graded(outcome, self.skill)

    def _graded(self, outcome: Outcome, skill: int) -> Outcome:
        grade = grade7(outcome.total, skill, self.needed)
        at_least = LEVELS.index(self.difficulty or "regular")
        return Outcome(
            system="coc7",
            groups=outcome.groups,
            total=outcome.total,
            totals=outcome.totals,
            bonus=self.bonus,
            difficulty=self.difficulty,
            target=skill,
            comparison="<=",
            grade=grade,
            passed=LEVELS.index(grade) >= at_least,
        )

    def __str__(self) -> str:
        bonus = f"({self.bonus})" if self.bonus else ""
        return f"CC{bonus}" + (
            f"<={self.skill}{_SUFFIX.get(self.difficulty, '')}" if self.skill is not None else ""
        )


def _percentile_faces(tens: list[int], ones: int, kept: int) -> tuple[DiceGroup, DiceGroup]:
    faces = tuple(
        Face(sides=10, rolled=ten, value=ten % 10 * 10, kept=at == kept)
        for at, ten in enumerate(tens)
    )
    unit = Face(sides=10, rolled=ones, value=ones % 10)
    return (
        DiceGroup(notation="tens", faces=faces, total=faces[kept].value),
        DiceGroup(notation="ones", faces=(unit,), total=unit.value),
    )


@dataclass(frozen=True)
class Check6:
    """``CCB<=skill``: one percentile, five percent critical and fumble."""

    skill: int | None
    dice: int = 1

    def throw(self, thrower: Thrower) -> Outcome:
        group = single(thrower, 100, _PERCENT)
        if self.skill is None:
            return Outcome(system="coc6", groups=(group,), total=group.total)
        grade = grade6(group.total, self.skill, 5)
        return Outcome(
            system="coc6",
            groups=(group,),
            total=group.total,
            target=self.skill,
            comparison="<=",
            grade=grade,
            passed=grade not in {"failure", "fumble"},
        )

    def __str__(self) -> str:
        return "CCB" + (f"<={self.skill}" if self.skill is not None else "")


@dataclass(frozen=True)
class Combined:
    """``CBR(a,b)``: one percentile against two skills; ``CBRB`` by the sixth edition."""

    skills: tuple[int, int]
    sixth: bool = False
    dice: int = 1

    def throw(self, thrower: Thrower) -> Outcome:
        group = single(thrower, 100, _PERCENT)
        grades = tuple(
            grade6(group.total, skill, 5) if self.sixth else grade7(group.total, skill)
            for skill in self.skills
        )
        passed = sum(grade not in {"failure", "fumble"} for grade in grades)
        results: tuple[Grade, Grade, Grade] = ("failure", "partial", "success")
        return Outcome(
            system="combined6" if self.sixth else "combined7",
            groups=(group,),
            total=group.total,
            comparison="<=",
            grades=grades,
            grade=results[passed],
            passed=passed == 2,
        )

    def __str__(self) -> str:
        return f"CBR{'B' if self.sixth else ''}({self.skills[0]},{self.skills[1]})"


@dataclass(frozen=True)
class Resistance:
    """``RES(active-passive)``: 50 and five for each point of difference; no dice if hopeless."""

    active: int
    passive: int
    sixth: bool = False
    dice: int = 1

    def throw(self, thrower: Thrower) -> Outcome:
        target = (self.active - self.passive) * 5 + 50
        groups: tuple[DiceGroup, ...] = ()
        if target < 5:
            grade: Grade = "automatic_failure"
        elif target > 95:
            grade = "automatic_success"
        else:
            groups = (single(thrower, 100, _PERCENT),)
            grade = grade6(groups[0].total, target, 5 if self.sixth else 1)
        return Outcome(
            system="resistance",
            groups=groups,
            total=groups[0].total if groups else 0,
            target=target,
            comparison="<=",
            grade=grade,
            passed=grade not in {"failure", "fumble", "automatic_failure"},
        )

    def __str__(self) -> str:
        return f"RES{'B' if self.sixth else ''}({self.active}-{self.passive})"


@dataclass(frozen=True)
class Sanity:
    """``SAN 47 1/1d6``: the loss before the slash on success, else the one behind it.

    A fumble costs the most that the loss behind the slash can come to.
    """

    sanity: int
    on_success: Term
    on_failure: Term

    @property
    def dice(self) -> int:
        losses = (self.on_success, self.on_failure)
        return 1 + max(sum(pool.count for pool in pools(loss)) for loss in losses)

    def throw(self, thrower: Thrower) -> Outcome:
        groups = [single(thrower, 100, _PERCENT)]
        rolled = groups[0].total
        level = grade7(rolled, self.sanity)
        passed = level not in {"failure", "fumble"}
        if level == "fumble":
            loss = bounds(self.on_failure)[1]
        else:
            loss = total(self.on_success if passed else self.on_failure, thrower, groups)
        loss = max(0, loss)
        return Outcome(
            system="sanity",
            groups=tuple(groups),
            total=rolled,
            target=self.sanity,
            comparison="<=",
            grade="fumble" if level == "fumble" else "success" if passed else "failure",
            passed=passed,
            loss=loss,
            left=max(0, self.sanity - loss),
        )

    def __str__(self) -> str:
        return f"SAN {self.sanity} {self.on_success}/{self.on_failure}"


def contest(first: Outcome, second: Outcome) -> Contest:
    """Who wins an opposed roll of the seventh edition: the higher level, then the higher skill.

    ``neither`` if both fail. A check without a skill can win nothing.
    """
    levels = [LEVELS.index(one.grade) if one.grade in LEVELS else 0 for one in (first, second)]
    standing = [
        (level if one.passed else 0, (one.target or 0) if one.passed else 0)
        for level, one in zip(levels, (first, second), strict=True)
    ]
    if not (first.passed or second.passed):
        return "neither"
    if standing[0] == standing[1]:
        return "tie"
    return "first" if standing[0] > standing[1] else "second"
