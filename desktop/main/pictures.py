"""Puts together what keeps pictures of people."""

from collections.abc import Mapping

from desktop.bridge.dispatch import Handler
from desktop.main.library import LibraryPart
from desktop.services.outside import Clock, fresh_id
from desktop.services.pictures import Pictures
from desktop.services.program_paths import ChooseFile
from desktop.store.database import Database


class PicturePart:
    """The dialog is ``None`` where there is no window."""

    def __init__(
        self,
        database: Database,
        library: LibraryPart,
        clock: Clock,
        choose_file: ChooseFile | None,
    ) -> None:
        beside = library.with_pictures(database, clock)
        self.pictures = Pictures(database, clock, fresh_id, choose_file, beside.pictures)

    def handlers(self) -> Mapping[str, Handler]:
        pictures = self.pictures
        return {
            "picture.choose": pictures.choose,
            "picture.drop": pictures.drop,
            "picture.crop": pictures.crop,
            "picture.let_go": pictures.let_go,
            "picture.read": pictures.read,
        }
