"""Taking stories out and in, as the page and the terminal ask for it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec.structs import replace

from desktop.formats.age import SUFFIX
from desktop.formats.format import Format
from desktop.formats.parts import Unreadable
from desktop.formats.registry import by_id
from desktop.protocol.events import PathChanged, RoomChanged
from desktop.protocol.methods import Nothing
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.protocol.transfer import (
    DropParams,
    ExportParams,
    ImportParams,
    IncomingFile,
    Receipt,
    ReceiptParams,
    Receipts,
    TokenParams,
    TransferFormat,
    TransferFormats,
    TransferJob,
    TransferJobParams,
    TransferJobs,
    TransferKind,
    TransferStarted,
    UnsealParams,
)
from desktop.services import transfer_receipts as receipts
from desktop.services.library_place import LibraryPlace
from desktop.services.outside import Clock, Emit, NewId, ReportBug
from desktop.services.program_paths import ChooseFile
from desktop.services.room_view import existing
from desktop.services.story_told import shown_path
from desktop.services.transfer_files import ChooseSave, IncomingFiles
from desktop.services.transfer_formats import ALL_FORMATS, fault_of
from desktop.services.transfer_in import BroughtIn, Importing, sweep
from desktop.services.transfer_job import Job, Stopped
from desktop.services.transfer_out import offered_name, write_out
from desktop.services.transfer_undo import take_back
from desktop.store.database import Database
from desktop.store.library import LibraryFolder


class Transfer:
    """Both dialogs are ``None`` where there is no window; ``busy``: an answer comes in a room."""

    def __init__(
        self,
        *,
        database: Database,
        library: LibraryPlace,
        files: IncomingFiles,
        emit: Emit,
        clock: Clock,
        new_id: NewId,
        report_bug: ReportBug,
        busy: Callable[[str], bool],
        brought_in: Callable[[], None],
        choose_file: ChooseFile | None = None,
        choose_folder: ChooseFile | None = None,
        choose_save: ChooseSave | None = None,
        before_import: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self._files = files
        self._emit = emit
        self._clock = clock
        self._new_id = new_id
        self._report_bug = report_bug
        self._busy = busy
        self._brought_in = brought_in
        self._choose_file = choose_file
        self._pick_folder = choose_folder
        self._choose_save = choose_save
        self._before_import = before_import
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def formats(self, _: Nothing) -> TransferFormats:
        return TransferFormats(
            formats=tuple(
                TransferFormat(
                    id=one.id,
                    suffixes=one.suffixes,
                    reads=one.reader is not None,
                    writes=one.writer is not None,
                    lossless=one.lossless,
                    holds=tuple(sorted(one.holds)),
                )
                for one in ALL_FORMATS
            )
        )

    async def export(self, params: ExportParams) -> TransferStarted:
        """Ask where to, and begin. Raises ``Trouble(invalid_request)`` without a window."""
        form = self._writable(params)
        if self._choose_save is None:
            raise Trouble(problem("invalid_request", field="window"))
        chosen = await self._choose_save(offered_name(params, form, await self._title(params)))
        if not chosen:
            return TransferStarted(job=None)
        path = Path(chosen)
        if not path.suffix:
            path = path.with_name(
                f"{path.name}{form.suffixes[0]}{SUFFIX * bool(params.passphrase)}"
            )
        return await self.export_to(path, params)

    async def export_to(self, target: Path, params: ExportParams) -> TransferStarted:
        """The same into a file that is already decided on."""
        form = self._writable(params)
        await self._title(params)

        async def write(job: Job) -> TransferJob:
            library = await self._shelf() if params.library else None
            size = await asyncio.to_thread(
                write_out, self._database, params, form, target, library, job
            )
            return replace(job.now(), size=size)

        return self._begin("export", target.name, form.id, write)

    async def choose(self, _: Nothing) -> IncomingFile:
        """A file the person picks. Raises ``Trouble(invalid_request)`` without a window."""
        if self._choose_file is None:
            raise Trouble(problem("invalid_request", field="window"))
        chosen = await self._choose_file()
        if not chosen:
            return IncomingFile(token="", name="", size=0)
        return await self.take_up(Path(chosen))

    async def choose_folder(self, _: Nothing) -> IncomingFile:
        """A folder of the web version. Raises ``Trouble``: ``invalid_request`` without a window,
        ``bad_file`` where there is nothing of it."""
        if self._pick_folder is None:
            raise Trouble(problem("invalid_request", field="window"))
        chosen = await self._pick_folder()
        if not chosen:
            return IncomingFile(token="", name="", size=0)
        return await self.take_up(Path(chosen))

    async def take_up(self, path: Path) -> IncomingFile:
        """A file that is already decided on."""
        return await asyncio.to_thread(self._files.chosen, path)

    async def drop(self, params: DropParams) -> IncomingFile:
        return await asyncio.to_thread(self._files.dropped, params)

    async def unseal(self, params: UnsealParams) -> IncomingFile:
        """A locked file is opened for this program; nothing of it is written anywhere."""
        return await asyncio.to_thread(self._files.unseal, params)

    async def let_go(self, params: TokenParams) -> Nothing:
        await asyncio.to_thread(self._files.let_go, params.token)
        return Nothing()

    async def preview(self, params: ImportParams) -> TransferStarted:
        """Read all of it and tell what would become of it; nothing is stored."""

        async def look(job: Job) -> TransferJob:
            receipt = await (await self._importing(params, job)).look()
            return replace(job.now(), receipt=receipt)

        return await self._begin_import("preview", params, look)

    async def bring_in(self, params: ImportParams) -> TransferStarted:
        """One at a time: raises ``Trouble(busy)`` while another one is going on."""
        if any(job.told.kind == "import" for job in self._jobs.values()):
            raise Trouble(problem("busy"))

        async def bring(job: Job) -> TransferJob:
            if self._before_import is not None:
                await self._before_import()
            importing = await self._importing(params, job)
            brought = await importing.bring_in()
            self._brought_in()
            await self._tell(brought, params)
            return replace(job.now(), receipt=brought.receipt)

        return await self._begin_import("import", params, bring)

    async def bring_back(self, path: Path, name: str, form: Format) -> TransferStarted:
        """All of a backup as new rooms, beside what is there."""
        return await self.bring_in(ImportParams(token=self._files.hold(path, name, form)))

    async def stop(self, params: TransferJobParams) -> Nothing:
        """Nothing happens if it has ended already."""
        job = self._jobs.get(params.job_id)
        if job is not None:
            job.stop()
        return Nothing()

    async def jobs(self, _: Nothing) -> TransferJobs:
        return TransferJobs(jobs=tuple(job.now() for job in self._jobs.values()))

    def at_work(self) -> bool:
        return bool(self._jobs)

    async def wait(self, job_id: str) -> TransferJob:
        """The job at its end. Raises ``KeyError`` if it has ended before."""
        return await self._jobs[job_id].wait()

    async def receipts(self, _: Nothing) -> Receipts:
        async with self._database.reading() as session:
            kept = await receipts.read(session)
        return Receipts(receipts=tuple(one.receipt for one in kept))

    async def undo(self, params: ReceiptParams) -> Receipt:
        """Take back everything that came with an import. Raises what ``take_back`` raises."""
        receipt, told = await take_back(
            self._database, self._library, params.receipt_id, self._clock.now_ms(), self._busy
        )
        for event in told:
            self._emit(event)
        return receipt

    async def recover(self) -> None:
        """Clear away what a crash has left of an import; to be called at the start."""
        await sweep(self._database)
        await asyncio.to_thread(self._files.clear)

    async def close(self) -> None:
        """End what is being taken out or in; nothing of it is left behind."""
        for job in self._jobs.values():
            job.stop()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await asyncio.to_thread(self._files.clear)

    def _writable(self, params: ExportParams) -> Format:
        form = by_id(params.format)
        if form is None or form.writer is None:
            raise Trouble(problem("invalid_request", field="format"))
        if params.scope == "room" and len(params.room_ids) != 1:
            raise Trouble(problem("invalid_request", field="room_ids"))
        if params.scope == "rooms" and not params.room_ids:
            raise Trouble(problem("invalid_request", field="room_ids"))
        return form

    async def _title(self, params: ExportParams) -> str:
        if params.scope == "all":
            return ""
        async with self._database.reading() as session:
            found = [await existing(session, one) for one in params.room_ids]
        return found[0].title

    async def _importing(self, params: ImportParams, job: Job) -> Importing:
        held = self._files.found(params.token)
        library = await self._shelf() if params.library else None
        return Importing(self._database, params, held, job, self._clock, self._new_id, library)

    async def _shelf(self) -> LibraryFolder | None:
        async with self._library.lock:
            ready = await asyncio.to_thread(self._library.ready)
        return self._library.folder() if ready else None

    async def _begin_import(
        self,
        kind: TransferKind,
        params: ImportParams,
        work: Callable[[Job], Awaitable[TransferJob]],
    ) -> TransferStarted:
        held = self._files.found(params.token)
        if params.mode == "merge":
            async with self._database.reading() as session:
                await existing(session, params.room_id)
            if kind == "import" and self._busy(params.room_id):
                raise Trouble(problem("busy"))
        return self._begin(kind, held.name, held.format.id if held.format else "", work)

    def _begin(
        self,
        kind: TransferKind,
        file: str,
        format_id: str,
        work: Callable[[Job], Awaitable[TransferJob]],
    ) -> TransferStarted:
        told = TransferJob(id=self._new_id(), kind=kind, file=file, format=format_id)
        job = Job(told, self._emit, self._clock)
        self._jobs[told.id] = job
        task = asyncio.create_task(self._run(job, work), name=f"{kind} {file}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return TransferStarted(job=told)

    async def _run(self, job: Job, work: Callable[[Job], Awaitable[TransferJob]]) -> None:
        try:
            ended = replace(await work(job), state="done", share=1.0, seconds_left=0)
        except Stopped:
            ended = replace(job.told, state="stopped")
        except Unreadable as error:
            ended = _failed(job, problem("bad_file", detail=error.code, field=error.where[:200]))
            ended = replace(ended, fault=fault_of(error.code), where=error.where[:200])
        except Trouble as trouble:
            ended = _failed(job, trouble.problem)
        except Exception as bug:  # noqa: BLE001 - the job must end whatever happens
            log_id = self._report_bug(bug, f"a transfer: {job.told.kind} {job.told.format}")
            ended = _failed(job, problem("bug", log_id=log_id))
        del self._jobs[job.told.id]
        await job.end(ended)

    async def _tell(self, brought: BroughtIn, params: ImportParams) -> None:
        for room in brought.rooms:
            if params.mode == "new":
                self._emit(RoomChanged(room=room))
                continue
            async with self._database.reading() as session:
                path = await shown_path(session, room)
            self._emit(
                PathChanged(
                    room=room,
                    messages=path.messages,
                    has_more=path.has_more,
                    last_turn=path.last_turn,
                )
            )


def _failed(job: Job, why: Problem) -> TransferJob:
    return replace(job.told, state="failed", problem=why)
