"""Lend a CLI the person's sign-in inside a home of ours that holds nothing else of theirs.

A link, never a copy: a CLI renews its tokens in place, and some vendors void the old one.
"""

import json
from pathlib import Path
from typing import Any

from desktop.protocol.problems import Trouble, problem


def link(source: Path, place: Path) -> None:
    """Make the file ``source`` appear at ``place``; nothing happens if there is no such file.

    Raises ``Trouble`` (``unsafe_setup``) where no link can be made, as on Windows without the
    right to: then the CLI could only run with everything else that lies in its own home.
    """
    if not source.is_file():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        place.unlink(missing_ok=True)
        place.symlink_to(source.resolve())
    except OSError as error:
        raise Trouble(problem("unsafe_setup", detail=f"symlink: {error.strerror}")) from error


def settings(path: Path) -> dict[str, Any]:
    """A settings file of the person; empty if it is missing, unreadable or no JSON object."""
    try:
        found = json.loads(_without_comments(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _without_comments(text: str) -> str:
    """Drop ``//`` and ``/* */`` outside strings: both CLIs allow them in their settings."""
    kept: list[str] = []
    at, quoted = 0, False
    while at < len(text):
        here, two = text[at], text[at : at + 2]
        if quoted:
            step = 2 if here == "\\" else 1
            quoted = here != '"'
            kept.append(text[at : at + step])
            at += step
        elif two == "//":
            at = _after(text, "\n", at)
        elif two == "/*":
            at = _after(text, "*/", at)
        else:
            quoted = here == '"'
            kept.append(here)
            at += 1
    return "".join(kept)


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at + 2)
    return len(text) if found < 0 else found + len(end)
