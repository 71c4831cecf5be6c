"""Writes ui/src/bridge/protocol.gen.ts from desktop/protocol: Python is the one source.

Usage: ``python build/generate_protocol.py [--check]``. Run it as ``python3 build/dev.py generate``.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "ui" / "src" / "bridge" / "protocol.gen.ts"
STALE = "ui/src/bridge/protocol.gen.ts is stale: run `python3 build/dev.py generate`"

sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "build"))

from devkit.typescript import protocol_source  # noqa: E402  (the path must be set first)


def main(arguments: list[str] | None = None) -> int:
    """Write the file if it differs; with ``--check`` only say so, by exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    chosen = parser.parse_args(arguments)
    wanted = protocol_source()
    current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else None
    if current == wanted:
        print("protocol.gen.ts is up to date")
        return 0
    if chosen.check:
        print(STALE, file=sys.stderr)
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(wanted, encoding="utf-8", newline="\n")
    print("wrote ui/src/bridge/protocol.gen.ts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
