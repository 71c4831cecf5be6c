"""A provider that is a CLI: joins what a vendor module knows with a process that runs."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.problems import ProblemCode, Trouble, problem
from desktop.providers.base import AnswerEvent, Failed, Finished, Request
from desktop.providers.catalog import Row
from desktop.providers.environment import handed_on
from desktop.providers.lines import LineTooLong
from desktop.providers.process import Child, Processes
from desktop.providers.talk import Command, File, Place, Talk
from desktop.providers.text import clean
from desktop.providers.watchdog import guarded


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


class Lane:
    """One process of a CLI and its talk: begun once, asked one or more turns."""

    def __init__(self, child: Child, talk: Talk, place: Place) -> None:
        self._child = child
        self._talk = talk
        self.place = place

    @property
    def reusable(self) -> bool:
        """Whether it stands ready for another turn."""
        return self._child.running and self._talk.reusable

    @property
    def pid(self) -> int:
        return self._child.pid

    def begin(self, request: Request) -> None:
        """Say what depends on the stage only: this much can be done before a turn is known."""
        self._child.write(self._talk.begin(request))

    async def ask(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """One turn, ending with one ``Finished`` or ``Failed``."""
        self._child.write(self._talk.ask(request))
        try:
            async for line in self._child.lines():
                step = self._talk.read(line)
                self._child.write(step.write)
                for event in step.events:
                    yield event
                    if isinstance(event, Finished | Failed):
                        return
        except LineTooLong:
            yield Failed(problem=problem("unreadable"))
            return
        ending = await self._child.ended()
        for event in self._talk.ended(ending.exit_code, clean(ending.stderr).strip()):
            yield event
            if isinstance(event, Finished | Failed):
                return
        yield Failed(problem=problem("cut_off", exit_code=ending.exit_code))

    def interrupt(self) -> None:
        """Ask the AI to stop and end the process; nothing of it stays."""
        self._child.stop(self._talk.interrupt())

    async def gone(self) -> None:
        """Wait until the process has ended, and empty its folder."""
        await self._child.gone()
        shutil.rmtree(self.place.temp, ignore_errors=True)


class CliProvider:
    """Implements ``providers.base.Provider`` for any CLI. One process for each turn."""

    def __init__(
        self,
        row: Row,
        dialect: Dialect,
        *,
        processes: Processes,
        finder: Finder,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """``environ`` is what the CLI's environment is picked from; ``os.environ`` if left out."""
        self._row = row
        self._dialect = dialect
        self._processes = processes
        self._finder = finder
        self._environ = os.environ if environ is None else environ
        self._lanes: dict[Lane, asyncio.Task[None]] = {}

    @property
    def id(self) -> str:
        return self._row.id

    def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """As ``providers.base.Provider`` says; the limits of the request are kept here."""
        return guarded(self._answer(request), request.limits, provider=self.id)

    async def status(self) -> ProviderStatus:
        return await self._finder.status(self._row)

    async def close(self) -> None:
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
        try:
            lane = await self.start(request)
        except Trouble as trouble:
            yield self._signed(Failed(problem=trouble.problem))
            return
        turn = lane.ask(request)
        try:
            async for event in turn:
                yield self._signed(event)
        finally:
            lane.interrupt()
            await turn.aclose()

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
        del self._lanes[lane]


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
