"""Writes rooms into a file: beside its place first, and renamed once all of it is there."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from desktop.formats.age import SUFFIX, SealingFile
from desktop.formats.format import Format
from desktop.formats.parts import AnyPart, LibraryItem, MessagePart, RoomPart, TurnPart
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.transfer import ExportParams
from desktop.services.transfer_export import Wanted, story_parts
from desktop.services.transfer_job import Job
from desktop.services.transfer_kept import outgoing
from desktop.store import kept
from desktop.store.database import Database
from desktop.store.library import LibraryFolder
from desktop.store.session import machine_trouble

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LOOK_EVERY = 64


def offered_name(params: ExportParams, form: Format, title: str) -> str:
    """What a file is called unless the person says otherwise; the date is the local one."""
    stem = _UNSAFE.sub(" ", title) if params.scope == "room" else "Persona Chat"
    stem = " ".join(stem.split()).strip(". ")[:60] or "Persona Chat"
    locked = SUFFIX if params.passphrase else ""
    return f"{stem} {time.strftime('%Y-%m-%d')}{form.suffixes[0]}{locked}"


def write_out(
    database: Database,
    params: ExportParams,
    form: Format,
    target: Path,
    library: LibraryFolder | None,
    job: Job,
) -> int:
    """The size of the file. Waits for the disk: call it from a thread.

    Raises ``Stopped`` and ``Trouble``; nothing is left behind then, and a file that was there
    before is as it was.
    """
    if form.writer is None:
        raise Trouble(problem("invalid_request", field="format"))
    beside = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with machine_trouble(target):
            descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR | _BINARY, 0o600)
            with os.fdopen(descriptor, "w+b") as file:
                parts = _told(database, params, library, job)
                if params.passphrase:
                    # Sealed on its way out: nothing of it ever lies open beside.
                    sealing = SealingFile(file, params.passphrase)
                    form.writer(parts, cast("BinaryIO", sealing))
                    sealing.finish()
                else:
                    form.writer(parts, file)
                file.flush()
                os.fsync(file.fileno())
                size = file.seek(0, os.SEEK_END)
            job.check()
            beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return size


_BINARY = getattr(os, "O_BINARY", 0)


def _told(
    database: Database, params: ExportParams, library: LibraryFolder | None, job: Job
) -> Iterator[AnyPart]:
    ids = None if params.scope == "all" else params.room_ids
    with database.snapshot() as snapshot:
        rooms = snapshot.rooms(ids)
        if ids is not None and len(rooms) < len(set(ids)):
            raise Trouble(problem("not_found", field="room_ids"))
        messages, turns = snapshot.totals([row["id"] for row in rooms])
        job.count(rooms_total=len(rooms), messages_total=messages, turns_total=turns)
        seen = [0, 0, 0]
        job.share = lambda: sum(seen) / max(1, messages + turns + len(rooms))
        number = 0
        pointers: dict[str, None] = {}
        for number, part in enumerate(story_parts(snapshot, rooms, Wanted.of(params)), 1):
            if isinstance(part, RoomPart) and part.stage is not None:
                stage = msgspec.json.encode(part.stage).decode()
                pointers |= dict.fromkeys(sorted(kept.pointers(stage)))
            kind = _KINDS.get(type(part))
            if kind is not None:
                seen[kind] += 1
            if number % _LOOK_EVERY == 0:
                job.check()
                job.count(rooms_done=max(0, seen[2] - 1), turns_done=seen[1], messages_done=seen[0])
            yield part
        job.count(rooms_done=seen[2], turns_done=seen[1], messages_done=seen[0])
        yield from outgoing(snapshot.kept(pointers), params.pictures)
    if library is not None:
        yield from library_parts(library, job, params.pictures, set(pointers))


_KINDS: dict[type, int] = {MessagePart: 0, TurnPart: 1, RoomPart: 2}


def library_parts(
    library: LibraryFolder, job: Job, with_pictures: bool, told: set[str]
) -> Iterator[AnyPart]:
    """The person's own entries as their files stand, and what they point to but for what was
    ``told``; those that cannot be read are left out."""
    for entry in library.entries():
        job.check()
        if entry.problem is None:
            raw = library.raw(entry.kind, entry.file).decode("utf-8", "replace")
            yield LibraryItem(kind=entry.kind, name=entry.name, content=raw)
            wanted = sorted(kept.pointers(raw) - told)
            told.update(wanted)
            yield from outgoing(library.all_beside(wanted), with_pictures)
