"""Starts other programs for the developer's commands, and says plainly when one fails."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from devkit.places import ROOT

ADDRESS = re.compile(r"\b(?:https?|file|git\+\w+)://[^\s'\"<>]+")
HEAD_LINES = 20
TAIL_LINES = 40


class SetUpFailed(Exception):
    """Setting up cannot go on; the text says what the person can do."""


def say(text: str) -> None:
    print(text, flush=True)


def scrub(text: str) -> str:
    """Output of an installer without the addresses it was told to use on this machine."""
    return ADDRESS.sub("<address>", text)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, with UTF-8 everywhere and ``extra`` on top."""
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8", **(extra or {})}


def call(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> int:
    """Run in the foreground, its output being ours; return the exit code."""
    sys.stdout.flush()
    return subprocess.run(
        [str(c) for c in command], env=environment(env), cwd=cwd, check=False
    ).returncode


def capture(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> tuple[int, str]:
    """Run quietly; return the exit code and both outputs as one text."""
    try:
        done = subprocess.run(
            [str(c) for c in command],
            env=environment({"NO_COLOR": "1", **(env or {})}),
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def follow(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None
) -> tuple[int, list[str]]:
    """Run in the foreground and keep the last lines of what it said."""
    kept: list[str] = []
    with subprocess.Popen(
        [str(c) for c in command],
        env=environment(env),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            say(line)
            kept = [*kept[-20:], line]
    return process.returncode, kept


def must(what: str, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
    """Run one step of the set-up. Raises SetUpFailed with the end of its output."""
    say(f"· {what} …")
    began = time.monotonic()
    code, output = capture(command, env=env)
    if code != 0:
        lines = scrub(output).splitlines()
        cut = [*lines[:HEAD_LINES], "…", *lines[-TAIL_LINES:]]
        shown = "\n".join(lines if len(lines) <= len(cut) else cut)
        raise SetUpFailed(f"{what} failed (exit code {code}):\n{shown}")
    say(f"  done in {time.monotonic() - began:.0f} s")
