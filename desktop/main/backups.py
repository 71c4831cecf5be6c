"""Puts together the backups the program makes by itself."""

from collections.abc import Callable, Mapping
from pathlib import Path

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.paths import Paths
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Settings
from desktop.services.backups import BackupKeeper, new_name
from desktop.services.book_saving import OpenOutside
from desktop.services.library_place import LibraryPlace
from desktop.services.outside import Clock, SystemClock
from desktop.services.transfer import Transfer
from desktop.store import backup_file, migration
from desktop.store.profile_files import BACKUPS


class BackupPart:
    """``transfer`` is asked for when it is needed: each of the two knows the other."""

    def __init__(
        self,
        paths: Paths,
        key: bytes | None,
        library: LibraryPlace,
        settings: Callable[[], Settings],
        transfer: Callable[[], Transfer],
        answering: Callable[[], bool],
        clock: Clock,
        open_outside: OpenOutside | None,
    ) -> None:
        self.keeper = BackupKeeper(
            source=paths.database,
            folder=paths.data / BACKUPS,
            key=key,
            library=library,
            settings=settings,
            transfer=transfer,
            answering=answering,
            clock=clock,
            report_bug=log.report_bug,
            open_outside=open_outside,
        )

    def handlers(self) -> Mapping[str, Handler]:
        keeper = self.keeper
        return {
            "backup.list": keeper.list,
            "backup.make": keeper.make,
            "backup.test": keeper.test,
            "backup.restore": keeper.restore,
            "backup.open_folder": keeper.open_folder,
        }


def before_migration(paths: Paths, key: bytes | None) -> Path | None:
    """A verified copy of data that is about to be brought to a newer schema; waits for the disk.

    The migration makes an unverified one of its own, so what fails here is only written down.
    """
    if not paths.database.exists() or not paths.database.stat().st_size:
        return None
    now = SystemClock().now_ms()
    target = paths.data / BACKUPS / new_name(now, "migration")
    try:
        if not migration.pending(paths.database, key):
            return None
        backup_file.make(paths.database, key, target, (), made_at=now, reason="migration")
    except (Trouble, backup_file.Damaged, OSError) as error:
        log.report_bug(error, "a backup before a migration")
        return None
    return target
