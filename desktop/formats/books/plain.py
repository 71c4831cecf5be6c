"""The book as plain text: a paragraph a line, a blank line between what two people say."""

from typing import BinaryIO

from desktop.formats.books.contents import Chapter, Head, Paragraph, Passage, RollRecord
from desktop.formats.books.legible import legible, one_line, utc_text
from desktop.formats.books.words import WORDS, book_title, chapter_title


class PlainWriter:
    """``Name: words`` in script style, ``Name “words”`` where the words are quoted."""

    def __init__(self, file: BinaryIO, head: Head) -> None:
        self._file = file
        self._head = head
        self._words = WORDS[head.language]
        self._rolling = False
        self._put(book_title(head.title, head.language) + "\n")
        if head.cast:
            people = "".join(
                ": ".join(filter(None, (one_line(one.name), one_line(one.line, 2_000)))) + "\n"
                for one in head.cast
            )
            self._put(f"\n{self._words.cast}\n\n{people}")

    def chapter(self, chapter: Chapter) -> None:
        self._put(f"\n\n{chapter_title(chapter, self._head.language)}\n")

    def passage(self, passage: Passage) -> None:
        if passage.paragraphs:
            self._put("\n" + "".join(map(line, passage.paragraphs)))

    def roll(self, record: RollRecord) -> None:
        if not self._rolling:
            self._rolling = True
            self._put(f"\n\n{self._words.dice}\n{self._words.dice_hint}\n")
        self._put(f"\n{one_line(record.text, 10_000)}\n{utc_text(record.time)}\n")
        self._put(f"{one_line(record.id)}\n{one_line(record.hash)}\n")

    def close(self) -> None:
        """Nothing stands at the end."""

    def _put(self, text: str) -> None:
        self._file.write(text.encode())


def line(told: Paragraph) -> str:
    text = legible(told.text)
    who = one_line(told.speaker)
    if not who:
        return f"{text}\n"
    return f"{who} {text}\n" if text[:1] in '“"「『‘' else f"{who}: {text}\n"
