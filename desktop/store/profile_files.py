"""Which files of a profile's folder belong to it besides the database."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from desktop.store import lock_file

BACKUPS = "backups"
"""Where the copies lie that the program makes by itself, as open or locked as the profile."""

_OURS_ALONE = frozenset(
    {lock_file.NAME, ".lock", "profiles", "profiles.json", "attempts.json", "providers", BACKUPS}
)
"""Of the program rather than of the story; nothing of the story is ever written there, but for
``providers``, which is emptied, and for the backups, which go with what is droppable."""


class FileSet:
    """``others``: folders inside that are the program's, as some systems lay them."""

    def __init__(self, folder: Path, database: Path, others: tuple[Path, ...] = ()) -> None:
        self.folder = folder
        self.database = database
        self._others = frozenset(path for path in others if path != folder)

    def all(self) -> Iterator[str]:
        """Every regular file with its path from the folder. Links are not followed."""
        for path in self._walk():
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(self.folder).as_posix()

    def size(self) -> int:
        named = [self.folder / name for name in self.all()]
        return sum(path.stat().st_size for path in [self.database, *named] if path.exists())

    def clear_droppable(self) -> None:
        """Copies of the database in an older form or from before it was locked, and links."""
        for path in self.folder.glob(f"{self.database.name}.*"):
            path.unlink()
        shutil.rmtree(self.folder / BACKUPS, ignore_errors=True)
        for path in list(self._walk()):
            if path.is_symlink():
                path.unlink()

    def clear_empty_folders(self) -> None:
        for top in self._tops():
            if top.is_dir() and not top.is_symlink():
                for here, _, _ in os.walk(top, topdown=False):
                    if not any(Path(here).iterdir()):
                        Path(here).rmdir()

    def _tops(self) -> list[Path]:
        return [
            path
            for path in sorted(self.folder.iterdir())
            if path.name not in _OURS_ALONE
            and not path.name.startswith((self.database.name, f".{lock_file.NAME}"))
            and path not in self._others
        ]

    def _walk(self) -> Iterator[Path]:
        for top in self._tops():
            yield top
            if top.is_dir() and not top.is_symlink():
                for here, folders, names in os.walk(top):
                    folders[:] = [name for name in folders if Path(here, name) not in self._others]
                    for name in [*folders, *names]:
                        yield Path(here, name)
