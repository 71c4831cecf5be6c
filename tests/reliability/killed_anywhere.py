"""``kill -9`` at random moments of everything that writes: nothing that was promised is lost.

``[trials] [act …]``; prints a line for each act. The children are forked from a process
that has imported everything, so that a trial costs what the act costs. A trial that
loses or breaks anything raises.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.reliability.killed_acts import ACTS, Act, Told

LONGEST_S = 6.0


def _child(act: Act, folder: Path, pipe: int) -> None:
    """Never returns."""

    began = 0.0

    def tell(*line: Any) -> None:
        nonlocal began
        if line[0] == "ready":
            began = time.monotonic()
        if line[0] in ENDS:
            line = (*line, time.monotonic() - began)
        os.write(pipe, json.dumps(line).encode() + b"\n")

    code = 0
    try:
        os.setsid()
        act.do(folder, tell)
    except BaseException as error:
        tell("broken", repr(error))
        code = 1
    finally:
        os._exit(code)


def killed(act: Act, folder: Path, delay_s: float) -> tuple[Told, float]:
    """What was told until the kill, so many seconds after the child was ready; and when it came."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(act, folder, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        first = told.readline()
        assert json.loads(first or b"[]")[:1] == ["ready"], first
        time.sleep(delay_s)
        at = time.monotonic()
        os.kill(child, signal.SIGKILL)
        rest = told.read()
    os.waitpid(child, 0)
    # A last line that the kill has cut was not told.
    lines: Told = [json.loads(line) for line in rest.rpartition(b"\n")[0].splitlines()]
    broken = [line for line in lines if line[0] == "broken"]
    assert not broken, broken
    return lines, at


def _apart(work: Any, *given: Any) -> Any:
    """In a child of its own: whoever forks must have no threads."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, json.dumps(work(*given)).encode())
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        raw = told.read()
    if os.waitpid(child, 0)[1]:
        raise AssertionError("what the kill has left is not whole; see above")
    return json.loads(raw)


def trials(name: str, times: int, seed: int = 7) -> str:
    act, chance = ACTS[name], random.Random(seed)
    root = Path(tempfile.mkdtemp(prefix="persona-killed-"))
    promises = cut = 0
    try:
        template = root / "template"
        _apart(lambda: act.prepare(template))
        # As long as the act takes where it has an end of its own.
        longest = LONGEST_S
        for number in range(times):
            folder = root / f"trial-{number}"
            shutil.copytree(template, folder)
            told, at = killed(act, folder, chance.uniform(0, longest))
            done = [line for line in told if line[0] in ENDS]
            cut += not done
            if done:
                longest = max(0.05, min(longest, done[0][-1]))
                told = [line[:-1] if line[0] in ENDS else line for line in told]
            promises += _apart(act.hold, folder, told, at)
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return f"{name:<10}{times:>4} kills, {cut} before the end, {promises} promises kept, 0 lost"


ENDS = ("imported", "migrated", "sealed", "unsealed")
"""Told with the seconds it took."""


def main(times: int, names: Sequence[str]) -> None:
    share, rest = divmod(times, len(names))
    began = time.monotonic()
    for number, name in enumerate(names):
        told = trials(name, share + (number < rest))
        print(f"{told}   (load {os.getloadavg()[0]:.1f})", flush=True)
    print(f"{times} kills in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, sys.argv[2:] or list(ACTS))
