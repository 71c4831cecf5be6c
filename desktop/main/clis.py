"""The CLIs that can be asked: rows of the catalogue joined with what the vendor modules know."""

from collections.abc import Callable

from desktop.paths import Paths
from desktop.protocol.capabilities import Model
from desktop.providers import claude, droid, droid_home, gemini, gemini_home
from desktop.providers.catalog import CLAUDE, DROID, GEMINI
from desktop.providers.cli import CliProvider, Dialect
from desktop.providers.detect import Detector
from desktop.providers.lane_pool import LanePool
from desktop.providers.process import Processes
from desktop.providers.sign_in import by_files
from desktop.services.ways import Way


def cli_ways(
    paths: Paths, processes: Processes, chosen_path: Callable[[str], str], pool: LanePool
) -> tuple[Way, ...]:
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

    async def own_models() -> tuple[Model, ...]:
        return droid_home.custom_models(await finder.place(DROID))

    rows = (
        (CLAUDE, claude.DIALECT, None),
        (GEMINI, Dialect(gemini.command, gemini.GeminiTalk), None),
        (DROID, Dialect(droid.command, droid.DroidTalk), own_models),
    )
    return tuple(
        Way(
            row.info(),
            CliProvider(row, dialect, processes=processes, finder=finder, pool=pool),
            models,
        )
        for row, dialect, models in rows
    )
