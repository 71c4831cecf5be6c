"""Text in is text out, read by readers that know nothing of our writers."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.formats.books.contents import Paragraph, Passage
from desktop.formats.books.legible import legible
from tests.formats.books import shelf

READERS: dict[str, Callable[[bytes], list[str]]] = {
    "epub": shelf.epub_paragraphs,
    "html": lambda data: shelf.html_read(data)[0],
    "docx": shelf.docx_paragraphs,
    "text": lambda data: data.decode().split("\n\n", 1)[1].removesuffix("\n").split("\n"),
}
TEXT = st.text(st.characters(exclude_characters="\n\r"), max_size=60)


def as_passage(lines: list[str]) -> Passage:
    paragraphs = tuple(Paragraph(kind="narration", text=line) for line in lines)
    return Passage(number=1, name="", answered=False, text="\n".join(lines), paragraphs=paragraphs)


@pytest.mark.parametrize("book_format", READERS)
@settings(max_examples=30, deadline=None)
@given(lines=st.lists(TEXT, min_size=1, max_size=6))
def test_every_paragraph_comes_back(book_format: str, lines: list[str]) -> None:
    told = [legible(line) for line in lines]
    data = shelf.written(book_format, [as_passage(lines)])  # type: ignore[arg-type]
    assert READERS[book_format](data) == told


@settings(max_examples=100, deadline=None)
@given(
    texts=st.lists(
        st.text(st.one_of(st.sampled_from("#-=_*\\ \n<>&;ltamp."), st.characters()), max_size=60),
        min_size=1,
        max_size=4,
    )
)
def test_markdown_gives_every_message_back_as_it_was_said(texts: list[str]) -> None:
    passages = [shelf.spoken(at, "윤슬", text) for at, text in enumerate(texts, 1)]
    assert shelf.markdown_texts(shelf.written("markdown", passages)) == [
        legible(text) for text in texts
    ]


@pytest.mark.parametrize("book_format", READERS)
def test_a_paragraph_of_a_million_characters_comes_back_whole(book_format: str) -> None:
    line = "가나다 <b>&amp; " * 80_000
    data = shelf.written(book_format, [as_passage([line])])  # type: ignore[arg-type]
    assert READERS[book_format](data) == [line]
