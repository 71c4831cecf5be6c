"""Processes: every line arrives, every tree ends."""

import asyncio
import os
import signal
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from desktop.providers.lines import LineTooLong
from desktop.providers.process import Child, Processes

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]


async def start(processes: Processes, code: str, **options: int) -> Child:
    argv = (sys.executable, "-c", textwrap.dedent(code))
    return await processes.start(argv, env=dict(os.environ), cwd=HERE, **options)


async def lines_of(child: Child) -> list[bytes]:
    async with asyncio.timeout(30):
        return [line async for line in child.lines()]


async def until_gone(*pids: int) -> None:
    async with asyncio.timeout(15):
        while any(is_alive(pid) for pid in pids):
            await asyncio.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_lines_arrive_whole_in_order_and_the_exit_code_is_told(
    processes: Processes,
) -> None:
    child = await start(processes, "print('하나'); print(); print('둘\\r'); print('셋', end='')")
    assert [line.decode() for line in await lines_of(child)] == ["하나", "둘", "셋"]
    assert (await child.ended()).exit_code == 0


async def test_a_line_of_ten_megabytes_arrives(processes: Processes) -> None:
    child = await start(processes, "print('x' * 10_000_000); print('end')")
    assert [len(line) for line in await lines_of(child)] == [10_000_000, 3]


async def test_a_line_beyond_the_bound_is_refused_and_not_kept(processes: Processes) -> None:
    child = await start(processes, "print('ok'); print('x' * 300_000)", max_line=100_000)
    with pytest.raises(LineTooLong):
        await lines_of(child)


async def test_many_lines_that_nobody_takes_yet_are_not_lost(processes: Processes) -> None:
    child = await start(processes, "for n in range(200): print(str(n) + 'x' * 100_000)")
    await asyncio.sleep(0.5)  # far more than is read ahead
    assert [int(line.rstrip(b"x")) for line in await lines_of(child)] == list(range(200))


async def test_half_a_character_at_the_end_does_no_harm(processes: Processes) -> None:
    child = await start(processes, "import sys; sys.stdout.buffer.write('안녕'.encode()[:-1])")
    assert await lines_of(child) == ["안녕".encode()[:-1]]


async def test_what_is_written_arrives_and_closing_ends_the_input(processes: Processes) -> None:
    child = await start(processes, "import sys; [print(l.strip()[::-1]) for l in sys.stdin]")
    child.write([b"abc\n", b"def\n"])
    child.close_stdin()
    assert await lines_of(child) == [b"cba", b"fed"]


async def test_writing_to_a_process_that_is_gone_is_no_error(processes: Processes) -> None:
    child = await start(processes, "pass")
    await child.exited()
    child.write([b"x" * 1_000_000])
    await child.gone()
    child.write([b"again\n"])


async def test_a_crash_is_told_with_its_exit_code_and_the_end_of_its_stderr(
    processes: Processes,
) -> None:
    child = await start(
        processes,
        """
        import sys
        sys.stderr.write("flood " * 200_000 + "the last words")
        sys.exit(3)
        """,
    )
    assert await lines_of(child) == []
    ending = await child.ended()
    assert ending.exit_code == 3
    assert ending.stderr.endswith("the last words")
    assert len(ending.stderr) <= 8192


async def test_a_process_that_closes_stdout_but_lives_on_is_ended(processes: Processes) -> None:
    child = await start(
        processes,
        "import os, time; print('bye', flush=True); os.close(1); time.sleep(600)",
    )
    assert await lines_of(child) == [b"bye"]
    ending = await child.ended(patience_s=0.2)
    assert ending.exit_code is None
    await until_gone(child.pid)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM")
async def test_a_process_that_ignores_terminate_is_killed(processes: Processes) -> None:
    child = await start(
        processes,
        """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("ready", flush=True)
        while True: time.sleep(60)
        """,
    )
    async for _ in child.lines():
        break
    child.stop()
    await until_gone(child.pid)


GRANDCHILDREN = """
    import subprocess, sys, time
    options = {"start_new_session": True} if DETACHED else {}
    sleeper = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    )
    inner = (
        "import subprocess, sys, time;"
        f"p = subprocess.Popen([sys.executable, '-c', {sleeper!r}]);"
        "print(p.pid, flush=True); time.sleep(600)"
    )
    one = subprocess.Popen([sys.executable, "-c", inner], **options)
    print(one.pid, flush=True)
    time.sleep(WAIT)
"""


