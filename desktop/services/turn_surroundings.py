"""What every turn works with, handed on as one."""

from desktop.services.outside import Clock, Emit, NewId, ReportBug
from desktop.services.undo_stack import UndoStacks
from desktop.store.database import Database


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
    ) -> None:
        self.database = database
        self.emit = emit
        self.clock = clock
        self.new_id = new_id
        self.report_bug = report_bug
        self.stacks = stacks or UndoStacks()
