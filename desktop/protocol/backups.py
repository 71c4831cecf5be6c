"""Backups the program makes by itself: what is kept, and what is said about one."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.problems import Problem

BackupId = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[0-9][0-9A-Za-z_.-]*$")]
"""A file's name in the folder of backups; it is looked up there and never used as a path."""

BackupReason = Literal["daily", "import", "migration", "by_hand", "salvage", "replacing"]
"""Why it was made; ``import`` and ``migration``: right before one. ``salvage``: it holds what could
be read of a damaged database. ``replacing``: everything, right before another backup took its
place."""


class Backup(Frozen, kw_only=True):
    """A whole copy of the profile's stories and library, as its own note tells."""

    id: str
    made_at: UtcMs
    reason: BackupReason
    size: int
    rooms: int = 0
    messages: int = 0
    library: int = 0
    readable: bool = True
    """False: it is damaged, or was made under a key this profile no longer has."""


class Backups(Frozen, kw_only=True):
    """The newest first."""

    backups: tuple[Backup, ...]
    size: int
    """Bytes of all of them."""
    making: bool
    problem: Problem | None = None
    """Why the newest attempt failed, if it did."""


class BackupParams(Frozen, kw_only=True):
    backup_id: BackupId


class BackupTested(Frozen, kw_only=True):
    """What came of really restoring one into a database that was thrown away afterwards."""

    holds: bool
    rooms: int = 0
    messages: int = 0
