"""One process of a CLI with its talk: begun once, asked one or more turns, heard in between."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import suppress

import psutil

from desktop.protocol.problems import problem
from desktop.providers.base import AnswerEvent, Failed, Finished, Request, Started
from desktop.providers.lines import LineTooLong
from desktop.providers.process import Child
from desktop.providers.talk import Place, Talk
from desktop.providers.text import clean


class Lane:
    """Made by a provider; ends with ``interrupt``, or when its process does."""

    def __init__(self, child: Child, talk: Talk, place: Place) -> None:
        self._child = child
        self._talk = talk
        self._listening: asyncio.Task[None] | None = None
        self.place = place

    @property
    def reusable(self) -> bool:
        """Whether it stands ready for another turn."""
        return self._child.running and self._talk.reusable

    @property
    def fresh(self) -> bool:
        """Whether a turn could be asked of it that knows nothing of any turn before."""
        return self._child.running and self._talk.fresh

    @property
    def pid(self) -> int:
        return self._child.pid

    def holds(self, session: str) -> bool:
        """Whether the vendor's conversation of this name can go on here."""
        return self._child.running and bool(session) and self._talk.holds(session)

    def memory(self) -> int:
        """Bytes the process holds now; 0 if it is gone."""
        with suppress(psutil.Error):
            return int(psutil.Process(self.pid).memory_info().rss)
        return 0

    def begin(self, request: Request) -> None:
        """Say what depends on the stage only: this much can be done before a turn is known."""
        self._child.write(self._talk.begin(request))

    def listen(self) -> None:
        """Read what the process says while nobody asks it anything; the next turn ends that."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(), name=f"idle {self.pid}")

    async def ask(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """One turn, ending with one ``Finished`` or ``Failed``."""
        self._stop_listening()
        goes_on = self.holds(request.session)
        self._child.write(self._talk.ask(request))
        if goes_on:
            yield Started(session=request.session)
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
        self._stop_listening()
        self._child.stop(self._talk.interrupt())

    async def gone(self) -> None:
        """Wait until the process has ended, and empty its folder."""
        await self._child.gone()
        self._stop_listening()
        shutil.rmtree(self.place.temp, ignore_errors=True)

    async def _listen(self) -> None:
        try:
            async for line in self._child.lines():
                self._child.write(self._talk.read(line).write)
        except LineTooLong:
            pass
        # It has nothing to say any more: whatever the reason, nobody can be answered here.
        self._child.stop()

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
