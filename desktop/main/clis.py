"""The CLIs that can be asked, each with the folders that are its own."""

from collections.abc import Iterable

from desktop.paths import Paths
from desktop.providers.base import Provider
from desktop.providers.process import Processes


def cli_providers(paths: Paths, processes: Processes) -> Iterable[Provider]:
    return ()
