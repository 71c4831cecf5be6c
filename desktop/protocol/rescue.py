"""A profile whose database is damaged: what there is to go on with, and what becomes of it."""

from desktop.protocol.backups import Backup, BackupId
from desktop.protocol.base import Frozen
from desktop.protocol.profiles import Profiles


class Rescue(Frozen, kw_only=True):
    """What the profile's folder offers."""

    offered: Backup | None
    """The newest one that was restored for a trial just now and held."""
    others: tuple[Backup, ...]
    """Further ones that can be read, the newest first; they are tried before they are used."""
    lost: bool
    """The database is not there at all, or empty: nothing can be read out of it."""


class RescueParams(Frozen, kw_only=True):
    """Which backup takes the damaged database's place."""

    backup_id: BackupId


class Rescued(Frozen, kw_only=True):
    """The profile is open again."""

    profiles: Profiles
    kept: str
    """The damaged file's name from now on, beside the new one; empty where there was none."""
    rooms: int
    messages: int
