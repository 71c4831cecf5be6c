"""The ways on that end a text, in every dress a model gives them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.choices import MOST, Offer, split

CASES = json.loads((Path(__file__).parent / "choices_cases.json").read_text("utf-8"))

DRESSES = (
    "{letter}) {way}",
    "{letter}. {way}",
    "{letter}: {way}",
    "({letter}) {way}",
    "- {letter}: {way}",
    "• **{letter})** {way}",
    "**{letter}. {way}**",
    "{number}) {way}",
    "{number}. {way}",
    "[{number}] {way}",
    "  {circled} {way}",
    "{circled}{way}",
    "{wide}．{way}",
    "{number}、 {way}",
)
WAYS = st.lists(
    st.text("가나다 abcZ!?·—\"'", min_size=1, max_size=20).filter(lambda way: way.strip()),
    min_size=2,
    max_size=5,
)


def dressed(dress: str, ways: list[str]) -> str:
    return "\n".join(
        dress.format(
            letter="ABCDE"[at], number=at + 1, circled="①②③④⑤"[at], wide="ＡＢＣＤＥ"[at], way=way
        )
        for at, way in enumerate(ways)
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shared_cases_are_read_as_the_page_reads_them(case: dict[str, object]) -> None:
    offer = split(str(case["text"]))
    assert offer.body == case["body"]
    assert [[choice.mark, choice.text] for choice in offer.choices] == case["choices"]


def test_every_shared_case_has_its_own_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    assert all(set(case) == {"name", "text", "body", "choices"} for case in CASES)


@given(st.sampled_from(DRESSES), WAYS, st.text("가나 .\n", max_size=30))
def test_whatever_they_are_dressed_in_the_ways_come_back(
    dress: str, ways: list[str], told: str
) -> None:
    offer = split(f"{told}\n{dressed(dress, ways)}\n")
    assert [choice.text for choice in offer.choices] == [way.strip() for way in ways]
    assert offer.body == told.rstrip()


@given(st.text("AB12①②).:：\n *-[]()가 ", max_size=80))
def test_no_text_breaks_it_and_spans_point_at_the_words(text: str) -> None:
    offer = split(text)
    assert text.startswith(offer.body)
    assert len(offer.choices) == 0 or 2 <= len(offer.choices) <= MOST
    end = len(offer.body)
    for at, choice in enumerate(offer.choices):
        assert choice.text
        assert choice.start >= end
        cut = text[choice.start : choice.end]
        assert "\n" not in cut
        assert choice.text in cut.replace("**", "")
        assert choice.mark == ("12345678"[at] if offer.choices[0].mark == "1" else "ABCDEFGH"[at])
        end = choice.end
    if not offer.choices:
        assert offer == Offer(text, ())
    else:
        assert not text[end:].strip("* \n\t")


@given(WAYS, st.sampled_from(["그리고 끝.", "x", "—"]))
def test_a_list_that_does_not_end_the_text_is_none(ways: list[str], after: str) -> None:
    text = f"x\n{dressed('{letter}) {way}', ways)}\n{after}"
    assert split(text) == Offer(text, ())


def test_a_long_text_is_read_from_its_end_only() -> None:
    lines = "\n".join(f"{at % 7 + 1}) 줄" for at in range(200_000))
    assert len(split(lines + "\n끝\nA) 하나\nB) 둘").choices) == 2
    assert split("*" * 100_000).choices == ()
    assert split("A)" + " " * 100_000 + "\nB)").choices == ()
