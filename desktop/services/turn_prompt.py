"""A prompt out of everything a turn is told, and what is kept of it once it was sent."""

from collections.abc import Sequence

from msgspec.structs import replace

from desktop.dialogue.prompt import Allowance, Prompt, compose
from desktop.dialogue.prompt_record import encode, fingerprint
from desktop.protocol.base import Frozen
from desktop.protocol.models import Message, Stage
from desktop.services import memory
from desktop.services.retention import GoingOn
from desktop.services.turn_lore import TurnLore
from desktop.store.summaries import SummaryRow


class Told(Frozen, kw_only=True):
    """What a turn is told besides stage and story."""

    voice: str = ""
    """Whom it plays."""
    house_rules: str = ""
    lore: TurnLore = TurnLore()
    summary: SummaryRow | None = None
    stale: bool = False
    direction: str = ""


class Sent(Frozen, kw_only=True):
    """What is kept of what was sent."""

    record: str = "[]"
    """JSON of ``prompt_record``."""
    texts: dict[str, str] = {}
    lore: str | None = None
    told: tuple[str, ...] = ()
    """What the provider's own conversation has been told by now, as fingerprints."""
    went_on: bool = False


class TurnPrompt(Frozen, kw_only=True):
    """The whole prompt, and the news alone where a conversation may go on."""

    whole: Prompt
    news: Prompt | None
    going: GoingOn
    told: Told
    reworded: frozenset[str]

    def sent(self, session: str) -> Sent:
        """What was sent, now that the provider has named the conversation in which it was."""
        went_on = self.news is not None and session == self.going.session
        prompt = self.whole
        if went_on and self.news is not None:
            above = tuple(part for part in self.whole.segments if part.place == "system")
            below = tuple(part for part in self.news.segments if part.place == "user")
            prompt = replace(self.news, segments=(*above, *below))
        encoded = encode(prompt, self.reworded)
        lore = self.told.lore
        marks = [*(self.going.told if went_on else ()), *lore.marks()]
        if self.told.summary is not None and _has(prompt, "summary"):
            marks.append(_summary_mark(self.told.summary))
        return Sent(
            record=encoded.record,
            texts={**encoded.texts, **lore.texts},
            lore=lore.record,
            told=tuple(dict.fromkeys(marks)),
            went_on=went_on,
        )


def made(
    stage: Stage,
    history: Sequence[Message],
    line: str,
    said: Message,
    going: GoingOn,
    told: Told,
    reworded: frozenset[str],
    allowance: Allowance | None,
) -> TurnPrompt:
    """``going`` may be of a conversation that has been told what holds no more: it ends here."""
    narrated = said.author.kind == "narrator"
    summary, lore = told.summary, told.lore
    whole = compose(
        stage,
        history,
        line,
        as_narrator=narrated,
        house_rules=told.house_rules,
        summary=summary.text if summary else "",
        stale=told.stale,
        lore=lore.lore,
        direction=told.direction,
        said=said,
        voice=told.voice,
        allowance=allowance,
    )
    if not going.session:
        return TurnPrompt(whole=whole, news=None, going=going, told=told, reworded=reworded)
    risen = zip(lore.marks(), lore.lore.risen, strict=True)
    fresh = lore.lore._replace(risen=tuple(one for mark, one in risen if mark not in going.told))
    # A summary an AI made tells what the conversation has heard itself; the person's own does not.
    own = summary is not None and not summary.provider
    untold = own and summary is not None and _summary_mark(summary) not in going.told
    news = compose(
        stage,
        going.unseen,
        line,
        as_narrator=narrated,
        summary=summary.text if summary and untold else "",
        lore=fresh,
        direction=told.direction,
        said=said,
        voice=told.voice,
    )
    return TurnPrompt(whole=whole, news=news, going=going, told=told, reworded=reworded)


def valid_marks(lore: TurnLore, summaries: frozenset[str]) -> frozenset[str]:
    """All that a conversation may have been told and still holds."""
    return lore.valid | {fingerprint(one) for one in summaries}


def _summary_mark(row: SummaryRow) -> str:
    return fingerprint(memory.mark(row.text))


def _has(prompt: Prompt, kind: str) -> bool:
    return any(part.kind == kind for part in prompt.segments)
