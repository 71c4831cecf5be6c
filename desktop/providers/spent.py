"""The usage of an answer that was asked for more than once: every try was paid for."""

from msgspec.structs import replace

from desktop.protocol.models import Usage
from desktop.providers.base import AnswerEvent, UsageTold


class Spent:
    """All events of all tries pass through it, in order."""

    def __init__(self) -> None:
        self._before = Usage()
        self._last = Usage()

    def passed(self, event: AnswerEvent) -> AnswerEvent:
        """The event, with what earlier tries used added to what this one tells."""
        if not isinstance(event, UsageTold):
            return event
        self._last = event.usage
        return replace(event, usage=added(self._before, event.usage))

    def again(self) -> None:
        """Another try begins."""
        self._before, self._last = added(self._before, self._last), Usage()


def added(one: Usage, other: Usage) -> Usage:
    """Both together; reported only if all of it was, of the newer one's context window."""
    if one.source == "none":
        return other
    if other.source == "none":
        return one
    costs = [each.cost_usd for each in (one, other) if each.cost_usd is not None]
    return Usage(
        input=one.input + other.input,
        cache_read=one.cache_read + other.cache_read,
        cache_write=one.cache_write + other.cache_write,
        output=one.output + other.output,
        reasoning=one.reasoning + other.reasoning,
        cost_usd=sum(costs) if costs else None,
        context_window=other.context_window or one.context_window,
        source="reported" if one.source == other.source == "reported" else "estimated",
    )
