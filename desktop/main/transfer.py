"""Puts together what takes stories out and in."""
# ruff: noqa: ARG002

from collections.abc import Mapping

from desktop.bridge.dispatch import Handler
from desktop.paths import Paths
from desktop.services.library_place import LibraryPlace
from desktop.services.outside import Clock, Emit
from desktop.services.program_paths import ChooseFile
from desktop.services.transfer import Transfer
from desktop.services.transfer_files import ChooseSave
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
        choose_file: ChooseFile | None,
        choose_save: ChooseSave | None,
    ) -> None:
        self.transfer = Transfer()

    def handlers(self) -> Mapping[str, Handler]:
        transfer = self.transfer
        return {
            "transfer.formats": transfer.formats,
            "transfer.export": transfer.export,
            "transfer.choose": transfer.choose,
            "transfer.drop": transfer.drop,
            "transfer.let_go": transfer.let_go,
            "transfer.preview": transfer.preview,
            "transfer.import": transfer.bring_in,
            "transfer.stop": transfer.stop,
            "transfer.jobs": transfer.jobs,
            "transfer.receipts": transfer.receipts,
            "transfer.undo": transfer.undo,
        }

    async def close(self) -> None:
        """End what is being taken out or in; nothing of it is left behind."""
