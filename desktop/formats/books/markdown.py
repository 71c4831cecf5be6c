"""The book as Markdown, numbered as the first Persona Chat did: ``## 3. Name``, the text, a rule.

The text stands as it was said. Only what would be taken for a heading, a rule or HTML of ours is
marked: a backslash before the former, an entity for the latter.
"""

import re
from typing import BinaryIO

from desktop.formats.books.contents import Chapter, Head, Passage, RollRecord
from desktop.formats.books.legible import legible, one_line, utc_text
from desktop.formats.books.words import WORDS, book_title, chapter_title

_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_STRUCTURE = re.compile(
    r"^([ ]{0,3})(\\*(?:#{1,6}(?=[ \t]|$)|(?:-{3,}|={3,}|_{3,}|\*{3,})[ \t]*$))"
)


def safe(text: str) -> str:
    """The text, fit to stand between our headings; what was marked can be told and taken back."""
    told = _TAG.sub("&lt;", _ENTITY.sub("&amp;", legible(text)))
    return "\n".join(_STRUCTURE.sub(r"\1\\\2", line) for line in told.split("\n"))


class MarkdownWriter:
    def __init__(self, file: BinaryIO, head: Head) -> None:
        self._file = file
        self._head = head
        self._words = WORDS[head.language]
        self._level = "###" if head.chapters else "##"
        self._rolling = False
        self._put(f"# {safe(book_title(head.title, head.language))}\n\n")
        if head.cast:
            people = "".join(
                f"- **{safe(one_line(one.name))}** {safe(one_line(one.line, 2_000))}".rstrip()
                + "\n"
                for one in head.cast
            )
            self._put(f"## {self._words.cast}\n\n{people}\n")

    def chapter(self, chapter: Chapter) -> None:
        self._put(f"## {safe(chapter_title(chapter, self._head.language))}\n\n")

    def passage(self, passage: Passage) -> None:
        name = safe(one_line(passage.name))
        self._put(f"{self._level} {passage.number}. {name}".rstrip() + "\n\n")
        self._put(safe(passage.text) + "\n\n")
        if passage.answered:
            self._put("---\n\n")

    def roll(self, record: RollRecord) -> None:
        if not self._rolling:
            self._rolling = True
            self._put(f"## {self._words.dice}\n\n{self._words.dice_hint}\n\n")
        self._put(f"- {safe(one_line(record.text, 10_000))}  \n  {utc_text(record.time)}  \n")
        self._put(f"  `{one_line(record.id)}`  \n  `{one_line(record.hash)}`\n")

    def close(self) -> None:
        """Nothing stands at the end."""

    def _put(self, text: str) -> None:
        self._file.write(text.encode())
