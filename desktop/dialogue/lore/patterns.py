"""Patterns from books: used only if no text can make them slow.

Python's matcher goes back over what it has tried and knows no time limit. So a pattern is looked
through first: repetition inside repetition, choices inside repetition and references back are
refused, and the more open repetitions it has, the shorter the pieces of text it is given.
"""

import importlib
import re
from functools import lru_cache
from typing import Any, NamedTuple

LENGTH = 300
"""Characters of a pattern."""
_PIECES = {0: 4_000, 1: 500, 2: 120}
"""Characters of text at a time, by the number of open repetitions; more are refused."""
_FEW = 8
"""A repetition of at most so many counts as closed."""
_CLOSED = 256
"""How often closed repetitions together may vary."""
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_SLASHED = re.compile(r"/(.+)/([a-z]*)", re.DOTALL)


class Pattern(NamedTuple):
    """A pattern that may be used."""

    compiled: re.Pattern[str]
    piece: int

    def found(self, text: str) -> str | None:
        """What it finds first; a find longer than half a piece may be missed in a long text."""
        for start in range(0, max(1, len(text)), self.piece // 2):
            if match := self.compiled.search(text[start : start + self.piece]):
                return match[0]
        return None


@lru_cache(maxsize=1024)
def pattern(written: str, case_sensitive: bool) -> Pattern | None:
    """``/pattern/flags`` or a bare pattern, ready for use; ``None`` if it must not be used."""
    slashed = _SLASHED.fullmatch(written)
    source, letters = (slashed[1], slashed[2]) if slashed else (written, "")
    flags = 0 if case_sensitive and not slashed else re.IGNORECASE
    if slashed and "i" not in letters:
        flags = 0
    for letter in letters:
        flags |= _FLAGS.get(letter, 0)
    # JavaScript's spelling of a named group.
    source = re.sub(r"\(\?<(?![=!])", "(?P<", source)
    if not source or len(source) > LENGTH:
        return None
    try:
        compiled = re.compile(source, flags)
        piece = _piece(source, flags)
    except (re.error, RecursionError, OverflowError, ValueError):
        return None
    return Pattern(compiled, piece) if piece else None


def _piece(source: str, flags: int) -> int:
    """How much text the pattern may see at a time; 0 if none at all."""
    cost = _Cost()
    cost.add(_parser().parse(source, flags), repeated=False)
    if cost.refused or cost.closed > _CLOSED:
        return 0
    return _PIECES.get(cost.open, 0)


def _parser() -> Any:
    # Python's own reading of the pattern, so that ours cannot differ from it.
    return importlib.import_module("re._parser")


class _Cost:
    """What could vary in a pattern while the matcher tries."""

    def __init__(self) -> None:
        self.open, self.closed, self.refused = 0, 1, False

    def add(self, parsed: Any, *, repeated: bool) -> None:
        for operation, value in parsed:
            self._step(str(operation), value, repeated=repeated)

    def _step(self, operation: str, value: Any, *, repeated: bool) -> None:
        if operation in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            self._repeat(*value, repeated=repeated)
        elif operation == "BRANCH":
            self.refused |= repeated
            self.closed *= len(value[1])
            for one in value[1]:
                self.add(one, repeated=repeated)
        elif operation in {"SUBPATTERN", "ATOMIC_GROUP", "ASSERT", "ASSERT_NOT"}:
            self.add(value[-1] if isinstance(value, tuple) else value, repeated=repeated)
        elif operation.startswith("GROUPREF"):
            self.refused = True

    def _repeat(self, low: int, high: int, body: Any, *, repeated: bool) -> None:
        varies = int(high) - int(low)
        if varies:
            self.refused |= repeated
            if varies > _FEW:
                self.open += 1
            else:
                self.closed *= varies + 1
        self.add(body, repeated=repeated or int(high) > 1)
