"""What the page may ask of the backups the program makes by itself; a part of ``METHODS``."""

from desktop.protocol.backups import BackupParams, Backups, BackupTested
from desktop.protocol.method import Method, Nothing
from desktop.protocol.replacing import Replaced
from desktop.protocol.transfer import TransferStarted

BACKUP_METHODS: dict[str, Method] = {
    "backup.list": Method(Nothing, Backups),
    "backup.make": Method(Nothing, Backups),
    "backup.test": Method(BackupParams, BackupTested),
    "backup.restore": Method(BackupParams, TransferStarted),
    "backup.replace": Method(BackupParams, Replaced),
    "backup.open_folder": Method(Nothing, Nothing),
}
