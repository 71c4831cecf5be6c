"""The whole profile as a backup holds it, instead of what is there."""

from desktop.protocol.backups import BackupId
from desktop.protocol.base import Frozen
from desktop.protocol.profiles import Profiles


class Replaced(Frozen, kw_only=True):
    """The profile is open again, as it was when the backup was made."""

    profiles: Profiles
    kept: BackupId
    """The backup that holds everything as it stood before: the same way leads back."""
    rooms: int
    messages: int
    library: int
    """Entries of the library that were put back."""
    library_missing: bool = False
    """The folder of the person's own that holds the library is not there: it stays as it is."""