async def grandchildren(child: Child) -> list[int]:
    pids = []
    async for line in child.lines():
        pids.append(int(line))
        if len(pids) == 2:
            break
    return pids


@pytest.mark.parametrize("detached", [False, True])
async def test_stopping_ends_the_grandchildren_too(processes: Processes, detached: bool) -> None:
    code = GRANDCHILDREN.replace("DETACHED", str(detached)).replace("WAIT", "600")
    child = await start(processes, code)
    pids = await grandchildren(child)
    assert all(is_alive(pid) for pid in pids)
    child.stop()
    await until_gone(child.pid, *pids)


async def test_grandchildren_left_by_a_process_that_ended_by_itself_are_ended(
    processes: Processes,
) -> None:
    code = GRANDCHILDREN.replace("DETACHED", "False").replace("WAIT", "1")
    child = await start(processes, code)
    pids = await grandchildren(child)
    assert await lines_of(child) == []  # though a grandchild had stdout open
    await until_gone(child.pid, *pids)


async def test_the_last_words_are_heard_though_the_end_was_told_first(processes: Processes) -> None:
    code = (
        "import os, sys; os.close(1); sys.stderr.write('w' * 8192); sys.stderr.flush(); os._exit(7)"
    )
    for _ in range(5):
        child = await start(processes, code)
        time.sleep(0.15)
        assert await lines_of(child) == []
        ending = await child.ended()
        assert (ending.exit_code, len(ending.stderr)) == (7, 8192)


async def test_stopping_returns_at_once_and_says_farewell_first(processes: Processes) -> None:
    child = await start(
        processes, "import sys; print(sys.stdin.readline().strip(), file=sys.stderr)"
    )
    child.stop([b"goodbye\n"])
    assert child.running
    ending = await child.ended(patience_s=5)
    assert (ending.exit_code, ending.stderr.strip()) == (0, "goodbye")


async def test_closing_ends_everything_and_leaves_no_guard(processes: Processes) -> None:
    children = [await start(processes, "import time; time.sleep(600)") for _ in range(3)]
    pids = [child.pid for child in children]
    me = psutil.Process()
    assert len(me.children(recursive=True)) >= 4 - (sys.platform == "win32")
    await processes.close()
    assert not any(is_alive(pid) for pid in pids)
    assert me.children(recursive=True) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends jobs by itself")
async def test_a_program_killed_outright_takes_stubborn_children_along() -> None:
    code = """
    import asyncio, os, sys
    from pathlib import Path
    from desktop.providers.process import Processes
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "signal.signal(signal.SIGPIPE, signal.SIG_IGN); time.sleep(600)"
    )
    async def main():
        child = await Processes().start((sys.executable, "-c", stubborn), env={}, cwd=Path("/"))
        print(child.pid, flush=True)
        await asyncio.sleep(600)
    asyncio.run(main())
    """
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", textwrap.dedent(code)), stdout=asyncio.subprocess.PIPE, cwd=PROJECT
    )
    assert maker.stdout
    pid = int(await maker.stdout.readline())
    assert is_alive(pid)
    os.kill(maker.pid, signal.SIGKILL)
    await maker.wait()
    await until_gone(pid)


async def test_a_program_that_is_not_there_and_a_folder_that_is_not_there_are_told_apart(
    processes: Processes, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await processes.start((str(tmp_path / "no-program"),), env={}, cwd=tmp_path)
    with pytest.raises(NotADirectoryError):
        await processes.start((sys.executable,), env={}, cwd=tmp_path / "no-folder")


async def test_a_short_command_is_run_to_its_end_or_given_up(processes: Processes) -> None:
    env = dict(os.environ)
    quick = (sys.executable, "-c", "print('a'); print('b'); raise SystemExit(4)")
    ran = await processes.run(quick, env=env, cwd=HERE, timeout_s=20)
    assert (ran.exit_code, ran.stdout) == (4, "a\nb")
    slow = (sys.executable, "-c", "import time; print('a', flush=True); time.sleep(600)")
    assert (await processes.run(slow, env=env, cwd=HERE, timeout_s=1)).exit_code is None
