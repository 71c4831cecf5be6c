"""Knows a line in which another program told the result of a roll, and what it says.

Nothing of it was seen by us, so such a line never becomes a sealed roll: it is told, not proven.
"""

import re

from desktop.formats.strange_json import Object
from desktop.protocol.dice import Grade

_GRADES: tuple[tuple[str, Grade], ...] = (
    ("대성공", "critical"),
    ("대실패", "fumble"),
    ("대단한 성공", "extreme"),
    ("극단적 성공", "extreme"),
    ("어려운 성공", "hard"),
    ("보통 성공", "regular"),
    ("クリティカル", "critical"),
    ("決定的成功", "critical"),
    ("スペシャル", "special"),
    ("イクストリーム成功", "extreme"),
    ("ハード成功", "hard"),
    ("レギュラー成功", "regular"),
    ("致命的失敗", "fumble"),
    ("ファンブル", "fumble"),
    ("critical", "critical"),
    ("fumble", "fumble"),
    ("extreme success", "extreme"),
    ("hard success", "hard"),
    ("regular success", "regular"),
    ("실패", "failure"),
    ("失敗", "failure"),
    ("failure", "failure"),
    ("성공", "success"),
    ("成功", "success"),
    ("success", "success"),
)
_ROLLED = re.compile(
    r"^(?:#[0-9]{1,3}\s*)?[\(\[]?(?P<formula>s?(?:x[0-9]{1,3}|rep[0-9]{1,3}|repeat[0-9]{1,3})?\s*"
    r"(?:CCB?|CBRB?|RESB?|FAR|choice|[0-9]{0,3}D[0-9F]{0,4}|[0-9]{1,3}B[0-9]{1,4})[^＞\n]{0,300}?)\s*"
    r"(?P<results>(?:＞[^＞\n]{0,300}){1,12})$",
    re.IGNORECASE | re.MULTILINE,
)
_TARGET = re.compile(r"<=\s*([0-9]{1,4})")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def told_roll(text: str) -> Object | None:
    """What a line of BCDice says: formula, target, the number rolled, the grade; else ``None``."""
    match = _ROLLED.search(text[:4_000])
    if match is None:
        return None
    results = [one.strip() for one in match["results"].split("＞")[1:]]
    numbers = [int(found[0]) for one in results if (found := _NUMBER.fullmatch(one))]
    told: Object = {"formula": match["formula"].strip(), "results": results}
    if target := _TARGET.search(match["formula"]):
        told["target"] = int(target[1])
    if numbers:
        told["rolled"] = numbers[-1]
    grade = grade_of(results[-1]) if results else ""
    if grade:
        told["grade"] = grade
    return told


def grade_of(words: str) -> Grade | str:
    """The grade that words name in Korean, Japanese or English; empty if they name none."""
    lower = words.lower()
    return next((grade for name, grade in _GRADES if name in lower), "")
