"""Taking rooms out and in from the terminal, over the same services as the window."""

import asyncio
import getpass
from typing import cast

import msgspec

from desktop.command_line.options import Options
from desktop.command_line.printing import Writes, printable
from desktop.command_line.say import Ask, found_room
from desktop.protocol.events import AnyEvent, TransferEnded
from desktop.protocol.method import Nothing
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.transfer import (
    Duplicates,
    ExportParams,
    ImportParams,
    IncomingFile,
    Receipt,
    TransferJob,
    TransferStarted,
    UnsealParams,
)


async def export(ask: Ask, events: asyncio.Queue[AnyEvent], options: Options) -> TransferJob | None:
    """The dialog that asks where to is answered by whoever built the services."""
    passphrase = ""
    if options.passphrase:
        passphrase = await _asked("Passphrase: ")
        if not passphrase or passphrase != await _asked("Again: "):
            raise Trouble(problem("invalid_request", field="passphrase"))
    rooms = [await found_room(ask, one) for one in options.rooms or ()]
    params = ExportParams(
        format=options.file_format,
        scope="rooms" if rooms else "all",
        room_ids=tuple(room.id for room in rooms),
        branches="path" if options.path_only else "tree",
        library=options.library,
        messages=not options.without_messages,
        passphrase=passphrase,
    )
    return await _ended(await ask("transfer.export", params), events)


async def bring_in(
    ask: Ask, events: asyncio.Queue[AnyEvent], options: Options
) -> TransferJob | None:
    """The same for the file that is chosen."""
    incoming = await ask("transfer.choose", Nothing())
    assert isinstance(incoming, IncomingFile)
    if incoming.sealed:
        told = UnsealParams(token=incoming.token, passphrase=await _asked("Passphrase: "))
        await ask("transfer.unseal", told)
    into = (await found_room(ask, options.into)).id if options.into else ""
    params = ImportParams(
        token=incoming.token,
        mode="merge" if into else "new",
        room_id=into,
        duplicates=cast("Duplicates", options.duplicates or "skip"),
    )
    method = "transfer.preview" if options.dry_run else "transfer.import"
    return await _ended(await ask(method, params), events)


async def _asked(prompt: str) -> str:
    return await asyncio.to_thread(getpass.getpass, prompt)


async def _ended(started: object, events: asyncio.Queue[AnyEvent]) -> TransferJob | None:
    assert isinstance(started, TransferStarted)
    while started.job is not None:
        event = await events.get()
        if isinstance(event, TransferEnded) and event.job.id == started.job.id:
            return event.job
    return None


def tell(job: TransferJob, out: Writes, errors: Writes, *, as_json: bool) -> int:
    """Print how it ended; returns the exit code."""
    if as_json:
        out.write(msgspec.json.encode(job).decode() + "\n")
    elif job.state == "done":
        out.write(f"{printable(job.file)}: {_counts(job)}\n")
        if job.receipt is not None:
            _tell_lines(job.receipt, out)
    else:
        code = job.problem.code if job.problem else job.state
        told = " ".join(one for one in (code, job.fault or "", printable(job.where)) if one)
        errors.write(told + "\n")
    return 0 if job.state == "done" else 1


def _counts(job: TransferJob) -> str:
    counts = job.receipt.kept if job.receipt else None
    rooms = counts.rooms if counts else job.rooms_done
    messages = counts.messages if counts else job.messages_done
    turns = counts.turns if counts else job.turns_done
    return f"{rooms} rooms, {messages} messages, {turns} turns"


def _tell_lines(receipt: Receipt, out: Writes) -> None:
    for line in receipt.lines:
        where = f" ({printable(line.where)})" if line.where else ""
        out.write(f"  {line.fate} {line.count} {printable(line.code)}{where}\n")
