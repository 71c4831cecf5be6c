"""Cutting lines out of blocks of any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.providers.lines import LineCutter, LineTooLong


@given(st.lists(st.binary(max_size=20)), st.integers(1, 7))
def test_however_the_blocks_fall_the_lines_are_the_same(lines: list[bytes], size: int) -> None:
    lines = [line.replace(b"\n", b"").replace(b"\r", b"") for line in lines]
    stream = b"\r\n".join(lines)
    cutter = LineCutter()
    got = [
        line for at in range(0, len(stream), size) for line in cutter.feed(stream[at : at + size])
    ]
    got += cutter.finish()
    assert got == [line for line in lines if line.strip()]


def test_a_line_as_long_as_the_bound_passes_and_one_byte_more_does_not() -> None:
    assert LineCutter(10).feed(b"x" * 10 + b"\ny\n") == [b"x" * 10, b"y"]
    with pytest.raises(LineTooLong):
        LineCutter(10).feed(b"x" * 11 + b"\n")
    with pytest.raises(LineTooLong):
        LineCutter(10).feed(b"x" * 11)
