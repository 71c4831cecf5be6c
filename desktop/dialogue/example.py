"""A short answer in the very form that is asked for, with the room's own names."""

from collections.abc import Iterator

from desktop.dialogue.narrator import MARKS
from desktop.dialogue.quoting import spoken
from desktop.dialogue.segments import Segment, section
from desktop.dialogue.table import Table


def example_section(table: Table) -> Segment:
    """What I say, an arrow, and the answer; it shows no more than the room's rules allow."""
    texts = table.texts
    asked = texts.chat_example_me if table.chatting else texts.example_me
    lines = [spoken(table.me, asked), "→", *_answer(table)]
    return section("example", texts.heading_example, "\n".join(lines), "always")


def _answer(table: Table) -> Iterator[str]:
    texts, expression = table.texts, table.expression
    if table.kind == "ai":
        yield f"[{table.narrator}]: {texts.example_narrator}"
        if expression == "separate_narrator":
            yield texts.example_sound
    said: tuple[str, ...]
    if table.chatting:
        said = texts.chat_example_said
    elif expression in ("separate", "separate_narrator"):
        said = texts.example_said
    else:
        pairs = zip(texts.example_gestures, texts.example_said, strict=True)
        said = tuple(texts.example_mark.join((f"*{done}*", words)) for done, words in pairs)
    for at, (part, words) in enumerate(zip(table.parts, said, strict=False)):
        yield f"[{part.tag}]: {words}"
        if expression == "separate":
            yield from (texts.example_sound, texts.example_deed) if at == 0 else ()
    yield from _offer(table)


def _offer(table: Table) -> Iterator[str]:
    if table.offering is None or table.stage.choices is None:
        return
    if table.offering == "ai":
        yield f"[{table.narrator}]: {table.texts.example_offer}"
    ways = table.texts.example_ways[: table.stage.choices]
    yield from (f"{mark}) {way}" for mark, way in zip(MARKS, ways, strict=False))
