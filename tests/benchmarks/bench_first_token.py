"""What a CLI adds to the first text of an answer: cold, warm, and one process for each message.

All against the same emulation on loopback, which answers at once, in one run; the bare HTTP
request to it is what the other rows are compared with. The machine's load stands above the table.
"""

import asyncio
import json
import os
import secrets
import shutil
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from urllib.parse import urlsplit

from desktop.providers.base import Failed, Request, Started, TextCame
from desktop.providers.cli import CliProvider
from desktop.providers.process import Processes
from tests.benchmarks._original import original_command
from tests.emulator.server import Emulator, running
from tests.providers.conftest import CliHome, Clis
from tests.providers.warm import Warm, asked

ROOT = Path(__file__).parents[2]
TURNS = int(os.environ.get("PERSONA_BENCH_TURNS", "15"))
PROMPT = "불을 켜 줘."
SCENARIO = "ko"
Once = Callable[[], Awaitable[float]]


async def bare(emulator: Emulator) -> float:
    """Milliseconds from the connection to the first text, without any CLI."""
    address = urlsplit(emulator.url(SCENARIO, "bare"))
    body = {"model": "x", "stream": True, "messages": [{"role": "user", "content": PROMPT}]}
    said = json.dumps(body).encode()
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"POST {address.path}/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: {len(said)}\r\n"
    writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n" + said)
    await reader.readuntil(b"text_delta")
    took = (time.perf_counter() - began) * 1000
    writer.close()
    return took


async def first_text(provider: CliProvider, request: Request) -> tuple[float, str]:
    """Milliseconds to the first text, and the session; the answer is read to its end."""
    began, took, session = time.perf_counter(), 0.0, ""
    async with aclosing(provider.answer(request)) as answer:
        async for event in answer:
            if isinstance(event, TextCame) and not took:
                took = (time.perf_counter() - began) * 1000
            elif isinstance(event, Started):
                session = event.session
            elif isinstance(event, Failed):
                raise RuntimeError(event.problem)
    return took, session


async def rest(warm: Warm, provider: CliProvider) -> None:
    """Let what is started ahead come to stand, as it does while a person reads and writes."""
    while provider._ahead:
        await asyncio.gather(*provider._ahead)
    for lane in warm.pool.idle:
        async with asyncio.timeout(20):
            while not lane._talk.ready:
                await asyncio.sleep(0.05)
    await asyncio.sleep(1.5)


def cold(warm: Warm, name: str) -> Once:
    provider = warm.provider(name, SCENARIO, f"cold-{name}", pooled=False)

    async def once() -> float:
        took, _ = await first_text(provider, asked(name, PROMPT))
        await asyncio.gather(*provider._lanes.values())
        return took

    return once


async def ready(warm: Warm, name: str) -> Once:
    """Retention off: a prepared process, or a new session in a living one."""
    provider = warm.provider(name, SCENARIO, f"ready-{name}")
    await provider.prepare(asked(name))

    async def once() -> float:
        await rest(warm, provider)
        return (await first_text(provider, asked(name, PROMPT)))[0]

    return once


async def retained(warm: Warm, name: str) -> Once:
    """Retention on: the conversation of the turn before goes on."""
    provider = warm.provider(name, SCENARIO, f"kept-{name}")
    _, session = await first_text(provider, asked(name, PROMPT, retain=True))

    async def once() -> float:
        nonlocal session
        await asyncio.sleep(1)  # a CLI tidies up after a turn; nobody writes that fast
        request = asked(name, PROMPT, retain=True, session=session, news=PROMPT)
        took, session = await first_text(provider, request)
        return took

    return once


def original(warm: Warm, name: str) -> Once:
    """The original's process for each message, with its flags, to the first words on stdout."""
    run = f"original-{name}"

    async def once() -> float:
        command = original_command(warm, name, SCENARIO, run, PROMPT)
        began = time.perf_counter()
        child = await asyncio.create_subprocess_exec(
            *command.argv,
            cwd=warm.home.work,
            env=command.env,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(command.said)
        child.stdin.close()
        said = b""
        while "민수".encode() not in said and (piece := await child.stdout.read(4096)):
            said += piece
        took = (time.perf_counter() - began) * 1000
        await child.stdout.read()
        if await child.wait() or not said:
            raise RuntimeError(f"{name}: {said[-300:]!r}")
        return took

    return once


def beside_the_story(emulator: Emulator, run: str, *ours: str) -> int:
    """Bytes of the last request that are neither prompt nor system prompt, and no chatter."""
    size = len(emulator.generations(run)[-1].raw.encode())
    return size - sum(len(json.dumps(text, ensure_ascii=False).encode()) - 2 for text in ours)


async def measured(once: Once) -> list[float]:
    await once()  # caches of the disk and of the system fill
    return [await once() for _ in range(TURNS)]


def row(name: str, values: list[float], floor: float, worst: float | None, more: str = "") -> str:
    median = statistics.median(values)
    above = median - floor
    ratio = f"{worst / above:>8.0f}x" if worst and above > 0 else f"{'':>9}"
    return (
        f"{name:<26}{median:>9.0f}{min(values):>9.0f}{max(values):>9.0f}{above:>9.0f}{ratio}{more}"
    )


async def tables(clis: Clis, root: Path, names: list[str]) -> AsyncGenerator[str]:
    for folder in ("user", "work", "t", "vendor"):
        (root / folder).mkdir(mode=0o700)
    async with running(root / "emulator") as emulator:
        processes = Processes()
        warm = Warm(clis, CliHome(root), emulator, processes)
        try:
            floors = await measured(lambda: bare(emulator))
            floor = statistics.median(floors)
            yield row("bare HTTP request", floors, floor, None)
            for name in names:
                worst = await measured(original(warm, name))
                slow = statistics.median(worst) - floor
                sent = beside_the_story(emulator, f"original-{name}", PROMPT)
                yield row(f"{name}: as the original", worst, floor, None, f"{'':>9}{sent:>10}")
                values = await measured(cold(warm, name))
                system = asked(name).system
                sent = beside_the_story(emulator, f"cold-{name}", PROMPT, system)
                yield row(f"{name}: cold, locked", values, floor, slow) + f"{sent:>10}"
                values = await measured(await ready(warm, name))
                sent = beside_the_story(emulator, f"ready-{name}", PROMPT, system)
                yield row(f"{name}: warm, new session", values, floor, slow) + f"{sent:>10}"
                values = await measured(await retained(warm, name))
                yield row(f"{name}: warm, same session", values, floor, slow)
                await warm.close()
        finally:
            await warm.close()
            await processes.close()


async def main(names: list[str]) -> None:
    clis = Clis(Path(os.environ.get("PERSONA_TEST_CLIS", ROOT / "out/clis/node_modules")))
    root = ROOT / "out" / f"bench-{secrets.token_hex(3)}"
    root.mkdir(parents=True, mode=0o700)
    print(f"load {os.getloadavg()[0]:.1f} at the start; {TURNS} turns each; milliseconds")
    head = ("median", "min", "max", "above", "ratio", "bytes")
    print(f"{'':<26}" + "".join(f"{word:>9}" for word in head))
    try:
        async for line in tables(clis, root, names or ["claude", "gemini", "droid"]):
            print(f"{line}   (load {os.getloadavg()[0]:.1f})", flush=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
