"""The book as one web page that needs nothing beside it, to read, to paste and to print."""

import base64
from typing import BinaryIO

from desktop.formats.books.contents import Chapter, Head, Passage, Picture, RollRecord
from desktop.formats.books.cover import drawn_cover
from desktop.formats.books.legible import escaped
from desktop.formats.books.markup_html import STYLE, cast_page, paragraph, roll_item
from desktop.formats.books.words import WORDS, book_title, chapter_title

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The page can load nothing and run nothing, whatever stands in its text."""
DICE = "dice"


class PageWriter:
    def __init__(self, file: BinaryIO, head: Head) -> None:
        self._file = file
        self._head = head
        self._words = WORDS[head.language]
        self._rolling = False
        title = escaped(book_title(head.title, head.language))
        self._put(
            f'<!DOCTYPE html>\n<html lang="{head.language}">\n<head>\n<meta charset="utf-8"/>\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
            f'{self._cover()}<h1 dir="auto">{title}</h1>\n'
        )
        if head.chapters:
            self._put(self._contents())
        if head.cast:
            self._put(cast_page(head, lambda _, picture: _inline(picture)))
        self._put("<main>\n")

    def chapter(self, chapter: Chapter) -> None:
        title = escaped(chapter_title(chapter, self._head.language))
        self._put(f'<h2 id="chapter-{chapter.number}" dir="auto">{title}</h2>\n')

    def passage(self, passage: Passage) -> None:
        self._put("".join(map(paragraph, passage.paragraphs)))

    def roll(self, record: RollRecord) -> None:
        if not self._rolling:
            self._rolling = True
            self._put(
                f'</main>\n<section class="part" id="{DICE}"><h2>{escaped(self._words.dice)}</h2>\n'
                f'<p class="note">{escaped(self._words.dice_hint)}</p>\n<ol class="dice">\n'
            )
        self._put(roll_item(record))

    def close(self) -> None:
        self._put("</ol></section>\n" if self._rolling else "</main>\n")
        self._put("</body>\n</html>\n")

    def _contents(self) -> str:
        items = "".join(
            f'<li><a href="#chapter-{each.number}">'
            f"{escaped(chapter_title(each, self._head.language))}</a></li>\n"
            for each in self._head.chapters
        )
        return f"<nav><h2>{escaped(self._words.contents)}</h2>\n<ul>\n{items}</ul></nav>\n"

    def _cover(self) -> str:
        if not self._head.with_cover:
            return ""
        picture = self._head.picture
        if picture is None:
            return f'<div class="cover">{drawn_cover(self._head)}</div>\n'
        return f'<div class="cover"><img src="{_inline(picture)}" alt=""/></div>\n'

    def _put(self, text: str) -> None:
        self._file.write(text.encode())


def _inline(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"
