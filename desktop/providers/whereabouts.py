"""Where programs may lie that the PATH of a double-clicked app does not name."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

SHELL_TIMEOUT_S = 5.0
SYSTEM_FOLDERS = (
    *("/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin"),
    *("/usr/bin", "/bin", "/snap/bin"),
)


def path_folders(path: str) -> list[Path]:
    """The absolute folders of a PATH: a relative one would depend on where we stand."""
    return [Path(part) for part in path.split(os.pathsep) if part and Path(part).is_absolute()]


def joined(*parts: Iterable[Path]) -> list[Path]:
    """One after another, each folder once, only those that exist and may be looked into."""
    seen = dict.fromkeys(folder for part in parts for folder in part)
    # Path.is_dir raises where a folder above may not be read: `su` keeps the other one's PATH.
    return [folder for folder in seen if os.path.isdir(folder)]  # noqa: PTH112


def known_folders(
    home: Path, environ: Mapping[str, str], platform: str, extra: Iterable[str] = ()
) -> Iterator[Path]:
    """Where package managers put programs, the likeliest first; they need not exist."""
    for place in extra:
        yield home / place
    if prefix := environ.get("NPM_CONFIG_PREFIX") or _npm_prefix(home):
        yield Path(prefix) if platform == "win32" else Path(prefix, "bin")
    if platform == "win32":
        yield from _windows_folders(home, environ)
        return
    yield from (home / place for place in (".npm-global/bin", ".local/bin", "bin"))
    yield from map(Path, SYSTEM_FOLDERS)
    yield from _newest_first(home / ".nvm/versions/node", "*/bin")
    yield Path(environ.get("VOLTA_HOME") or home / ".volta", "bin")
    for fnm in (".local/share/fnm", ".fnm", "Library/Application Support/fnm"):
        yield from _newest_first(home / fnm / "node-versions", "*/installation/bin")
    yield from (
        home / place
        for place in (
            ".asdf/shims",
            ".local/share/mise/shims",
            ".bun/bin",
            "Library/pnpm",
            ".local/share/pnpm",
            ".yarn/bin",
            ".config/yarn/global/node_modules/.bin",
            "node_modules/.bin",
        )
    )


def _windows_folders(home: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    roaming = Path(environ.get("APPDATA") or home / "AppData/Roaming")
    local = Path(environ.get("LOCALAPPDATA") or home / "AppData/Local")
    yield roaming / "npm"
    yield home / ".local/bin"
    yield local / "pnpm"
    yield local / "Volta/bin"
    yield home / "scoop/shims"
    yield home / ".bun/bin"
    yield local / "Yarn/bin"
    yield from _newest_first(roaming / "nvm", "v*")
    yield from _newest_first(roaming / "fnm/node-versions", "*/installation")
    yield Path(environ.get("PROGRAMFILES") or "C:/Program Files", "nodejs")


def _newest_first(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda found: _numbers(str(found)), reverse=True)


def _numbers(name: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", name)]


def _npm_prefix(home: Path) -> str:
    try:
        settings = (home / ".npmrc").read_text("utf-8", "replace")
    except OSError:
        return ""
    found = re.search(r"^\s*prefix\s*=\s*(.+?)\s*$", settings, re.MULTILINE)
    prefix = found[1].strip("\"'") if found else ""
    return re.sub(r"^(~|\$\{HOME\})(?=/|$)", lambda _: str(home), prefix)


def shell_command(shell: str, marker: str) -> tuple[str, ...]:
    """Ask a login shell for its environment, between markers: rc files print what they like."""
    return (shell, "-ilc", f"echo; echo {marker}; command env; echo {marker}")


def path_in(said: str, marker: str) -> str:
    """The PATH in what ``shell_command`` printed; empty if it is not there."""
    between = said.split(f"{marker}\n")
    if len(between) < 2:
        return ""
    lines = between[1].splitlines()
    return next((line.removeprefix("PATH=") for line in lines if line.startswith("PATH=")), "")
