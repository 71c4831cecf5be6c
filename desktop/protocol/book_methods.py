"""What the page may ask of a room's book; a part of ``METHODS``."""

from desktop.protocol.books import (
    BookContents,
    BookPage,
    BookPageParams,
    BookParams,
    BookSaved,
    BookSaveParams,
    BookText,
    BookTextParams,
    ChapterAddParams,
    ChapterNameParams,
    ChapterParams,
)
from desktop.protocol.method import Method, Nothing

BOOK_METHODS: dict[str, Method] = {
    "book.contents": Method(BookParams, BookContents),
    "book.page": Method(BookPageParams, BookPage),
    "book.text": Method(BookTextParams, BookText),
    "book.chapter_add": Method(ChapterAddParams, BookContents),
    "book.chapter_name": Method(ChapterNameParams, BookContents),
    "book.chapter_delete": Method(ChapterParams, BookContents),
    "book.save": Method(BookSaveParams, BookSaved),
    "book.stop": Method(BookParams, Nothing),
}
