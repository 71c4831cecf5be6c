"""The one text file of house rules in the library folder."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from desktop.protocol.problems import Trouble, problem
from desktop.store import library_files as files
from desktop.store.disk import Disk
from desktop.store.library_names import free, key_of
from desktop.store.library_text import MAX_TEXT, Undecodable, decoded
from desktop.store.session import disk_trouble

FILE = "house_rules.md"


class Found(NamedTuple):
    text: str
    stamp: str


class RulesFile:
    """Waits for the disk: call it from a thread. Raises ``Trouble``."""

    def __init__(self, library: Path, disk: Disk = files) -> None:
        self._path = library / FILE
        self._disk = disk

    def read(self) -> Found | None:
        """``None`` where the person has written none."""
        try:
            raw = self._raw()
            if raw is None:
                return None
            return Found(decoded(raw).removesuffix("\n")[:MAX_TEXT], files.stamp_of(raw))
        except (OSError, files.TooLarge, Undecodable) as error:
            raise Trouble(problem("storage_failed", field="house_rules")) from error

    def write(self, text: str | None, stamp: str) -> str:
        """Replace the text (``None`` removes it). Returns the name under which the text of
        somebody else was kept, if there was one."""
        try:
            raw = self._raw()
            kept = ""
            if raw is not None and files.stamp_of(raw) != stamp:
                taken = {key_of(one) for one in self._disk.names(self._path.parent)}
                _, kept = free(self._path.stem, self._path.suffix, taken)
                self._disk.write_new(self._path.parent / kept, raw)
            self._put(text, fresh=raw is None)
        except OSError as error:
            raise disk_trouble(error, "house_rules") from error
        except files.TooLarge as error:
            raise Trouble(problem("storage_failed", field="house_rules")) from error
        return kept

    def _put(self, text: str | None, *, fresh: bool) -> None:
        if text is None:
            with suppress(FileNotFoundError):
                self._disk.remove(self._path)
        elif fresh:
            self._disk.write_new(self._path, f"{text}\n".encode())
        else:
            self._disk.replace(self._path, f"{text}\n".encode())

    def _raw(self) -> bytes | None:
        return None if self._disk.look(self._path) is None else self._disk.read_bytes(self._path)
