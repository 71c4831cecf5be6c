"""What a running turn has used so far: as the provider tells it, else estimated and marked so."""

from msgspec.structs import replace

from desktop.protocol.models import TurnOutcome, Usage
from desktop.providers.base import (
    AnswerEvent,
    Request,
    RetryAnnounced,
    Started,
    TextCame,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from desktop.providers.token_estimate import estimate
from desktop.services.measures import Measure


class Spending:
    """Hears every event of an answer."""

    def __init__(self) -> None:
        self._request: Request | None = None
        self._measure = Measure()
        self._told = Usage()
        self._final = False
        self._begun = False
        self._extras = False
        self._estimated = 0

    def asked(self, request: Request, measure: Measure) -> None:
        """This is asked now; until then a turn has cost nothing."""
        self._request, self._measure = request, measure

    def hear(self, event: AnswerEvent) -> None:
        match event:
            case UsageTold(usage=usage, final=final):
                self._told, self._final = usage, final
            case TextCame() | ThinkingCame():
                self._begun = True
            case ToolBlocked() | RetryAnnounced():
                self._extras = True
            case Started(session=session) if self._request and session:
                # What the provider's own conversation holds is counted too, and we did not say it.
                self._extras = self._extras or session == self._request.session
            case _:
                pass

    def usage(self, outcome: TurnOutcome, said: str) -> Usage:
        """Of the turn, if it ends now; ``said`` is what has come of the answer."""
        told = self._told
        window = told.context_window or self._measure.context_window
        if self._final or (told.source == "none" and not self._estimates(outcome)):
            return told if told.source == "none" else replace(told, context_window=window)
        if told.source == "none":
            told = Usage(input=self._measure.calibration.corrected(self._asked_for()))
        output = max(told.output, self._measure.tokens(said))
        return replace(told, output=output, context_window=window, source="estimated")

    def comparable(self) -> int:
        """Our plain estimate of all that was asked; 0 where the provider counted more than that."""
        return self._asked_for() if self._final and not self._extras else 0

    def _estimates(self, outcome: TurnOutcome) -> bool:
        """A provider that failed before its first word has most likely counted nothing."""
        waited = outcome in ("stopped", "interrupted", "running")
        return bool(self._request) and self._measure.counts and (self._begun or waited)

    def _asked_for(self) -> int:
        if self._request is not None and not self._estimated:
            self._estimated = estimate(self._request.system) + estimate(self._request.prompt)
        return self._estimated
