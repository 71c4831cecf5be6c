"""The files a person hands over: chosen in the system's dialog or dropped, each by a token."""

import base64
import binascii
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NamedTuple

from desktop.formats.age import SUFFIX, Key, SealedFile, WrongPassphrase, is_sealed, unlock
from desktop.formats.format import HEAD, Format
from desktop.formats.parts import Unreadable
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.protocol.transfer import DropParams, IncomingFile, UnsealParams
from desktop.services.outside import NewId
from desktop.services.transfer_folder import pack
from desktop.services.transfer_formats import format_inside
from desktop.store.session import machine_trouble
from desktop.store.spool import Spool

ChooseSave = Callable[[str], Awaitable[str]]
"""Lets the person say where a file is to be written, a name being offered; or empty."""

MOST_FILES = 32
_BLOCK = 1 << 16
MOST_BYTES = 64 * 1024**3


class Held(NamedTuple):
    path: Path
    name: str
    format: Format | None
    spool: Spool | None = None
    """A sealed copy of what was dropped, to be deleted with its token."""
    seen: tuple[int, int] | None = None
    """Size and time of the file when it was looked at."""
    sealed: bool = False
    """Locked in the age format."""
    key: Key | None = None
    """What opens it, once the person has told its passphrase."""

    def opened(self) -> BinaryIO:
        """What the file holds. Raises ``OSError``, ``Unreadable``."""
        file = self.raw()
        if not self.sealed:
            return file
        try:
            if self.key is None:
                raise Unreadable("encrypted", self.name)
            return BufferedReader(SealedFile(file, self.key), _BLOCK)
        except BaseException:
            file.close()
            raise

    @property
    def size(self) -> int:
        return self.seen[0] if self.seen else 0

    def changed(self) -> bool:
        """Whether it is another file than when it was looked at. Raises ``OSError``."""
        return self.seen is not None and self.seen != self.look()

    def look(self) -> tuple[int, int]:
        """Size and time. Raises ``OSError``."""
        found = self.path.stat()
        return self.spool.size if self.spool else found.st_size, found.st_mtime_ns

    def raw(self) -> BinaryIO:
        """The file as it was handed over. Raises ``OSError``."""
        return self.spool.open() if self.spool else self.path.open("rb")


class IncomingFiles:
    """``folder`` holds what was dropped while it is needed. Everything here waits for the disk."""

    def __init__(self, folder: Path, new_id: NewId) -> None:
        self._folder = folder
        self._new_id = new_id
        self._held: dict[str, Held] = {}

    def clear(self) -> None:
        """Forget every token and delete every copy, also those a crash has left."""
        self._held.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def found(self, token: str) -> Held:
        held = self._held.get(token)
        if held is None:
            raise Trouble(problem("not_found", field="token"))
        return held

    def chosen(self, path: Path) -> IncomingFile:
        """A file of the person's own, or a folder of the web version's library."""
        if path.is_dir():
            return self._packed(path)
        return self._keep(self._new_id(), Held(path, path.name, None))

    def _packed(self, folder: Path) -> IncomingFile:
        token = self._new_id()
        spool = Spool(self._folder / token)
        try:
            with machine_trouble(self._folder):
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                pack(folder, spool)
        except Unreadable as error:
            with suppress(OSError):
                spool.remove()
            raise Trouble(problem("bad_file", detail=error.code, field=error.where)) from error
        except BaseException:
            with suppress(OSError):
                spool.remove()
            raise
        return self._keep(token, Held(spool.path, f"{folder.name}.zip", None, spool))

    def hold(self, path: Path, name: str, form: Format) -> str:
        """A file of the program's own whose format is known; its token."""
        token = self._new_id()
        self._held[token] = Held(path, name, form)
        self._let_go_of_old()
        return token

    def dropped(self, params: DropParams) -> IncomingFile:
        """The next piece of a dropped file; its format is told with the last one."""
        try:
            piece = base64.b64decode(params.data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Trouble(problem("invalid_request", field="data")) from error
        if not params.token:
            with machine_trouble(self._folder):
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            token = self._new_id()
            name = params.name.replace("\\", "/").rsplit("/", 1)[-1]
            self._held[token] = Held(self._folder / token, name, None, Spool(self._folder / token))
            self._let_go_of_old()
        else:
            token = params.token
        held = self.found(token)
        if held.spool is None or held.spool.finished:
            raise Trouble(problem("invalid_request", field="token"))
        try:
            with machine_trouble(self._folder):
                held.spool.append(piece)
                if params.last:
                    held.spool.finish()
        except Trouble:
            # A piece may be there in part: no further one fits.
            self.let_go(token)
            raise
        if params.last:
            return self._keep(token, held)
        return IncomingFile(token=token, name=held.name, size=held.spool.size)

    def unseal(self, params: UnsealParams) -> IncomingFile:
        """Raises ``Trouble``: ``wrong_password``, ``bad_file`` for one that is damaged."""
        held = self.found(params.token)
        if not held.sealed:
            raise Trouble(problem("invalid_request", field="token"))
        try:
            with held.raw() as file:
                held = held._replace(key=unlock(file, params.passphrase))
            with held.opened() as inside:
                name = held.name.removesuffix(SUFFIX)
                found = format_inside(inside, name)
        except WrongPassphrase as error:
            raise Trouble(problem("wrong_password", field="passphrase")) from error
        except Unreadable as error:
            told = problem("bad_file", detail=error.code, field=error.where)
            raise Trouble(told) from error
        except OSError as error:
            raise Trouble(_unreadable(error)) from error
        self._held[params.token] = held._replace(format=found)
        return IncomingFile(
            token=params.token, name=held.name, size=held.size, format=found.id if found else ""
        )

    def let_go(self, token: str) -> None:
        held = self._held.pop(token, None)
        if held is not None and held.spool is not None:
            with suppress(OSError):
                held.spool.remove()

    def _keep(self, token: str, held: Held) -> IncomingFile:
        try:
            seen = held.look()
            with held.raw() as file:
                sealed = is_sealed(file.read(HEAD))
                file.seek(0)
                found = None if sealed else format_inside(file, held.name)
        except OSError as error:
            raise Trouble(_unreadable(error)) from error
        self._held[token] = held._replace(format=found, seen=seen, sealed=sealed)
        self._let_go_of_old()
        return IncomingFile(
            token=token,
            name=held.name,
            size=seen[0],
            format=found.id if found else "",
            sealed=sealed,
        )

    def _let_go_of_old(self) -> None:
        while len(self._held) > MOST_FILES:
            self.let_go(next(iter(self._held)))


def _unreadable(error: OSError) -> Problem:
    return problem("bad_file", detail="unreadable", field=error.strerror or "")
