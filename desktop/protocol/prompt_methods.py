"""What the page may ask about prompts, lore and summaries; a part of ``METHODS``."""

from desktop.protocol.base import Frozen
from desktop.protocol.method import Method
from desktop.protocol.models import Id
from desktop.protocol.prompting import (
    LoreTested,
    LoreTestParams,
    SummarySaveParams,
    SummaryState,
    TurnPrompt,
)


class PromptParams(Frozen, kw_only=True):
    turn_id: Id


class SummaryParams(Frozen, kw_only=True):
    room_id: Id


PROMPT_METHODS: dict[str, Method] = {
    "turn.prompt": Method(PromptParams, TurnPrompt),
    "lore.test": Method(LoreTestParams, LoreTested),
    "summary.read": Method(SummaryParams, SummaryState),
    "summary.make": Method(SummaryParams, SummaryState),
    "summary.stop": Method(SummaryParams, SummaryState),
    "summary.save": Method(SummarySaveParams, SummaryState),
    "summary.delete": Method(SummaryParams, SummaryState),
}
