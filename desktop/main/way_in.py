"""Which profile the terminal means, and what opens it there."""

import asyncio
import getpass
import sys
from pathlib import Path

from desktop.command_line.options import Options
from desktop.main.door import Door, file_set
from desktop.paths import Paths, of_profile
from desktop.protocol.problems import Trouble, problem
from desktop.services.outside import SystemClock
from desktop.services.profile_keys import ProfileKeys, keychain_of
from desktop.store import conversion, lock_file
from desktop.store.attempts import Attempts
from desktop.store.profile_list import ProfileRow, ProfileShelf


def chosen(shelf: ProfileShelf, wanted: str) -> ProfileRow:
    """By label, number or id. Raises ``Trouble(not_found)``, also where two have that name."""
    living = [row for row in shelf.list.profiles if row.deleted_at is None]
    if not wanted:
        living = [row for row in living if row.id == shelf.list.current] or living[:1]
    else:
        numbers = {row.id: str(at) for at, row in enumerate(shelf.list.profiles, 1)}
        for names in (lambda row: row.label, lambda row: row.id, lambda row: numbers[row.id]):
            if found := [row for row in living if names(row) == wanted]:
                living = found
                break
        else:
            living = []
    if len(living) != 1:
        raise Trouble(problem("not_found", field="profile"))
    return living[0]


async def way_in(options: Options, paths: Paths, *, ask: bool = True) -> tuple[Paths, Door]:
    """The profile's folders and key. Raises ``Trouble``: ``not_found``, ``locked``,
    ``wrong_password``.

    ``ask``: for the one program that holds the lock of the data: a password may be asked for in
    the terminal, and what a crash left of a conversion is brought to its end.
    """
    shelf = ProfileShelf(paths.data, tuple(paths)[1:])
    row = chosen(shelf, options.profile)
    folder = shelf.folder(row.id)
    own = of_profile(paths, folder)
    keychain = keychain_of(row.id)
    if ask:
        locked = await asyncio.to_thread(conversion.settle, file_set(own))
    else:
        locked = lock_file.read(folder)
    if locked is None:
        return own, Door(keychain)

    def folder_of(profile_id: str) -> Path | None:
        return folder if profile_id == row.id else None

    keys = ProfileKeys(Attempts(paths.data / "attempts.json"), SystemClock(), folder_of)
    key = await keys.recalled(row.id)
    if key is None and not (ask and sys.stdin.isatty()):
        raise Trouble(problem("locked"))
    if key is None:
        password = await asyncio.to_thread(getpass.getpass, "Password: ")
        key = await keys.by_password(row.id, password)
    return own, Door(keychain, key)
