"""From the file a package manager puts on PATH to the program it stands for.

``.cmd`` files are never started: cmd.exe reads ``& | < > ^ %`` in arguments once more.
"""

import re
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

# "%dp0%\\node_modules\\…" in npm's and yarn's, "%~dp0\\…" in pnpm's and older ones.
_CMD_TARGET = re.compile(r'"%(?:~dp0|dp0%)\\?([^"%]+)"', re.IGNORECASE)
_SH_TARGET = re.compile(r'"\$basedir/([^"$]+)"')
_NODE_SHEBANG = re.compile(rb"#!.*\bnode\b")
_MULTICALL = {"volta-shim", "mise", "asdf", "fnm", "rtx"}
"""These look at the name they are called by: the link itself must be started."""

Executable = tuple[str, ...]


def cmd_target(shim: str, folder: str) -> str:
    """The path a ``.cmd`` file starts; empty if it is not of a known make."""
    return _last_but_node(
        _CMD_TARGET.findall(shim), lambda part: str(PureWindowsPath(folder, part))
    )


def sh_target(shim: str, folder: str) -> str:
    """The path a shell shim of npm or pnpm starts; empty if it is none."""
    return _last_but_node(_SH_TARGET.findall(shim), lambda part: str(Path(folder, part)))


def _last_but_node(targets: list[str], joined: Callable[[str], str]) -> str:
    kept = [t for t in targets if PureWindowsPath(t).name.lower() not in {"node", "node.exe"}]
    return joined(kept[-1]) if kept else ""


def resolved(found: Path, node_of: Callable[[Path], str | None]) -> Executable | None:
    """What to start for a file on PATH, the real program last.

    ``node_of`` finds node for a script, given the folder of the shim. ``None``: it cannot be
    started (no node, a shim of an unknown make).
    """
    target = found.resolve()
    if target.name in _MULTICALL:
        return (str(found),)
    if target.suffix.lower() in {".cmd", ".bat"}:
        inner = cmd_target(_head(target).decode("utf-8", "replace"), str(target.parent))
        return resolved(Path(inner), _beside(found, node_of)) if inner else None
    head = _head(target)
    if head.startswith(b"#!/bin/sh"):
        inner = sh_target(head.decode("utf-8", "replace"), str(target.parent))
        if inner and Path(inner).is_file():
            return resolved(Path(inner), _beside(found, node_of))
    if _NODE_SHEBANG.match(head) or target.suffix in {".js", ".mjs", ".cjs"}:
        node = node_of(found.parent)
        return (node, str(target)) if node else None
    return (str(target),)


def _beside(shim: Path, node_of: Callable[[Path], str | None]) -> Callable[[Path], str | None]:
    return lambda _folder: node_of(shim.parent)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8192)
    except OSError:
        return b""
