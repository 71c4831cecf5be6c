"""What turns do to lore: how long an entry stays, and how long it is barred afterwards."""

from desktop.protocol.lore import Entry, LoreState, Timing


class Clock:
    """The turn that is being prepared, and what the turns before left behind."""

    def __init__(self, state: LoreState) -> None:
        self.turn = state.turn + 1
        self._timings = {
            (one.book_id, one.entry_id): one
            for one in state.timings
            if max(one.held_to, one.barred_to) >= self.turn
        }

    def held(self, place: tuple[str, str]) -> bool:
        timing = self._timings.get(place)
        return timing is not None and timing.held_to >= self.turn

    def barred(self, place: tuple[str, str]) -> int:
        """For how many turns it cannot fire, this one included."""
        timing = self._timings.get(place)
        return max(0, timing.barred_to - self.turn + 1) if timing else 0

    def fired(self, place: tuple[str, str], entry: Entry) -> None:
        """It fired of itself; while it is held it does not begin anew."""
        if not (entry.sticky or entry.cooldown):
            return
        held_to = self.turn + entry.sticky
        self._timings[place] = Timing(
            book_id=place[0],
            entry_id=place[1],
            held_to=held_to if entry.sticky else self.turn,
            barred_to=held_to + entry.cooldown if entry.cooldown else self.turn,
        )

    @property
    def state(self) -> LoreState:
        """What the next turn must know."""
        lasting = (
            one
            for place, one in sorted(self._timings.items())
            if max(one.held_to, one.barred_to) > self.turn
        )
        return LoreState(turn=self.turn, timings=tuple(lasting))
