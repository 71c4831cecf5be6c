"""Makes the prompt of a turn from the stage, the story so far and the newest line."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from desktop.dialogue.cards import people_omissions, people_sections
from desktop.dialogue.example import example_section
from desktop.dialogue.history_window import Fitted, fit
from desktop.dialogue.lore.telling import (
    Lore,
    deep_sections,
    depths,
    risen_sections,
    standing_sections,
)
from desktop.dialogue.manner import expression_section, manner_omissions, measure_sections
from desktop.dialogue.narrator import narrator_omissions, narrator_sections
from desktop.dialogue.quoting import quoted, spoken
from desktop.dialogue.segments import (
    Omission,
    Prompt,
    Segment,
    SegmentKind,
    Talk,
    joined,
    section,
    told_talk,
)
from desktop.dialogue.table import Table
from desktop.protocol.models import Message, Stage

__all__ = [
    "Allowance",
    "Lore",
    "Omission",
    "Prompt",
    "Segment",
    "SegmentKind",
    "Talk",
    "compose",
]

_LINE_TOKENS = 2_000


class Allowance(NamedTuple):
    """How much a model can take: its whole context, and what of it is kept for the answer."""

    context_tokens: int
    estimate: Callable[[str], int]
    """Tokens of a text, rather too many than too few."""
    answer_tokens: int = 4_000


NO_LORE = Lore()


def compose(
    stage: Stage,
    history: Sequence[Message],
    line: str,
    *,
    as_narrator: bool = False,
    house_rules: str = "",
    summary: str = "",
    stale: bool = False,
    lore: Lore = NO_LORE,
    direction: str = "",
    said: Message | None = None,
    allowance: Allowance | None = None,
    voice: str = "",
) -> Prompt:
    """The whole prompt, for the whole table or for a ``voice`` of it.

    ``history`` may be the full talk: the stage's window is applied here, and the ``allowance``
    where there is one. A last message of mine that is the line itself is not shown twice. A blank
    ``line`` asks to go on with the scene. ``house_rules`` are the person's own, for every room of
    the profile; ``summary`` tells what lies before the history, ``stale`` that something in it was
    changed since; ``direction`` is a wish for this answer alone; ``said`` is the message in which
    the line is stored.
    """
    table = Table(stage, voice)
    system = tuple(_system(table, house_rules, lore))
    summed = tuple(_summary(table, summary, stale=stale))
    risen = tuple(risen_sections(table, lore))
    deep = tuple(part for depth in depths(lore) for part in deep_sections(table, lore, depth))
    asked = _line(table, line, said, as_narrator=as_narrator)
    wish = tuple(_direction(table, direction))
    fixed = (*system, *summed, *risen, *deep, *wish)
    budget = allowance and _budget(allowance, fixed, asked)
    fitted = fit(
        _without_line(history, line),
        stage.window,
        budget,
        allowance.estimate if allowance else len,
    )
    talk = tuple(_history(table, fitted, lore, summed=bool(summed)))
    return Prompt(
        segments=(*system, *summed, *talk, *risen, asked, *wish),
        omissions=tuple(_omissions(table, fitted)),
    )


def _without_line(history: Sequence[Message], line: str) -> Sequence[Message]:
    if history and line.strip():
        last = history[-1]
        if last.author.kind in ("user", "narrator") and last.text.strip() == line.strip():
            return history[:-1]
    return history


def _budget(allowance: Allowance, fixed: tuple[Segment, ...], asked: Segment) -> int:
    """Tokens for the history; a line of any common length must not move its beginning."""
    context = allowance.context_tokens
    taken = sum(allowance.estimate(joined(fixed, place)) for place in ("system", "user"))
    taken += max(allowance.estimate(asked.text), min(_LINE_TOKENS, context // 8))
    return max(context - taken - min(allowance.answer_tokens, context // 4), 0)


def _system(table: Table, house_rules: str, lore: Lore) -> Iterator[Segment]:
    stage, texts = table.stage, table.texts
    yield section("frame", texts.heading_frame, _frame(table), f"conversation.{table.conversation}")
    yield section("format", texts.heading_format, _format(table), "always")
    yield expression_section(table)
    yield from narrator_sections(table)
    yield from measure_sections(table)
    if rules := quoted(house_rules):
        told = f"{texts.house_rules}\n{rules}"
        yield section("house_rules", texts.heading_house_rules, told, "profile.house_rules")
    if world := quoted(stage.world):
        yield section("world", texts.heading_world, world, "stage.world")
    if situation := quoted(stage.situation):
        yield section("situation", texts.heading_situation, situation, "stage.situation")
    yield from standing_sections(table, lore, "before_characters")
    yield from people_sections(table)
    yield from standing_sections(table, lore, "after_characters")
    yield example_section(table)


def _frame(table: Table) -> str:
    texts = table.texts
    if table.apart and not table.parts:
        return f"{texts.frame_narrator}\n{texts.frame_text}"
    name = table.parts[0].tag if table.parts else ""
    voices = texts.frame_many if len(table.parts) > 1 else texts.frame_one
    return "\n".join((texts.frames[table.conversation].format(name=name), voices, texts.frame_text))


def _format(table: Table) -> str:
    texts, names = table.texts, [f"[{name}]" for name in table.names()]
    if len(names) == 1:
        tags = texts.format_one.format(name=names[0])
    else:
        tags = texts.format_many.format(names=", ".join(names))
    if table.apart:
        tags += "\n" + texts.format_apart.format(names=", ".join(names))
    return "\n".join((tags, texts.format_brackets, texts.not_me.format(me=table.me), texts.quoting))


def _summary(table: Table, summary: str, *, stale: bool) -> Iterator[Segment]:
    if told := quoted(summary):
        text = f"{table.texts.heading_summary}\n{told}"
        reason = "history.summary.stale" if stale else "history.summary"
        yield Segment(kind="summary", place="user", text=text, reason_code=reason)


def _history(table: Table, fitted: Fitted, lore: Lore, *, summed: bool) -> Iterator[Segment]:
    """The talk, parted where lore stands in its midst."""
    texts, lead = table.texts, table.texts.heading_history
    if fitted.why != "whole":
        lead += "\n" + (texts.history_summed if summed else texts.history_cut)
    reasons = {"whole": "history.whole", "window": "history.cut", "context": "history.context"}
    reason = reasons[fitted.why]
    start = 0
    for depth in depths(lore):
        end = max(len(fitted.visible) - depth, start)
        yield from _talk(table, lead if not start else texts.history_on, fitted, start, end, reason)
        yield from deep_sections(table, lore, depth)
        start = end
    lead = lead if not start else texts.history_on
    yield from _talk(table, lead, fitted, start, len(fitted.visible), reason)


def _talk(
    table: Table, lead: str, fitted: Fitted, start: int, end: int, reason: str
) -> Iterator[Segment]:
    if shown := fitted.visible[start:end]:
        tags = tuple(table.tag_of(message.author) for message in shown)
        talk = Talk(lead=lead, messages=shown, tags=tags)
        yield Segment(
            kind="history", place="user", text=told_talk(talk), reason_code=reason, talk=talk
        )


def _line(table: Table, line: str, said: Message | None, *, as_narrator: bool) -> Segment:
    texts = table.texts
    names = ", ".join(f"[{name}]" for name in table.names())
    if not line.strip():
        told = (texts.voice_goes_on if table.apart else texts.go_on).format(
            me=table.me, names=names
        )
        text = f"{texts.heading_go_on}\n{told}"
        return Segment(kind="line", place="user", text=text, reason_code="line.empty")
    tag = table.narrator if as_narrator else table.me
    ask = texts.ask_narrated if as_narrator else texts.ask.format(me=table.me)
    if table.apart:
        ask += " " + texts.ask_voice.format(names=names)
    tail = f"\n\n{ask}"
    text = f"{texts.heading_line}\n{spoken(tag, line)}{tail}"
    talk = None
    if said is not None and said.text == line:
        talk = Talk(lead=texts.heading_line, messages=(said,), tags=(tag,), tail=tail)
    return Segment(kind="line", place="user", text=text, reason_code="line.said", talk=talk)


def _direction(table: Table, direction: str) -> Iterator[Segment]:
    if wish := quoted(direction):
        texts = table.texts
        text = f"{texts.heading_direction}\n{wish}\n{texts.direction}"
        yield Segment(kind="direction", place="user", text=text, reason_code="turn.direction")


def _omissions(table: Table, fitted: Fitted) -> Iterator[Omission]:
    yield from manner_omissions(table)
    yield from narrator_omissions(table)
    yield from people_omissions(table)
    if fitted.dropped_messages:
        yield Omission(
            kind="history",
            reason_code=f"history.{fitted.why}",
            messages=fitted.dropped_messages,
            turns=fitted.dropped_turns,
        )
