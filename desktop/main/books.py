"""Puts the book of a room together: its pages, its chapters and its saving."""

from collections.abc import Mapping

from desktop.bridge.dispatch import Handler
from desktop.paths import Paths
from desktop.services.book import Book
from desktop.services.book_saving import BookSaving, OpenOutside, PrintPdf
from desktop.services.outside import Clock, Emit
from desktop.services.story import Story
from desktop.services.transfer_files import ChooseSave


class BookPart:
    """What needs the window is ``None`` where there is none."""

    def __init__(
        self,
        paths: Paths,
        story: Story,
        emit: Emit,
        clock: Clock,
        *,
        choose_save: ChooseSave | None,
        print_pdf: PrintPdf | None,
        open_outside: OpenOutside | None,
    ) -> None:
        self._book = Book(story)
        self._saving = BookSaving(
            story.database,
            emit,
            clock,
            paths.cache / "print",
            choose_save=choose_save,
            print_pdf=print_pdf,
            open_outside=open_outside,
        )

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "book.contents": self._book.contents,
            "book.page": self._book.page,
            "book.text": self._saving.text,
            "book.chapter_add": self._book.chapter_add,
            "book.chapter_name": self._book.chapter_name,
            "book.chapter_delete": self._book.chapter_delete,
            "book.save": self._saving.save,
            "book.stop": self._saving.stop,
        }

    async def close(self) -> None:
        await self._saving.close()
