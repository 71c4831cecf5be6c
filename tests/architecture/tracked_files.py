"""What belongs to the project: tracked files and new ones that git does not ignore."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
BINARY = {".png", ".webp", ".jpg", ".ico", ".icns", ".woff2", ".ttf", ".zip", ".db", ".gz"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that exists now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(ROOT / name for name in sorted(set(listed.split("\0"))) if (ROOT / name).is_file())


@cache
def texts() -> dict[Path, str]:
    """The files that are text, with what stands in them."""
    return {
        path: path.read_text(encoding="utf-8", errors="replace")
        for path in files()
        if path.suffix not in BINARY
    }


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
