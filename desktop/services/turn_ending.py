"""How a turn ends: what the last event, a stop or a fault means for it and its last message."""

from desktop.protocol.base import Frozen
from desktop.protocol.models import MessageStatus, TurnOutcome
from desktop.protocol.problems import Problem, ProblemCode, problem
from desktop.providers.base import Failed, Finished

_CUT: frozenset[ProblemCode] = frozenset(
    {"cut_off", "timed_out", "network", "overloaded", "quota", "crashed"}
)
"""Faults that break an answer off; what had come until then is good text."""


class Ending(Frozen, kw_only=True):
    outcome: TurnOutcome
    last: MessageStatus = "complete"
    problem: Problem | None = None


STOPPED = Ending(outcome="stopped", last="stopped")
INTERRUPTED = Ending(outcome="interrupted", last="partial")


def failed(why: Problem) -> Ending:
    return Ending(outcome="failed", last="partial" if why.code in _CUT else "failed", problem=why)


def ending_of(event: Finished | Failed, provider: str, *, any_text: bool) -> Ending:
    """An answer that ends well without a word is ``unreadable``: somebody waits for one."""
    if isinstance(event, Failed):
        return failed(event.problem)
    if event.stop == "cancelled":
        return STOPPED
    if event.stop == "refusal":
        return failed(problem("refused", provider=provider))
    if not any_text:
        return failed(problem("unreadable", provider=provider, detail="empty answer"))
    return Ending(outcome="complete", last="partial" if event.stop == "max_tokens" else "complete")
