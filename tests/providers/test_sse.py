"""Server-sent events, cut out of bytes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.providers.sse import EventTooLong, ServerSentEvent, SseParser

_LINES = st.lists(
    st.one_of(
        st.sampled_from(["", "data", "data:", "data: ", ":", ": ping", "id: 1", "retry: 3", "x"]),
        st.text(max_size=12).map(lambda text: "data: " + text),
        st.text(max_size=8).map(lambda text: "data:" + text),
        st.sampled_from(["가", "👩‍👧", "☕"]).map(lambda text: f"event: {text}"),
    ),
    max_size=20,
)
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def feed_all(parser: SseParser, blocks: list[bytes]) -> list[ServerSentEvent]:
    return [event for block in blocks for event in parser.feed(block)]


def parsed(blocks: list[bytes]) -> list[ServerSentEvent]:
    parser = SseParser()
    return feed_all(parser, blocks) + parser.finish()


@given(_LINES, st.lists(_ENDS, min_size=1), st.booleans(), st.data())
def test_the_events_are_the_same_for_any_slicing(
    lines: list[str], ends: list[str], marked: bool, data: st.DataObject
) -> None:
    text = "".join(line + ends[index % len(ends)] for index, line in enumerate(lines))
    whole = (b"\xef\xbb\xbf" if marked else b"") + text.encode("utf-8", "surrogatepass")
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=30).map(sorted))
    edges = [0, *cuts, len(whole)]
    sliced = [whole[a:b] for a, b in itertools.pairwise(edges)]
    expected = parsed([whole])
    assert parsed(sliced) == expected
    assert parsed([whole[i : i + 1] for i in range(len(whole))]) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_stream_means_what_the_standard_says(end: str) -> None:
    lines = [
        "\ufeffevent: first",
        "data: one",
        "data:two",
        "data:  three",
        "",
        ": OPENROUTER PROCESSING",
        "",
        "event: nothing",
        "",
        'data:{"a":1}',
        "",
        "id: 7",
        "data: 끝",
    ]
    assert parsed([end.join(lines).encode()]) == [
        ServerSentEvent("first", "one\ntwo\n three"),
        ServerSentEvent("message", '{"a":1}'),
        ServerSentEvent("message", "끝"),
    ]


def test_an_event_is_told_as_soon_as_its_blank_line_is_there() -> None:
    parser = SseParser()
    assert parser.feed(b"data: a\r\n\r") == [ServerSentEvent("message", "a")]
    assert parser.feed(b"\ndata: b\n\n") == [ServerSentEvent("message", "b")]


def test_broken_characters_are_replaced_and_nothing_is_raised() -> None:
    assert parsed([b"data: \xff\xea\xb0 a\n\n"]) == [ServerSentEvent("message", "\ufffd\ufffd a")]


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_a_line_beyond_the_bound_is_refused(size: int) -> None:
    parser = SseParser(max_line=100)
    flood = b"data: " + b"x" * 1_000
    blocks = [flood[i : i + size] for i in range(0, len(flood), size)]
    with pytest.raises(EventTooLong):
        feed_all(parser, blocks)


def test_an_event_of_endless_lines_is_refused() -> None:
    parser = SseParser(max_line=100, max_event=1_000)
    with pytest.raises(EventTooLong):
        feed_all(parser, [b"data: " + b"x" * 50 + b"\n"] * 100)


def test_many_small_events_are_within_the_bounds() -> None:
    parser = SseParser(max_line=100, max_event=1_000)
    assert len(feed_all(parser, [b"data: " + b"x" * 50 + b"\n\n"] * 100)) == 100
