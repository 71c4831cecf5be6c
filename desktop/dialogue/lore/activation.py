"""Decides which lore is told for one turn, and tells why for every single entry.

In this order: switched off, delay, cooldown, sticky, constant, keys, probability, groups, budget;
then again for what the entries themselves say, as long as something new fires.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desktop.dialogue.lore.keys import Scanned, Sighting, look
from desktop.dialogue.lore.standing import stands
from desktop.dialogue.lore.timing import Clock
from desktop.protocol.lore import (
    Activation,
    Entry,
    Fired,
    Lorebook,
    LoreCause,
    LoreObstacle,
    LoreState,
    Passed,
)
from desktop.protocol.models import Message

PASSES = 8
"""How often what was told may fire more."""


@dataclass
class _Candidate:
    """An entry on its way to being told or passed over."""

    book: Lorebook
    entry: Entry
    at: int
    cause: LoreCause = "key"
    sighting: Sighting = field(default_factory=lambda: Sighting("no_key"))
    tokens: int = 0

    @property
    def place(self) -> tuple[str, str]:
        return self.book.id, self.entry.id


class _Turn:
    """One turn's decision."""

    def __init__(
        self, rng: Callable[[int], int], budget: int | None, estimate: Callable[[str], int]
    ) -> None:
        self.rng, self.estimate = rng, estimate
        self.left = budget
        self.left_of_book: dict[str, int] = {}
        self.fired: list[_Candidate] = []
        self.passed: dict[int, Passed] = {}
        self.winners: dict[str, _Candidate] = {}

    def pass_over(
        self, one: _Candidate, obstacle: LoreObstacle, *, by_entry: str = "", turns: int = 0
    ) -> None:
        self.passed[one.at] = Passed(
            book_id=one.book.id,
            entry_id=one.entry.id,
            obstacle=obstacle,
            key=one.sighting.key,
            by_entry=by_entry,
            turns=turns,
            tokens=one.tokens,
        )

    def admit(self, wanting: list[_Candidate]) -> list[_Candidate]:
        """Of those whose keys are met, those who also have luck, their group and the budget."""
        lucky = [one for one in wanting if self._lucky(one)]
        won = self._group_winners(lucky)
        # What is always told comes first, and of it what stands in every turn, so that it does so
        # whatever else there is; then by priority; of equals the one that is stronger.
        won.sort(
            key=lambda one: (
                not stands(one.entry),
                one.cause == "key",
                -one.entry.priority,
                -one.entry.order,
            )
        )
        admitted = [one for one in won if self._affords(one)]
        self.fired += admitted
        return admitted

    def _lucky(self, one: _Candidate) -> bool:
        chance = one.entry.probability
        if chance >= 100 or one.cause == "sticky" or (chance and self.rng(100) <= chance):
            return True
        self.pass_over(one, "probability")
        return False

    def _group_winners(self, lucky: list[_Candidate]) -> list[_Candidate]:
        groups: dict[str, list[_Candidate]] = {}
        for one in lucky:
            groups.setdefault(one.entry.group or f"\0{one.at}", []).append(one)
        won = []
        for name, members in groups.items():
            winner = self.winners.get(name) or self._drawn(members)
            self.winners[name] = winner
            for one in members:
                if one is winner:
                    won.append(one)
                else:
                    self.pass_over(one, "group", by_entry=winner.entry.id)
        return won

    def _drawn(self, members: list[_Candidate]) -> _Candidate:
        held = [one for one in members if one.cause == "sticky"]
        if held or len(members) == 1:
            return (held or members)[0]
        ticket = self.rng(sum(one.entry.weight for one in members))
        for one in members:
            ticket -= one.entry.weight
            if ticket <= 0:
                return one
        return members[-1]

    def _affords(self, one: _Candidate) -> bool:
        one.tokens = max(0, self.estimate(one.entry.content))
        of_book = self.left_of_book.setdefault(
            one.book.id, -1 if one.book.token_budget is None else one.book.token_budget
        )
        if self.left is not None and one.tokens > self.left:
            self.pass_over(one, "budget")
            return False
        if of_book >= 0 and one.tokens > of_book:
            self.pass_over(one, "book_budget")
            return False
        if self.left is not None:
            self.left -= one.tokens
        if of_book >= 0:
            self.left_of_book[one.book.id] = of_book - one.tokens
        return True


