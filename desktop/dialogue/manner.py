"""How an answer is written: what is not said aloud, how long, how fast."""

from collections.abc import Iterator

from desktop.dialogue.segments import Omission, Segment, section
from desktop.dialogue.table import Table
from desktop.dialogue.voices import members
from desktop.protocol.models import Output

_SHORTER: dict[Output, Output] = {"less": "less", "normal": "less", "more": "normal"}
"""What one voice says in a turn of its own: a table of them says more in all."""


def expression_section(table: Table) -> Segment:
    """Where gestures, sounds and scenery go; one way only, so no two rules can quarrel."""
    texts, expression = table.texts, table.expression
    told = texts.expressions[expression].format(narrator=table.narrator)
    separate = expression in ("separate", "separate_narrator")
    reason = "separation.on" if separate else f"expression.{expression}"
    return section("expression", texts.heading_expression, told, reason)


def measure_sections(table: Table) -> Iterator[Segment]:
    """The length in words and the pace. In a chat time stands still, whatever the pace."""
    texts, stage = table.texts, table.stage
    single = table.apart and len(members(table.voice)) == 1
    output, pace = _SHORTER[stage.output] if single else stage.output, stage.pace
    yield section("output", texts.heading_output, texts.outputs[output], f"output.{output}")
    told = (texts.chat_paces if table.chatting else texts.paces)[pace]
    yield section("pace", texts.heading_pace, told, f"pace.{pace}")


def manner_omissions(table: Table) -> Iterator[Omission]:
    """Separation has nothing to separate in a chat."""
    if table.stage.separation and table.chatting:
        yield Omission(kind="expression", reason_code="separation.chat")
