"""What was said, as paragraphs of a book."""

import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from desktop.formats.books.layout import pieces, said, told

CASES = json.loads((Path(__file__).parent / "markup_cases.json").read_text("utf-8"))


def shown(paragraphs: tuple[object, ...]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.speaker, one.text) for one in paragraphs]  # type: ignore[attr-defined]


def test_speech_is_quoted_and_an_action_stands_alone() -> None:
    assert shown(said("*편지를 올린다.* 열한 돈이요.\n가벼워요.", "서유온", "quotes")) == [
        ("narration", "", "편지를 올린다."),
        ("speech", "서유온", "“열한 돈이요.”"),
        ("speech", "", "“가벼워요.”"),
    ]


def test_words_that_are_quoted_already_are_not_quoted_twice() -> None:
    assert [one.text for one in said("「그래」\n“응”", "a", "quotes")] == ["「그래」", "“응”"]


def test_the_japanese_manner_uses_corner_brackets() -> None:
    assert shown(said("そうか。", "灯", "corner")) == [("speech", "灯", "「そうか。」")]


def test_a_script_keeps_actions_in_parentheses_behind_the_name() -> None:
    assert shown(said("*웃는다.* 그래.\n가자.", "도이레", "script")) == [
        ("speech", "도이레", "(웃는다.) 그래."),
        ("speech", "", "가자."),
    ]


def test_narration_loses_its_stars_and_its_blank_lines() -> None:
    assert shown(told("*안개*가 **짙다**.\n\n\n 파도. ")) == [
        ("narration", "", "안개가 짙다."),
        ("narration", "", "파도."),
    ]


def test_every_case_of_the_markup_is_read_as_the_page_reads_it() -> None:
    assert len(CASES) >= 20
    for case in CASES:
        found = [[acting, words] for acting, words in pieces(case["line"])]
        assert found == case["pieces"], case["line"]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80))
def test_no_letter_is_lost(line: str) -> None:
    kept = "".join(one.text for one in said(line, "", "script"))
    assert re.sub(r"[\s*()]", "", kept) == re.sub(r"[\s*()]", "", line) or _noncharacters(line)


def _noncharacters(line: str) -> bool:
    return re.search("[\ufdd0-\ufdef\ufffe\uffff]", line) is not None
