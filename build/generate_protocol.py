"""Writes what the page shares with desktop/: Python is the one source.

Usage: ``python build/generate_protocol.py [--check]``. Run it as ``python3 build/dev.py generate``.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "ui" / "src" / "bridge" / "protocol.gen.ts"
PATTERNS = ROOT / "ui" / "src" / "text" / "invention.gen.ts"
STALE = "{file} is stale: run `python3 build/dev.py generate`"

sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "build"))

from devkit.page_patterns import patterns_source  # noqa: E402  (the path must be set first)
from devkit.typescript import protocol_source  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Write the files that differ; with ``--check`` only say so, by exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    chosen = parser.parse_args(arguments)
    wanted = {TARGET: protocol_source(), PATTERNS: patterns_source()}
    return max(bring(file, text, check=chosen.check) for file, text in wanted.items())


def bring(file: Path, wanted: str, *, check: bool) -> int:
    """One file: 0 if it is as it should be now, 1 if it is stale and was only looked at."""
    name = file.relative_to(ROOT).as_posix()
    current = file.read_text(encoding="utf-8") if file.exists() else None
    if current == wanted:
        print(f"{name} is up to date")
        return 0
    if check:
        print(STALE.format(file=name), file=sys.stderr)
        return 1
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(wanted, encoding="utf-8", newline="\n")
    print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
