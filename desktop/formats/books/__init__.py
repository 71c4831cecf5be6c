"""A story as a book: laid out once, written as EPUB, web page, DOCX, Markdown or plain text."""

from typing import BinaryIO

from desktop.formats.books.contents import Head, Writer
from desktop.formats.books.docx import DocxWriter
from desktop.formats.books.epub import EpubWriter
from desktop.formats.books.markdown import MarkdownWriter
from desktop.formats.books.page_html import PageWriter
from desktop.formats.books.plain import PlainWriter
from desktop.protocol.books import BookFormat

WRITERS: dict[BookFormat, type[Writer]] = {
    "epub": EpubWriter,
    "html": PageWriter,
    "pdf": PageWriter,
    "docx": DocxWriter,
    "markdown": MarkdownWriter,
    "text": PlainWriter,
}
"""A PDF is the web page, printed by the window."""

ENDINGS: dict[BookFormat, str] = {
    "epub": ".epub",
    "html": ".html",
    "pdf": ".pdf",
    "docx": ".docx",
    "markdown": ".md",
    "text": ".txt",
}


def book_writer(file: BinaryIO, head: Head, book_format: BookFormat) -> Writer:
    """Begins a book in an empty, seekable file, which stays open when the book is closed."""
    return WRITERS[book_format](file, head)