def activate(
    books: Sequence[Lorebook],
    messages: Sequence[Message],
    line: str,
    state: LoreState,
    rng: Callable[[int], int],
    budget: int | None,
    *,
    estimate: Callable[[str], int],
) -> Activation:
    """Which entries are told for ``line``.

    ``messages`` are what was said before it, oldest first; ``rng(n)`` gives 1 to ``n``; ``budget``
    and ``estimate(content)`` count tokens, ``None`` for no limit. The same input and the same
    chance give the same answer. Entries of one book must differ in their ids.
    """
    clock = Clock(state)
    turn = _Turn(rng, budget, estimate)
    said = [Scanned(line), *(Scanned(one.text, one.id) for one in reversed(messages))]
    entries = [(book, entry) for book in books for entry in book.entries]
    candidates = [_Candidate(book, entry, at) for at, (book, entry) in enumerate(entries)]
    waiting = [one for one in candidates if _may_fire(one, clock, turn)]
    told = turn.admit(_wanting(waiting, said, []))
    echoes: list[Scanned] = []
    for _ in range(PASSES):
        new = [
            Scanned(one.entry.content, entry_id=one.entry.id)
            for one in told
            if one.book.recursive and not one.entry.prevent_recursion
        ]
        if not new:
            break
        echoes = [*new, *echoes]
        settled = {one.at for one in turn.fired} | _settled(turn)
        told = turn.admit(_wanting([one for one in waiting if one.at not in settled], said, echoes))
    for one in waiting:
        if one.at not in {fired.at for fired in turn.fired} and one.at not in turn.passed:
            turn.pass_over(one, _why_not(one))
    return _told(turn, clock)


def _may_fire(one: _Candidate, clock: Clock, turn: _Turn) -> bool:
    """Whether anything could fire the entry this turn; if not, it is passed over with why."""
    entry = one.entry
    held = clock.held(one.place)
    obstacle: LoreObstacle | None = None
    turns = 0
    if not one.book.enabled:
        obstacle = "book_disabled"
    elif not entry.enabled:
        obstacle = "disabled"
    elif not entry.content.strip():
        obstacle = "no_content"
    elif not held and clock.turn < entry.delay:
        obstacle, turns = "delay", entry.delay - clock.turn
    elif not held and (barred := clock.barred(one.place)):
        obstacle, turns = "cooldown", barred
    if obstacle:
        turn.pass_over(one, obstacle, turns=turns)
        return False
    if held:
        one.cause = "sticky"
    elif entry.constant:
        one.cause = "constant"
    return True


def _wanting(
    waiting: Sequence[_Candidate], said: Sequence[Scanned], echoes: Sequence[Scanned]
) -> list[_Candidate]:
    """Those that want to be told now: held, constant, or with their keys met."""
    found = []
    for one in waiting:
        if one.cause != "key":
            if not echoes:
                found.append(one)
            continue
        if echoes and (one.entry.exclude_recursion or not one.book.recursive):
            continue
        if one.entry.delay_until_recursion and not echoes:
            one.sighting = Sighting("recursion_only")
            continue
        depth = one.entry.scan_depth if one.entry.scan_depth is not None else one.book.scan_depth
        seen = look(one.entry, [*echoes, *said[:depth]])
        if seen.obstacle != "no_key" or not one.entry.delay_until_recursion:
            one.sighting = seen
        if seen.obstacle is None:
            found.append(one)
    return found


def _settled(turn: _Turn) -> set[int]:
    return set(turn.passed)


def _why_not(one: _Candidate) -> LoreObstacle:
    return one.sighting.obstacle or "no_key"


def _told(turn: _Turn, clock: Clock) -> Activation:
    in_order = sorted(turn.fired, key=lambda one: (one.entry.order, one.at))
    for one in in_order:
        if one.cause != "sticky":
            clock.fired(one.place, one.entry)
    return Activation(
        fired=tuple(map(_fired, in_order)),
        passed=tuple(turn.passed[at] for at in sorted(turn.passed)),
        tokens=sum(one.tokens for one in in_order),
        state=clock.state,
    )


def _fired(one: _Candidate) -> Fired:
    where = one.sighting.where if one.cause == "key" else None
    return Fired(
        book_id=one.book.id,
        entry=one.entry,
        cause="recursion" if where and where.entry_id else one.cause,
        key=one.sighting.key if where else "",
        secondary=one.sighting.secondary if where else (),
        message_id=where.message_id if where else "",
        by_entry=where.entry_id if where else "",
        tokens=one.tokens,
    )
