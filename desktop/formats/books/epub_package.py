"""The frame of an EPUB: its container, its package document, its navigation and its pages."""

from typing import NamedTuple

from desktop.formats.books.contents import Head
from desktop.formats.books.legible import escaped, utc_text
from desktop.formats.books.words import WORDS, book_title
from desktop.protocol.models import Language

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'

CONTAINER = (
    XML + '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/content.opf" '
    'media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)


class Item(NamedTuple):
    key: str
    name: str
    media_type: str
    properties: str = ""
    in_spine: bool = False


def page(language: Language, title: str, body: str) -> str:
    return (
        f'{XML}<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">\n'
        f"<head><title>{escaped(title)}</title>"
        '<link rel="stylesheet" type="text/css" href="style.css"/></head>\n'
        f"<body>\n{body}</body>\n</html>\n"
    )


def navigation(head: Head, links: list[tuple[str, str]]) -> str:
    words = WORDS[head.language]
    items = "".join(f'<li><a href="{name}">{escaped(title)}</a></li>\n' for name, title in links)
    body = f'<nav epub:type="toc"><h1>{escaped(words.contents)}</h1>\n<ol>\n{items}</ol></nav>\n'
    return page(head.language, words.contents, body)


def package(head: Head, items: list[Item]) -> str:
    title = escaped(book_title(head.title, head.language))
    manifest = "".join(
        f'<item id="{each.key}" href="{each.name}" media-type="{each.media_type}"'
        + (f' properties="{each.properties}"' if each.properties else "")
        + "/>\n"
        for each in items
    )
    spine = "".join(f'<itemref idref="{each.key}"/>\n' for each in items if each.in_spine)
    return (
        f'{XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        f'unique-identifier="book" xml:lang="{head.language}">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<dc:identifier id="book">urn:uuid:{escaped(head.key)}</dc:identifier>\n'
        f"<dc:title>{title}</dc:title>\n<dc:language>{head.language}</dc:language>\n"
        f'<meta property="dcterms:modified">{utc_text(head.made_at)}</meta>\n</metadata>\n'
        '<manifest>\n<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" '
        f'properties="nav"/>\n{manifest}</manifest>\n'
        f'<spine page-progression-direction="ltr">\n{spine}</spine>\n</package>\n'
    )
