"""The book as DOCX: one document of styled paragraphs, streamed into its ZIP as it comes."""

import time
import zipfile
from typing import BinaryIO

from desktop.formats.books import docx_parts as parts
from desktop.formats.books.contents import Chapter, Head, Paragraph, Passage, RollRecord
from desktop.formats.books.epub import EARLIEST
from desktop.formats.books.legible import escaped, legible, one_line, runs_leftward, utc_text
from desktop.formats.books.words import WORDS, book_title, chapter_title

STYLES = {"speech": "Speech", "narration": "Narration", "roll": "Roll", "note": "Note"}


class DocxWriter:
    def __init__(self, file: BinaryIO, head: Head) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._head = head
        self._words = WORDS[head.language]
        moment = time.gmtime(max(head.made_at, EARLIEST) / 1000)
        self._moment = (*moment[:5], moment.tm_sec)
        picture = head.picture if head.with_cover else None
        for name, data in parts.fixed(head, picture).items():
            self._zip.writestr(self._member(name), data)
        # One member at a time may be open: everything else must stand before it.
        self._document = self._zip.open(self._member("word/document.xml"), "w", force_zip64=True)
        self._rolling = False
        self._put(parts.DOCUMENT_START)
        if picture is not None:
            self._put(parts.drawing(picture))
        self._line("Title", book_title(head.title, head.language))
        if head.cast:
            self._line("Heading1", self._words.cast)
            drawn = parts.faces(head, picture)
            for number, one in enumerate(head.cast, 1):
                told, face = one_line(one.line, 2_000), drawn.get(number, "")
                self._line("Normal", told, speaker=one_line(one.name), face=face)

    def chapter(self, chapter: Chapter) -> None:
        self._line("Heading1", chapter_title(chapter, self._head.language), new_page=True)

    def passage(self, passage: Passage) -> None:
        for told in passage.paragraphs:
            self._paragraph(told)

    def roll(self, record: RollRecord) -> None:
        if not self._rolling:
            self._rolling = True
            self._line("Heading1", self._words.dice, new_page=True)
            self._line("Note", self._words.dice_hint)
        self._line("Roll", record.text)
        for told in (utc_text(record.time), record.id, record.hash):
            self._line("Note", told)

    def close(self) -> None:
        self._put(parts.DOCUMENT_END)
        self._document.close()
        self._zip.close()

    def _paragraph(self, told: Paragraph) -> None:
        self._line(STYLES[told.kind], told.text, speaker=one_line(told.speaker))

    def _line(
        self, style: str, text: str, speaker: str = "", *, new_page: bool = False, face: str = ""
    ) -> None:
        before = "<w:pageBreakBefore/>" if new_page else ""
        way = "<w:bidi/>" if runs_leftward(text) else ""
        name = ""
        if speaker:
            name = f'<w:r><w:rPr><w:rStyle w:val="Speaker"/></w:rPr>{_text(speaker + " ")}</w:r>'
        words = f"<w:r>{_text(text)}</w:r>" if text else ""
        self._put(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{before}{way}</w:pPr>'
            f"{face}{name}{words}</w:p>\n"
        )

    def _put(self, text: str) -> None:
        self._document.write(text.encode())

    def _member(self, name: str) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(name, self._moment)
        member.compress_type = zipfile.ZIP_DEFLATED
        return member


def _text(text: str) -> str:
    """The runs' content: a tab is an element of its own, a line break too."""
    lines = []
    for line in legible(text).split("\n"):
        cells = (f'<w:t xml:space="preserve">{escaped(cell)}</w:t>' for cell in line.split("\t"))
        lines.append("<w:tab/>".join(cells))
    return "<w:br/>".join(lines)
