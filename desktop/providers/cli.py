"""A provider that is a CLI: joins what a vendor module knows with processes that run."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.problems import ProblemCode, Trouble, problem
from desktop.providers.base import AnswerEvent, Failed, Finished, Request, Started, TextCame
from desktop.providers.catalog import Row
from desktop.providers.environment import handed_on
from desktop.providers.lane_pool import LanePool, Setting
from desktop.providers.lanes import Lane
from desktop.providers.once_more import once_more
from desktop.providers.process import Processes
from desktop.providers.spent import Spent
from desktop.providers.talk import Command, File, Place, Talk
from desktop.providers.watchdog import guarded

_GONE: frozenset[ProblemCode] = frozenset({"crashed", "cut_off", "signed_out", "key_refused"})
"""What a process that waited may fail with where a new one does not: it died, or the person has
signed in anew since it was started."""
_FORGOTTEN: frozenset[ProblemCode] = frozenset({"unreadable", "too_long", "bad_model"})
"""What a conversation may have come to that a new one, told the window alone, has not."""


class Dialect(NamedTuple):
    """What a vendor module supplies."""

    command: Callable[[Place, Request], Command]
    talk: Callable[[Place], Talk]


class Finder(Protocol):
    """Knows where a CLI is and how it stands. ``detect.Detector`` is one."""

    async def place(self, row: Row) -> Place:
        """Raises ``Trouble`` if it is not there."""
        ...

    async def status(self, row: Row) -> ProviderStatus: ...

    async def search_path(self) -> str:
        """The PATH a CLI gets: what it needs itself, such as node, must be on it."""
        ...


class CliProvider:
    """Implements ``Provider`` and ``KeepsReady`` of ``providers.base`` for any CLI.

    A turn goes to a process that the pool keeps, else to one of its own.
    """

    def __init__(
        self,
        row: Row,
        dialect: Dialect,
        *,
        processes: Processes,
        finder: Finder,
        environ: Mapping[str, str] | None = None,
        pool: LanePool | None = None,
    ) -> None:
        """``environ`` is what the CLI's environment is picked from; ``os.environ`` if left out.

        Without a ``pool``, every turn has a process of its own.
        """
        self._row = row
        self._dialect = dialect
        self._processes = processes
        self._finder = finder
        self._environ = os.environ if environ is None else environ
        self._pool = pool or LanePool(lambda: 0)
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._preparing = asyncio.Lock()
        self._ahead: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def id(self) -> str:
        return self._row.id

    def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """As ``providers.base.Provider`` says; the limits of the request are kept here."""
        answer = once_more(lambda: self._answer(request))
        return guarded(answer, request.limits, provider=self.id)

    async def prepare(self, request: Request) -> None:
        """As ``providers.base.KeepsReady`` says: a process is started ahead, or one is there."""
        async with self._preparing:
            if self._closed or not self._pool.is_on:
                return
            try:
                setting = self._setting(await self._finder.place(self._row), request)
                self._pool.outdated(request.room_id, setting, request.voice)
                if self._pool.has(setting, request.session) or not self._pool.has_room():
                    return
                status = await self._finder.status(self._row)
                if status.state in ("ready", "installed") and not self._closed:
                    lane = await self.start(request)
                    self._pool.keep(lane, setting, request.room_id, request.voice)
            except Trouble:
                return  # whoever asks will be told

    def forget(self, room_id: str = "") -> None:
        self._pool.forget(self.id, room_id)

    async def status(self) -> ProviderStatus:
        return await self._finder.status(self._row)

    async def close(self) -> None:
        self._closed = True
        for task in self._ahead:
            task.cancel()
        self._pool.forget(self.id, "")
        for lane in tuple(self._lanes):
            lane.interrupt()
        await asyncio.gather(*self._lanes.values())

    async def start(self, request: Request) -> Lane:
        """A lane that has begun with the request's system prompt and model, but was asked nothing.

        Raises ``Trouble``.
        """
        place = await self._finder.place(self._row)
        place = msgspec.structs.replace(place, temp=_own_folder(place.temp))
        try:
            command = self._dialect.command(place, request)
            for file in command.files:
                _write(file)
            env = await self._environment(place)
            child = await self._processes.start(
                command.argv, env=env | command.env, cwd=command.cwd
            )
        except OSError as error:
            shutil.rmtree(place.temp, ignore_errors=True)
            missing = isinstance(error, FileNotFoundError | PermissionError)
            code: ProblemCode = "not_installed" if missing else "crashed"
            raise Trouble(problem(code, provider=self.id, detail=error.strerror or "")) from error
        except BaseException:
            shutil.rmtree(place.temp, ignore_errors=True)
            raise
        lane = Lane(child, self._dialect.talk(place), place)
        self._lanes[lane] = asyncio.create_task(self._forget_when_gone(lane))
        lane.begin(request)
        return lane

    async def _answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """From a process that stands ready, and if that one fails us first, from a new one."""
        spent = Spent()
        try:
            setting = self._setting(await self._finder.place(self._row), request)
            if lane := self._pool.take(setting, request.session):
                lost = _GONE | _FORGOTTEN if lane.holds(request.session) else _GONE
                async with aclosing(_until_lost(self._turn(lane, setting, request), lost)) as turn:
                    async for event in turn:
                        yield spent.passed(event)
                        if isinstance(event, Finished | Failed):
                            return
                spent.again()
            lane = await self.start(request)
        except Trouble as trouble:
            yield self._signed(Failed(problem=trouble.problem))
            return
        self._pool.busy(lane)
        async with aclosing(self._turn(lane, setting, request)) as turn:
            async for event in turn:
                yield spent.passed(event)

    async def _turn(
        self, lane: Lane, setting: Setting, request: Request
    ) -> AsyncGenerator[AnswerEvent, None]:
        turn = lane.ask(request)
        end: AnswerEvent | None = None
        session = ""
        try:
            async for event in turn:
                end = event
                if isinstance(event, Started):
                    session = event.session
                yield self._signed(event)
        finally:
            try:
                self._put_away(lane, setting, request, session, end)
            finally:
                await turn.aclose()

    def _put_away(
        self,
        lane: Lane,
        setting: Setting,
        request: Request,
        session: str,
        end: AnswerEvent | None,
    ) -> None:
        """Keep a process that can go on; end any other, and have one ready in its place."""
        ended = isinstance(end, Finished | Failed)
        whole = isinstance(end, Finished) and end.stop == "end"
        goes_on = request.retain and whole and lane.holds(session)
        again = not request.one_off and (lane.fresh or goes_on)
        keep, of = self._pool.keep, (request.room_id, request.voice)
        kept = ended and again and keep(lane, setting, *of)
        if kept:
            return
        self._pool.gone(lane)
        lane.interrupt()
        if isinstance(end, Failed) or request.one_off or self._closed:
            return
        task = asyncio.create_task(self.prepare(msgspec.structs.replace(request, session="")))
        self._ahead.add(task)
        task.add_done_callback(self._ahead.discard)

    def _setting(self, place: Place, request: Request) -> Setting:
        return Setting(self.id, place.executable, request.model, request.system)

    async def _environment(self, place: Place) -> dict[str, str]:
        return handed_on(
            self._environ,
            names=self._row.env_names,
            path=await self._finder.search_path(),
            temp=place.temp,
            home=place.user_home,
        )

    def _signed(self, event: AnswerEvent) -> AnswerEvent:
        if not isinstance(event, Failed) or event.problem.provider:
            return event
        return Failed(problem=msgspec.structs.replace(event.problem, provider=self.id))

    async def _forget_when_gone(self, lane: Lane) -> None:
        await lane.gone()
        self._pool.gone(lane)
        del self._lanes[lane]


async def _until_lost(
    turn: AsyncGenerator[AnswerEvent, None], lost: frozenset[ProblemCode]
) -> AsyncGenerator[AnswerEvent, None]:
    """Pass a turn on; end without an end where it failed in such a way before its first text."""
    shown = False
    async with aclosing(turn):
        async for event in turn:
            shown = shown or isinstance(event, TextCame)
            if isinstance(event, Failed) and not shown and event.problem.code in lost:
                return
            yield event


def _own_folder(parent: Path) -> Path:
    # A short name: a CLI puts sockets into it, and their paths may have some 100 bytes at most.
    folder = parent / secrets.token_hex(3)
    folder.mkdir(mode=0o700)
    return folder


def _write(file: File) -> None:
    file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.path.with_name(f"{file.path.name}.{secrets.token_hex(3)}")
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(file.text)
    new.replace(file.path)
