"""Batches: merging loses nothing, and the script is ASCII that a JavaScript engine reads back."""

import itertools
import json
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from desktop.bridge.batch import merged, script
from desktop.protocol.events import MessageGrew, MessageRemoved

grew = st.builds(MessageGrew, message_id=st.sampled_from("ab"), text=st.text(max_size=5))
removed = st.builds(MessageRemoved, room_id=st.just("r"), message_id=st.sampled_from("ab"))
events = st.lists(st.one_of(grew, grew, removed), max_size=40)


def applied(stream: Any) -> Any:
    """What a page would show, and the order in which messages went."""
    texts: dict[str, str] = {}
    steps = []
    for event in stream:
        if isinstance(event, MessageGrew):
            texts[event.message_id] = texts.get(event.message_id, "") + event.text
        else:
            steps.append((event.message_id, texts.pop(event.message_id, "")))
    return texts, steps


@given(events)
def test_merging_changes_nothing_a_page_would_see(stream: Any) -> None:
    assert applied(merged(stream)) == applied(stream)


@given(events)
def test_no_two_neighbours_grow_the_same_message_and_nothing_else_is_merged(stream: Any) -> None:
    out = merged(stream)
    for one, other in itertools.pairwise(out):
        same = isinstance(one, MessageGrew) and isinstance(other, MessageGrew)
        assert not same or cast("Any", one).message_id != cast("Any", other).message_id
    kept = [event for event in out if isinstance(event, MessageRemoved)]
    assert kept == [event for event in stream if isinstance(event, MessageRemoved)]


@given(st.text())
def test_the_script_is_ascii_and_carries_the_text_exactly(text: Any) -> None:
    code = script((MessageGrew(message_id="a", text=text),), 7)
    assert code.isascii()
    assert "</" not in code
    start = code.index("personaReceive(") + len("personaReceive(")
    batch = json.loads(code[start:-1])
    assert batch == {
        "last": 7,
        "events": [{"type": "message_grew", "message_id": "a", "text": text}],
    }


def test_line_separators_and_half_characters_are_escaped() -> None:
    code = script((MessageGrew(message_id="a", text="\u2028\u2029</script>\ud83d"),), 1)
    assert "\\u2028\\u2029<\\/script>\\ud83d" in code
