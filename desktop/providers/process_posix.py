"""A process and all it started, on Linux and macOS: one session, one process group."""

import contextlib
import os
import signal
import sys
from typing import Any

import psutil

assert sys.platform != "win32"  # tells the type checker which half of os it may use

# Claude Code lives on to the end of its turn when the program that started it is killed, and
# neither PR_SET_PDEATHSIG (unsafe after a fork with threads, absent on macOS) nor closing its
# stdin changes that. So a shell of a few kilobytes holds the other end of a pipe: it is told the
# groups as they come and go, and when the pipe closes, however we died, it ends those left. Of a
# locked profile it also empties the folders the CLIs were started in.
GUARD: tuple[str, ...] = (
    "/bin/sh",
    "-c",
    """
ids=
wipe=
while read -r sign id; do
  case $sign in
    x) wipe=$id ;;
    +) ids="$ids $id" ;;
    -) left=
       for one in $ids; do [ "$one" = "$id" ] || left="$left $one"; done
       ids=$left ;;
  esac
done
if [ -n "$ids" ]; then
  for one in $ids; do kill -TERM "-$one"; done
  sleep 1
  for one in $ids; do kill -KILL "-$one"; done
fi
[ -z "$wipe" ] || rm -rf -- "$wipe"/*
""",
)


def spawn_options() -> dict[str, Any]:
    """A session of its own: no signal of our terminal reaches it, and the group can be killed."""
    return {"start_new_session": True}


class Tree:
    """The process group of a child, and what left the group while we looked."""

    def __init__(self, pid: int, _popen: Any) -> None:
        self._pid = pid
        self._strays: list[psutil.Process] = []

    def remember(self) -> None:
        """Note every descendant now: those that made a group of their own are found only by
        their parents. Reads the whole process table; call it off the loop."""
        with contextlib.suppress(psutil.Error):
            self._strays = psutil.Process(self._pid).children(recursive=True)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End whatever is left of the group, also after the first process is gone."""
        self._signal(signal.SIGKILL)
        for stray in self._strays:
            with contextlib.suppress(psutil.Error):
                stray.kill()

    def release(self) -> None:
        """Nothing to give back here."""

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, number)
