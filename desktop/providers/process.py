"""The only spawn in the program: start a CLI, read its lines, write to it, end its whole tree."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from pathlib import Path

from desktop.protocol.base import Frozen
from desktop.providers.lines import MAX_LINE_BYTES, LineCutter, LineTooLong

if sys.platform == "win32":
    from desktop.providers.process_windows import GUARD, Tree, spawn_options
else:
    from desktop.providers.process_posix import GUARD, Tree, spawn_options

STDERR_TAIL_BYTES = 8 * 1024
_UNREAD_BYTES = 4 * 1024 * 1024
"""So much is read ahead of whoever takes the lines; then the pipe is left to fill."""
_DRAIN_S = 0.5
"""A grandchild may hold stdout open for ever: so long we listen after the process is gone."""
_FAREWELL_S = 0.5
_TERMINATE_S = 1.0
_LAST_WORDS_S = 0.5
"""Only a program that left its own tree can hold the pipe open for longer than no time."""


class Ending(Frozen, kw_only=True):
    """How a process ended. ``exit_code`` is negative for a signal, ``None`` if we had to end it."""

    exit_code: int | None
    stderr: str
    """The last 8 KB of stderr."""


class Ran(Frozen, kw_only=True):
    """What a short command said."""

    exit_code: int | None
    """``None``: it took too long and was ended."""
    stdout: str
    stderr: str


class _Pipes(asyncio.SubprocessProtocol):
    """Collects what a process says.

    A protocol rather than streams: ``Process.wait`` of some Python versions returns only when
    all pipes are closed, also those a grandchild holds.
    """

    def __init__(self, max_line: int) -> None:
        self.lines: deque[bytes] = deque()
        self.stderr = bytearray()
        self.changed = asyncio.Event()
        self.exited = asyncio.Event()
        self.stderr_ended = asyncio.Event()
        self.dispensable = asyncio.Event()
        """Nobody waits for output any more: it has ended, or it is no longer wanted."""
        self.stdout_ended = False
        self.too_long: LineTooLong | None = None
        self._cutter = LineCutter(max_line)
        self._unread = 0
        self._stdout: asyncio.ReadTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        stdout = transport.get_pipe_transport(1)
        assert isinstance(stdout, asyncio.ReadTransport)
        self._stdout = stdout

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self.stderr = (self.stderr + data)[-STDERR_TAIL_BYTES:]
            return
        if self.too_long:
            return
        try:
            self._came(self._cutter.feed(data))
        except LineTooLong as error:
            self.too_long = error
            self.changed.set()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002
        if fd == 1:
            self.end_stdout()
        elif fd == 2:
            self.stderr_ended.set()

    def process_exited(self) -> None:
        self.exited.set()
        self.changed.set()

    def end_stdout(self) -> None:
        if not self.stdout_ended:
            self.stdout_ended = True
            self.dispensable.set()
            self._came(self._cutter.finish() if not self.too_long else [])

    def take(self) -> bytes:
        line = self.lines.popleft()
        self._unread -= len(line)
        if self._stdout and self._unread <= _UNREAD_BYTES // 2 and not self.stdout_ended:
            self._stdout.resume_reading()
        return line

    def _came(self, lines: list[bytes]) -> None:
        self.lines.extend(lines)
        self._unread += sum(map(len, lines))
        if self._stdout and self._unread > _UNREAD_BYTES and not self.stdout_ended:
            self._stdout.pause_reading()
        self.changed.set()


class Child:
    """One running process. Made by ``Processes.start``."""

    def __init__(self, transport: asyncio.SubprocessTransport, pipes: _Pipes, tree: Tree) -> None:
        self._transport = transport
        self._pipes = pipes
        self._tree = tree
        self._ending: asyncio.Task[None] | None = None
        self._burial = asyncio.create_task(self._bury())
        self._forced = False
        self.pid: int = transport.get_pid()

    @property
    def running(self) -> bool:
        return not self._pipes.exited.is_set()

    def write(self, lines: Iterable[bytes]) -> None:
        """Write whole lines to stdin. A process that is gone swallows them."""
        stdin = self._transport.get_pipe_transport(0)
        if isinstance(stdin, asyncio.WriteTransport) and not stdin.is_closing():
            for line in lines:
                stdin.write(line)

    def close_stdin(self) -> None:
        """Say that nothing more will be written; what was written is still delivered."""
        stdin = self._transport.get_pipe_transport(0)
        if stdin is not None:
            stdin.close()

    async def lines(self) -> AsyncGenerator[bytes, None]:
        """Every line of stdout, without its newline, until the process has nothing more to say.

        May be left and taken up again. Raises ``LineTooLong``.
        """
        pipes = self._pipes
        while True:
            while pipes.lines:
                yield pipes.take()
            if pipes.too_long:
                raise pipes.too_long
            if pipes.stdout_ended:
                return
            pipes.changed.clear()
            if not pipes.exited.is_set():
                await pipes.changed.wait()
            elif not await _within(_DRAIN_S, pipes.changed):
                pipes.end_stdout()

    async def exited(self) -> None:
        """Wait until the first process itself is gone."""
        await self._pipes.exited.wait()

    async def ended(self, patience_s: float = 1.0) -> Ending:
        """Wait until the process is gone; one that only closed its stdout is ended by us."""
        if not await _within(patience_s, self._pipes.exited):
            self._forced = True
            self.stop()
            await self.exited()
        # The end of a process may be told before its last words are read.
        await _within(_LAST_WORDS_S, self._pipes.stderr_ended)
        code = None if self._forced else self._transport.get_returncode()
        return Ending(exit_code=code, stderr=self._pipes.stderr.decode("utf-8", "replace"))

    def stop(self, farewell: Iterable[bytes] = ()) -> None:
        """End the process and all it started, in the background; returns at once.

        What it has said and was not taken is lost.
        """
        self._pipes.dispensable.set()
        if self._ending is None:
            self.write(farewell)
            self.close_stdin()
            self._ending = asyncio.create_task(self._end(), name=f"end {self.pid}")

    async def gone(self) -> None:
        """Wait until nothing of it is left. Does not stop it."""
        await asyncio.shield(self._burial)
        if self._ending:
            await asyncio.shield(self._ending)

    async def _end(self) -> None:
        exited = self._pipes.exited
        if await _within(_FAREWELL_S, exited):
            return
        await asyncio.to_thread(self._tree.remember)
        self._tree.terminate()
        await _within(_TERMINATE_S, exited)
        self._tree.kill()

    async def _bury(self) -> None:
        await self._pipes.exited.wait()
        self._tree.kill()
        await self._pipes.dispensable.wait()
        await _within(_LAST_WORDS_S, self._pipes.stderr_ended)
        self._tree.release()
        self._transport.close()


class Processes:
    """Every process we have started. One of these lives as long as a profile is open.

    ``wipe`` is a folder whose contents go when we die, however that happens.
    """

    def __init__(self, wipe: Path | None = None) -> None:
        self._wipe = wipe
        self._living: dict[Child, asyncio.Task[None]] = {}
        self._guard: Child | None = None
        self._guard_lock = asyncio.Lock()

    async def start(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        max_line: int = MAX_LINE_BYTES,
    ) -> Child:
        """Start a program, without a shell, in a process group of its own.

        Nothing of it outlives us, however we end. Raises ``OSError`` if it cannot be started
        (``FileNotFoundError``: not there).
        """
        await self._wake_guard()
        child = await _spawn(argv, env, cwd, max_line)
        self._tell_guard("+", child)
        self._living[child] = asyncio.create_task(self._forget_when_gone(child))
        return child

    async def run(
        self, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, timeout_s: float
    ) -> Ran:
        """Run a short command without input to its end. Raises ``OSError`` like ``start``."""
        child = await self.start(argv, env=env, cwd=cwd)
        said: list[bytes] = []
        code: int | None = None
        stderr = ""
        try:
            async with asyncio.timeout(timeout_s):
                child.close_stdin()
                async for line in child.lines():
                    said.append(line)  # noqa: PERF401 - kept also when the time is up
                ending = await child.ended()
                code, stderr = ending.exit_code, ending.stderr
        except (TimeoutError, LineTooLong):
            code = None
        finally:
            child.stop()
        return Ran(
            exit_code=code, stdout=b"\n".join(said).decode("utf-8", "replace"), stderr=stderr
        )

    async def close(self) -> None:
        """End everything and wait for it."""
        for child in self._living:
            child.stop()
        await asyncio.gather(*self._living.values())
        if self._guard:
            self._guard.stop()
            await self._guard.gone()
            self._guard = None

    async def _forget_when_gone(self, child: Child) -> None:
        await child.gone()
        self._tell_guard("-", child)
        del self._living[child]

    async def _wake_guard(self) -> None:
        async with self._guard_lock:
            if not GUARD or (self._guard and self._guard.running):
                return
            if self._guard:
                self._guard.stop()
            self._guard = await _spawn(GUARD, {"PATH": os.defpath}, Path("/"), MAX_LINE_BYTES)
            if self._wipe is not None:
                self._guard.write([b"x " + os.fsencode(self._wipe) + b"\n"])
            for child in self._living:
                self._tell_guard("+", child)

    def _tell_guard(self, sign: str, child: Child) -> None:
        if self._guard:
            self._guard.write([f"{sign} {child.pid}\n".encode()])


async def _spawn(argv: Sequence[str], env: Mapping[str, str], cwd: Path, max_line: int) -> Child:
    if not cwd.is_dir():
        # Otherwise the same FileNotFoundError would say that the program is missing.
        raise NotADirectoryError(cwd)
    transport, pipes = await asyncio.get_running_loop().subprocess_exec(
        lambda: _Pipes(max_line), *argv, env=dict(env), cwd=os.fspath(cwd), **spawn_options()
    )
    tree = Tree(transport.get_pid(), transport.get_extra_info("subprocess"))
    return Child(transport, pipes, tree)


async def _within(seconds: float, happened: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await happened.wait()
    except TimeoutError:
        return False
    return True
