"""What every turn works with, handed on as one."""

from collections.abc import Awaitable, Callable, Sequence

from desktop.protocol.models import Language
from desktop.services.lore import Books
from desktop.services.measures import Measures
from desktop.services.outside import Clock, Emit, NewId, ReportBug
from desktop.services.undo_stack import UndoStacks
from desktop.store.database import Database

RulesFor = Callable[[Language], Awaitable[str]]
"""The person's house rules for a prompt in this language; empty for none."""


BooksFor = Callable[[Sequence[str]], Awaitable[Books]]
"""The lorebooks of these files."""


async def no_books(_: Sequence[str]) -> Books:
    return Books()


async def no_rules(_: Language) -> str:
    return ""


class Surroundings:
    """What every turn works with."""

    def __init__(
        self,
        database: Database,
        emit: Emit,
        clock: Clock,
        new_id: NewId,
        report_bug: ReportBug,
        stacks: UndoStacks | None = None,
        house_rules: RulesFor = no_rules,
        measures: Measures | None = None,
        books: BooksFor = no_books,
    ) -> None:
        self.database = database
        self.emit = emit
        self.clock = clock
        self.new_id = new_id
        self.report_bug = report_bug
        self.stacks = stacks or UndoStacks()
        self.house_rules = house_rules
        self.measures = measures or Measures(database)
        self.books = books
