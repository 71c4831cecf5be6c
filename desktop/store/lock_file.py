"""``lock.json`` in a locked profile's folder: the wrapped key, and how far a conversion got.

It is all that lies there in the clear: salts, costs and wrapped bytes, no name and no count.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from desktop.protocol.base import Frozen
from desktop.protocol.problems import Trouble, problem
from desktop.store.sealing import Slot
from desktop.store.session import disk_trouble

NAME = "lock.json"


class Lock(Frozen, kw_only=True):
    version: Literal[1] = 1
    password: Slot
    recovery: Slot
    pending: Literal["", "sealing", "unsealing"] = ""
    """A conversion was begun and has not told that it ended."""
    salt: str = ""
    leftovers: tuple[str, ...] = ()
    """Salted digests of the plain files that go once the sealed copy has taken over."""


def read(folder: Path) -> Lock | None:
    """``None`` for a profile without a lock. Raises ``Trouble(storage_failed)``."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Lock)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise Trouble(problem("storage_failed", field="lock")) from error


def write(folder: Path, lock: Lock) -> None:
    """Whole or not at all, and safe on the disk. Raises ``Trouble`` as ``put`` does."""
    put(folder / NAME, msgspec.json.encode(lock))


def remove(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)
    keep_folder(folder)


def put(path: Path, raw: bytes) -> None:
    """Put bytes in a file's place, whole or not at all.

    Raises ``Trouble``: ``storage_full`` and ``storage_failed``.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise disk_trouble(error) from error
    keep_folder(path.parent)


def keep_file(path: Path) -> None:
    """Have a file that was written by others safe on the disk. Raises ``OSError``."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def keep_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system lets us."""
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
