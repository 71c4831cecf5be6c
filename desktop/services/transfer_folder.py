"""A folder of the web version that is handed over, packed so that it is one file like any other."""

import io
import os
import zipfile
from pathlib import Path

from desktop.formats.parts import Unreadable
from desktop.formats.zip_safety import MOST_MEMBERS, is_safe
from desktop.services.transfer_web_tree import Place
from desktop.store.spool import Spool

_DEEPEST = 12
_MOST_BYTES = 8 * 1024**3


def pack(folder: Path, spool: Spool) -> None:
    """Only what the web version's layout knows; links and hidden folders are passed over.

    Raises ``OSError``, and ``Unreadable``: ``not_known`` if there is nothing of it, ``too_many``,
    ``too_large``.
    """
    found: list[tuple[Path, str]] = []
    known = total = 0
    for here, folders, names in os.walk(folder, followlinks=False):
        deep = len(Path(here).relative_to(folder).parts)
        folders[:] = [one for one in folders if not one.startswith(".")] if deep < _DEEPEST else []
        for name in names:
            path = Path(here, name)
            # The folder that was chosen may be one of them: its name counts.
            inside = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            place = Place(inside)
            if not place.wanted or path.is_symlink() or not path.is_file() or not is_safe(inside):
                continue
            known += place.known
            total += path.stat().st_size
            found.append((path, inside))
            if len(found) > MOST_MEMBERS:
                raise Unreadable("too_many", folder.name)
            if total > _MOST_BYTES:
                raise Unreadable("too_large", folder.name)
    if not known:
        raise Unreadable("not_known", folder.name)
    with zipfile.ZipFile(_Into(spool), "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for path, inside in found:
            archive.write(path, inside)
    spool.finish()


class _Into(io.RawIOBase):
    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self._spool = spool

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._spool.append(bytes(data))
        return len(data)
