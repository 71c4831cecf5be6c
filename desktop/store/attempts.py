"""How often a password was wrong: kept on the disk, so that starting anew does not help."""

from contextlib import suppress
from pathlib import Path

import msgspec

from desktop.protocol.base import Frozen, UtcMs
from desktop.store import lock_file

FREE = 3
"""So many wrong ones cost nothing but their time."""
_FIRST_MS = 5_000
_MOST_MS = 15 * 60 * 1000


class Wrong(Frozen, kw_only=True):
    count: int
    at: UtcMs


class Attempts:
    """``file`` holds one entry a profile; all that do not exist share one."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def wait_until(self, name: str, now: UtcMs) -> UtcMs | None:
        """Until when nothing is tried; a clock that was set back counts from there."""
        entries = self._all()
        wrong = entries.get(name)
        if wrong is None or wrong.count < FREE:
            return None
        if wrong.at > now:
            wrong = entries[name] = Wrong(count=wrong.count, at=now)
            self._keep(entries)
        until = wrong.at + min(_FIRST_MS * 2 ** min(wrong.count - FREE, 20), _MOST_MS)
        return UtcMs(until) if now < until else None

    def left(self, name: str) -> int:
        """How many more may be tried at once."""
        wrong = self._all().get(name)
        return max(0, FREE - (wrong.count if wrong else 0))

    def begin(self, name: str, now: UtcMs) -> None:
        """Counted as wrong before it is tried: ending the program in between does not help."""
        entries = self._all()
        before = entries.get(name)
        entries[name] = Wrong(count=(before.count if before else 0) + 1, at=now)
        self._keep(entries)

    def right(self, name: str) -> None:
        entries = self._all()
        if entries.pop(name, None) is not None:
            self._keep(entries)

    def _all(self) -> dict[str, Wrong]:
        with suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, Wrong])
        return {}

    def _keep(self, entries: dict[str, Wrong]) -> None:
        lock_file.put(self._file, msgspec.json.encode(entries))
