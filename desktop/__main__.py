"""Starts the program: ``persona-chat`` and ``python -m desktop``."""

import sys

from desktop.main import run


def main() -> int:
    """The exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
