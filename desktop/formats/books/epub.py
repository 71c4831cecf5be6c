"""The book as EPUB 3, written member by member: a part is held, never the whole story."""

import time
import zipfile
from typing import BinaryIO

from desktop.formats.books import epub_package as package
from desktop.formats.books.contents import Chapter, Head, Passage, Picture, RollRecord
from desktop.formats.books.cover import drawn_cover
from desktop.formats.books.epub_package import Item
from desktop.formats.books.legible import escaped
from desktop.formats.books.markup_html import STYLE, cast_page, paragraph, roll_item
from desktop.formats.books.words import WORDS, book_title, chapter_title

PART_CHARACTERS = 200_000
"""Reading systems become slow with longer files; a longer chapter goes on in the next."""
EARLIEST = 315_532_800_000
"""1980: no ZIP tells an earlier time."""


class EpubWriter:
    def __init__(self, file: BinaryIO, head: Head) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._head = head
        self._words = WORDS[head.language]
        self._title = book_title(head.title, head.language)
        moment = time.gmtime(max(head.made_at, EARLIEST) / 1000)
        self._moment = (*moment[:5], moment.tm_sec)
        self._items: list[Item] = []
        self._links: list[tuple[str, str]] = []
        self._part: list[str] = []
        self._length = 0
        self._heading = self._title
        self._begun = self._rolls = False
        self._add("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        self._add("META-INF/container.xml", package.CONTAINER)
        self._add("OEBPS/style.css", STYLE)
        self._items.append(Item("style", "style.css", "text/css"))
        self._front()

    def chapter(self, chapter: Chapter) -> None:
        self._end_part()
        self._begun = True
        self._heading = chapter_title(chapter, self._head.language)
        self._link(self._next(), self._heading)
        self._hold(f'<h1 dir="auto">{escaped(self._heading)}</h1>\n')

    def passage(self, passage: Passage) -> None:
        if not self._begun:
            self._link(self._next(), self._title)
        self._begun = True
        for each in passage.paragraphs:
            self._hold(paragraph(each))
            if self._length > PART_CHARACTERS:
                self._end_part()

    def roll(self, record: RollRecord) -> None:
        if not self._rolls:
            self._end_part()
            self._rolls, self._heading = True, self._words.dice
            self._link(self._next(), self._heading)
        if not self._part:
            self._hold(self._dice_head())
        self._hold(roll_item(record))
        if self._length > PART_CHARACTERS:
            self._end_part()

    def close(self) -> None:
        self._end_part()
        if not self._links:
            self._link("title.xhtml", self._title)
        self._add("OEBPS/nav.xhtml", package.navigation(self._head, self._links))
        self._add("OEBPS/content.opf", package.package(self._head, self._items))
        self._zip.close()

    def _front(self) -> None:
        if self._head.with_cover:
            picture = self._head.picture
            ending = "svg" if picture is None else picture.media_type.removeprefix("image/")
            name = f"cover.{ending}"
            self._add(f"OEBPS/{name}", drawn_cover(self._head) if picture is None else picture.data)
            kind = "image/svg+xml" if picture is None else picture.media_type
            self._items.append(Item("cover-image", name, kind, properties="cover-image"))
            image = f'<p class="cover"><img src="{name}" alt="{escaped(self._title)}"/></p>'
            self._page("cover", "cover.xhtml", self._words.cover, image)
        body = f'<h1 dir="auto">{escaped(self._title)}</h1>\n'
        self._page("title", "title.xhtml", self._title, body)
        if self._head.cast:
            self._faces()
            cast = cast_page(self._head, _face_file)
            self._page("cast", "cast.xhtml", self._words.cast, cast)
            self._link("cast.xhtml", self._words.cast)

    def _faces(self) -> None:
        for number, one in enumerate(self._head.cast, 1):
            if one.picture is not None:
                name = _face_file(number, one.picture)
                self._add(f"OEBPS/{name}", one.picture.data, zipfile.ZIP_STORED)
                self._items.append(Item(f"face-{number}", name, one.picture.media_type))

    def _dice_head(self) -> str:
        hint = escaped(self._words.dice_hint)
        return (
            f'<h1>{escaped(self._words.dice)}</h1>\n<p class="note">{hint}</p>\n<ol class="dice">'
        )

    def _next(self) -> str:
        return f"part-{sum(item.name.startswith('part-') for item in self._items) + 1:05}.xhtml"

    def _hold(self, text: str) -> None:
        self._part.append(text)
        self._length += len(text)

    def _end_part(self) -> None:
        if not self._part:
            return
        name = self._next()
        if self._rolls:
            self._part.append("</ol>\n")
        self._page(name.removesuffix(".xhtml"), name, self._heading, "".join(self._part))
        self._part, self._length = [], 0

    def _page(self, key: str, name: str, title: str, body: str) -> None:
        self._add(f"OEBPS/{name}", package.page(self._head.language, title, body))
        self._items.append(Item(key, name, "application/xhtml+xml", in_spine=True))

    def _link(self, name: str, title: str) -> None:
        self._links.append((name, title))

    def _add(self, name: str, data: str | bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
        member = zipfile.ZipInfo(name, self._moment)
        member.compress_type = how
        self._zip.writestr(member, data)


def _face_file(number: int, picture: Picture) -> str:
    return f"face-{number:03}.{picture.ending}"
