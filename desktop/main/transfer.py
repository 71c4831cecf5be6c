"""Puts together what takes stories out and in."""

from collections.abc import Awaitable, Callable, Mapping

from desktop import log
from desktop.bridge.dispatch import Handler
from desktop.paths import Paths
from desktop.services.library_place import LibraryPlace
from desktop.services.outside import Clock, Emit, fresh_id
from desktop.services.program_paths import ChooseFile
from desktop.services.transfer import Transfer
from desktop.services.transfer_files import ChooseSave, IncomingFiles
from desktop.store.database import Database


class TransferPart:
    """Both dialogs are ``None`` where there is no window."""

    def __init__(
        self,
        paths: Paths,
        database: Database,
        library: LibraryPlace,
        emit: Emit,
        clock: Clock,
        *,
        busy: Callable[[str], bool],
        brought_in: Callable[[], None],
        choose_file: ChooseFile | None,
        choose_folder: ChooseFile | None,
        choose_save: ChooseSave | None,
        before_import: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.transfer = Transfer(
            database=database,
            library=library,
            files=IncomingFiles(paths.data / "incoming", fresh_id),
            emit=emit,
            clock=clock,
            new_id=fresh_id,
            report_bug=log.report_bug,
            busy=busy,
            brought_in=brought_in,
            choose_file=choose_file,
            choose_folder=choose_folder,
            choose_save=choose_save,
            before_import=before_import,
        )

    def handlers(self) -> Mapping[str, Handler]:
        transfer = self.transfer
        return {
            "transfer.formats": transfer.formats,
            "transfer.export": transfer.export,
            "transfer.choose": transfer.choose,
            "transfer.drop": transfer.drop,
            "transfer.choose_folder": transfer.choose_folder,
            "transfer.unseal": transfer.unseal,
            "transfer.let_go": transfer.let_go,
            "transfer.preview": transfer.preview,
            "transfer.import": transfer.bring_in,
            "transfer.stop": transfer.stop,
            "transfer.jobs": transfer.jobs,
            "transfer.receipts": transfer.receipts,
            "transfer.undo": transfer.undo,
        }
