"""Counts what a file holds and what becomes of it: the receipt while it is being written."""

from collections import Counter

from desktop.formats.parts import Fate, Remark
from desktop.protocol.transfer import ReceiptLine, TransferCounts

_LONGEST = 200
_MOST_LINES = 200


class Tally:
    """``found`` and ``kept`` count by the names of ``TransferCounts``."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self._lines: Counter[tuple[Fate, str]] = Counter()
        self._first: dict[tuple[Fate, str], str] = {}

    def note(self, fate: Fate, code: str, where: str = "", count: int = 1) -> None:
        """Something was not taken as it stands."""
        line = (fate, code[:60])
        if line not in self._lines and len(self._lines) >= _MOST_LINES:
            return
        self._lines[line] += count
        self._first.setdefault(line, " ".join(where.split())[:_LONGEST])

    def told(self, remark: Remark) -> None:
        self.note(remark.fate, remark.code, remark.where, remark.count)

    def lines(self) -> tuple[ReceiptLine, ...]:
        return tuple(
            ReceiptLine(fate=fate, code=code, where=self._first[fate, code], count=count)
            for (fate, code), count in self._lines.most_common()
        )


def counts(counter: Counter[str]) -> TransferCounts:
    return TransferCounts(**counter)
