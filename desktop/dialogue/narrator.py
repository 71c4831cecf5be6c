"""What a model is told about narrating: who, how much, who moves the story, and choices."""

from collections.abc import Iterator

from desktop.dialogue.quoting import quoted
from desktop.dialogue.segments import Omission, Segment, section
from desktop.dialogue.table import Table
from desktop.protocol.spoken import offering

MARKS = "ABCDE"


def narrator_sections(table: Table) -> Iterator[Segment]:
    """The narrator, its drive where the AI narrates, and the rules about choices and dice.

    What the person wrote about the narrator is quoted.
    """
    texts, narrator = table.texts, table.stage.narrator
    if table.elsewhere:
        told = texts.narrator_elsewhere.format(narrator=table.narrator)
        yield section("narrator", texts.heading_narrator, told, "narrator.elsewhere")
    elif table.kind == "none":
        reason = "narrator.none" if narrator.kind == "none" else "narrator.off.chat"
        yield section("narrator", texts.heading_narrator, _named(table, "none"), reason)
    elif table.kind == "me":
        yield section("narrator", texts.heading_narrator, _named(table, "me"), "narrator.me")
    else:
        lines = [_named(table, "ai"), texts.narrator_levels[narrator.level]]
        if (about := quoted(narrator.description)) and narrator.kind == "ai":
            lines.append(about)
        reason = f"narrator.ai.{narrator.level}" if narrator.kind == "ai" else "narrator.alone"
        yield section("narrator", texts.heading_narrator, "\n".join(lines), reason)
        drive = texts.drives[narrator.drive].format(me=table.me)
        yield section("drive", texts.heading_drive, drive, f"drive.{narrator.drive}")
    yield _choices(table)
    if table.stage.dice and table.kind == "ai":
        yield section("dice", texts.heading_dice, texts.dice, "stage.dice")


def _named(table: Table, kind: str) -> str:
    return table.texts.narrators[kind].format(narrator=table.narrator)


def _choices(table: Table) -> Segment:
    texts, offering = table.texts, table.offering
    if offering is None or table.stage.choices is None:
        return section("choices", texts.heading_choices, texts.choices_off, _why_none(table))
    rule = texts.choices_narrator if offering == "ai" else texts.choices_character
    marks = " ".join(f"`{mark}) `" for mark in MARKS[: table.stage.choices])
    told = rule.format(narrator=table.narrator, me=table.me, count=table.stage.choices, marks=marks)
    reason = "choices.narrator" if offering == "ai" else "choices.character"
    return section("choices", texts.heading_choices, told, reason)


def _why_none(table: Table) -> str:
    if table.stage.choices is None:
        return "choices.off"
    if table.apart and offering(table.stage):
        return "choices.off.voice"
    if table.chatting:
        return "choices.off.chat"
    return "choices.off.me" if table.kind == "me" else "choices.off.direct"


def narrator_omissions(table: Table) -> Iterator[Omission]:
    """What was set for the narrator and has no place in this room."""
    narrator = table.stage.narrator
    if table.elsewhere:
        return
    if narrator.kind == "ai" and table.kind != "ai":
        yield Omission(kind="narrator", reason_code="narrator.off.chat")
    elif table.kind != "ai" and narrator.description.strip():
        yield Omission(kind="narrator", reason_code="narrator.description.unused")
    if table.kind != "ai" and narrator.drive != "guide":
        yield Omission(kind="drive", reason_code="drive.unused")
    if table.stage.choices is not None and table.offering is None:
        yield Omission(kind="choices", reason_code=_why_none(table))
