"""What a CLI is told and what it says, without any I/O: the shape every CLI module fills.

A CLI module has two parts. ``command(place, request)`` is a pure function: what to start.
``Talk`` is pure too: lines in, events and lines to write out. ``process`` owns the pipes.
"""

from pathlib import Path
from typing import Protocol

from desktop.protocol.base import Frozen
from desktop.providers.base import AnswerEvent, Request


class Place(Frozen, kw_only=True):
    """Where a CLI is and where it may be: all folders are ours, private (0700) and exist."""

    executable: tuple[str, ...]
    """What to start, for example ``("/usr/bin/node", "/…/bundle/gemini.js")``; never a ``.cmd``."""
    version: str
    """Empty when unknown."""
    work: Path
    """The empty working directory."""
    temp: Path
    """TMPDIR of the process; emptied by us."""
    home: Path
    """A folder of ours for the vendor's files that must be isolated; survives restarts."""
    user_home: Path
    """The person's own home, where the vendor keeps the sign-in."""


class File(Frozen, kw_only=True):
    """A file to be written (mode 0600) before the start; the path lies under ``Place.home``."""

    path: Path
    text: str


class Command(Frozen, kw_only=True):
    """What to start. No text of the story is ever in ``argv`` or ``env``."""

    argv: tuple[str, ...]
    env: dict[str, str]
    """Added to the allow-listed environment."""
    cwd: Path
    files: tuple[File, ...] = ()


class Step(Frozen, kw_only=True):
    """What one line of output means."""

    events: tuple[AnswerEvent, ...] = ()
    write: tuple[bytes, ...] = ()
    """Whole lines, each with its newline, to be written to stdin now."""


class Talk(Protocol):
    """One process of a CLI, as a state machine. One turn at a time, several one after another."""

    def begin(self, request: Request) -> tuple[bytes, ...]:
        """What to write right after the start; carries the system prompt, not the turn."""
        ...

    @property
    def ready(self) -> bool:
        """Whether ``ask`` would be written at once."""
        ...

    def ask(self, request: Request) -> tuple[bytes, ...]:
        """Begin a turn. Before ``ready`` it returns nothing and ``read`` writes it later.

        Where it ``holds`` the request's session, that goes on with ``news`` alone.
        """
        ...

    def read(self, line: bytes) -> Step:
        """Take a line of stdout without its newline. Never raises: the unknown is skipped."""
        ...

    def interrupt(self) -> tuple[bytes, ...]:
        """What to write to stop the running turn politely; may be empty."""
        ...

    def ended(self, exit_code: int | None, stderr: str) -> tuple[AnswerEvent, ...]:
        """What the end of the process means: empty if the turn had already ended."""
        ...

    @property
    def reusable(self) -> bool:
        """Whether another turn may be asked of this process."""
        ...

    @property
    def fresh(self) -> bool:
        """Whether a turn may be asked that must know nothing of those before; also while the
        process is still starting."""
        ...

    def holds(self, session: str) -> bool:
        """Whether the conversation of this name is whole in this process, and may go on."""
        ...
