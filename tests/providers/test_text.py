"""What a terminal would obey is taken out; what a reader sees stays."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.providers.text import TextCleaner, clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31m빨강\x1b[0m", "빨강"),
        ("\x1b]0;title\x07뒤", "뒤"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x1bPquery\x1b\\x", "x"),
        ("\x1b(Bx\x1b=y\x1bMz", "xyz"),
        ("a\x00b\x08c\x7fd\x85e", "abcde"),
        ("탭\t줄\n", "탭\t줄\n"),
        ("a\r\nb\rc\r", "a\nb\nc\n"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f \u200b", "👨\u200d👩\u200d👧 ❤\ufe0f \u200b"),
        ("a\u202eb\u2066c", "abc"),
        ("[민수]: [31m", "[민수]: [31m"),
    ],
)
def test_a_whole_text_is_cleaned(text: str, expected: str) -> None:
    assert clean(text) == expected


@example(text="0\x9b\x9b[\\", size=2)
@example(text="\x9d가\x9b1m\x07", size=2)
@example(text="\r\x9b0m\n", size=2)
@given(st.text(alphabet="가a1;[]m\x1b\x07\x9b\x9d\\\r\n\t0(", max_size=40), st.integers(1, 5))
def test_cut_into_pieces_it_comes_out_the_same(text: str, size: int) -> None:
    cleaner = TextCleaner()
    pieces = [cleaner.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(pieces) + cleaner.finish() == clean(text)
    assert "\x1b" not in clean(text)


def test_an_emoji_cut_in_two_halves_is_put_together() -> None:
    cleaner = TextCleaner()
    assert cleaner.feed("a\ud83d") + cleaner.feed("\ude00b") == "a😀b"
    assert clean("\ud83d") == ""


def test_a_sequence_that_never_ends_does_not_swallow_the_story() -> None:
    cleaner = TextCleaner()
    story = "이야기 " * 3000
    assert story[:20] in cleaner.feed("\x1b]0;" + story)
