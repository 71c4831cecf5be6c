"""The program's version, as it was installed."""

import importlib.metadata


def version() -> str:
    try:
        return importlib.metadata.version("persona-chat")
    except importlib.metadata.PackageNotFoundError:
        # Run from a source tree that was never installed.
        return "0.1.0"
