"""Processes kept ready for the next turn, of all providers together: few, and not for long."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from desktop.providers.lanes import Lane

IDLE_S = 600.0
"""A process nobody has asked anything for so long is closed."""
MOST_MEMORY = 700 * 1024 * 1024
"""Bytes at which a process is renewed; a new one has 190 (Claude) to 430 MB (Droid)."""


class Setting(NamedTuple):
    """What a process is started with; one with another setting cannot take its turns."""

    provider: str
    executable: tuple[str, ...]
    model: str
    system: str


class _Kept(NamedTuple):
    setting: Setting
    room_id: str
    voice: str
    since: float


class LanePool:
    """``most`` tells how many processes may live at once, those that answer included.

    A turn is never refused a process for it: then fewer, or none, are kept beside it.
    """

    def __init__(
        self,
        most: Callable[[], int],
        *,
        idle_s: float = IDLE_S,
        most_memory: int = MOST_MEMORY,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._idle_s = idle_s
        self._most_memory = most_memory
        self._now = now
        self._busy: set[Lane] = set()
        self._idle: dict[Lane, _Kept] = {}
        """The one used last is the last."""
        self._sweeping: asyncio.TimerHandle | None = None

    @property
    def is_on(self) -> bool:
        return self._most() > 0

    @property
    def idle(self) -> tuple[Lane, ...]:
        return tuple(self._idle)

    def take(self, setting: Setting, session: str) -> Lane | None:
        """The process that holds the conversation, else one that can begin another, or none.

        Whoever takes it gives it back with ``keep`` or ends it.
        """
        lane = self._found(setting, session)
        if lane is not None:
            del self._idle[lane]
            self._busy.add(lane)
        return lane

    def has(self, setting: Setting, session: str) -> bool:
        """Whether ``take`` would find one."""
        return self._found(setting, session) is not None

    def busy(self, lane: Lane) -> None:
        """A turn is asked of a process that was just started; idle ones make room for it."""
        self._busy.add(lane)
        self._trim()

    def keep(self, lane: Lane, setting: Setting, room_id: str, voice: str = "") -> bool:
        """Keep a process for later. Ends it and returns false where that is not to be."""
        self._busy.discard(lane)
        if not self.is_on or lane.memory() > self._most_memory:
            lane.interrupt()
            return False
        self._idle[lane] = _Kept(setting, room_id, voice, self._now())
        lane.listen()
        self._trim()
        self._sweep_later()
        return lane in self._idle

    def has_room(self) -> bool:
        """Whether one more could be kept, with older ones closed for it."""
        return len(self._busy) < self._most()

    def outdated(self, room_id: str, setting: Setting, voice: str = "") -> None:
        """Close what was kept for a room as it was before its stage or model was changed.

        Several voices of one room have settings of their own beside each other; those of a table
        that answered together are outdated once it no longer does, and the other way round.
        """
        for lane, kept in tuple(self._idle.items()):
            same_way = kept.room_id == room_id and kept.setting.provider == setting.provider
            same_way = same_way and (kept.voice == voice or not kept.voice or not voice)
            if same_way and kept.setting != setting:
                self._close(lane)

    def forget(self, provider: str, room_id: str) -> None:
        """Close what a provider keeps for a room, or for all rooms if ``room_id`` is empty."""
        for lane, kept in tuple(self._idle.items()):
            if kept.setting.provider == provider and room_id in ("", kept.room_id):
                self._close(lane)

    def gone(self, lane: Lane) -> None:
        """A process has ended, or is about to."""
        self._busy.discard(lane)
        self._idle.pop(lane, None)

    def _found(self, setting: Setting, session: str) -> Lane | None:
        def kept() -> Iterator[Lane]:
            return (lane for lane in reversed(self._idle) if self._idle[lane].setting == setting)

        held = (lane for lane in kept() if lane.holds(session))
        return next(held, None) or next((lane for lane in kept() if lane.fresh), None)

    def _close(self, lane: Lane) -> None:
        self.gone(lane)
        lane.interrupt()

    def _trim(self) -> None:
        while self._idle and len(self._idle) + len(self._busy) > self._most():
            self._close(next(iter(self._idle)))

    def _sweep_later(self) -> None:
        if self._sweeping is None and self._idle:
            oldest = min(kept.since for kept in self._idle.values())
            # Now and then also for a smaller number that was set meanwhile.
            wait = min(60.0, max(0.0, oldest + self._idle_s - self._now()))
            self._sweeping = asyncio.get_running_loop().call_later(wait, self._sweep)

    def _sweep(self) -> None:
        self._sweeping = None
        for lane, kept in tuple(self._idle.items()):
            if self._now() - kept.since >= self._idle_s:
                self._close(lane)
        self._trim()
        self._sweep_later()

    def close(self) -> None:
        """Keep nothing any more; the processes are ended by who started them."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        for lane in tuple(self._idle):
            self._close(lane)
