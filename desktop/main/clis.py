"""The CLIs that can be asked: rows of the catalogue joined with what the vendor modules know."""

from collections.abc import Callable

from desktop.paths import Paths
from desktop.providers import claude, droid, droid_home, gemini, gemini_home
from desktop.providers.base import Provider
from desktop.providers.catalog import CLAUDE, DROID, GEMINI
from desktop.providers.cli import CliProvider, Dialect
from desktop.providers.detect import Detector
from desktop.providers.process import Processes
from desktop.providers.sign_in import by_files


def cli_providers(
    paths: Paths, processes: Processes, chosen_path: Callable[[str], str]
) -> tuple[Provider, ...]:
    """``chosen_path`` is where the person says a CLI is, by provider id; empty if nowhere."""
    finder = Detector(
        processes,
        paths.providers,
        sign_in_checks={
            "claude": claude.signed_in,
            "gemini": by_files(gemini_home.signed_in),
            "droid": by_files(droid_home.signed_in),
        },
        chosen_path=chosen_path,
    )
    rows = (
        (CLAUDE, claude.DIALECT),
        (GEMINI, Dialect(gemini.command, gemini.GeminiTalk)),
        (DROID, Dialect(droid.command, droid.DroidTalk)),
    )
    return tuple(
        CliProvider(row, dialect, processes=processes, finder=finder) for row, dialect in rows
    )
