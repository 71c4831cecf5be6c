"""How this installation stands, gathered from all edges: for the page and for the terminal."""

import asyncio
from typing import Any

from desktop import log
from desktop.command_line.doctor import examine, groups, lines, private
from desktop.main.version import version
from desktop.paths import Paths, page_file, shipped
from desktop.protocol.diagnosis import Diagnosis
from desktop.protocol.methods import Nothing
from desktop.protocol.notices import ThirdParties
from desktop.services.providers import Providers
from desktop.window.display import missing_display

NOTICES = "THIRD-PARTY-NOTICES.txt"
"""Lies in every package; written when the program is frozen."""


async def facts_of(paths: Paths, providers: Providers | None) -> dict[str, Any]:
    """Looks at every provider anew; ``None`` where the data could not be opened."""
    statuses = await providers.checked() if providers else ()
    infos = providers.infos() if providers else ()
    return await examine(
        version(), paths._asdict(), page_file(), missing_display(), infos, statuses
    )


class Examiner:
    """For the page, whose facts are to be copied into reports: without names and keys."""

    def __init__(self, paths: Paths, providers: Providers) -> None:
        self._paths = paths
        self._providers = providers

    async def diagnose(self, _params: Nothing) -> Diagnosis:
        facts = await facts_of(self._paths, self._providers)
        facts["data"] = "ok"
        text = log.redacted(private("\n".join(lines(facts))))
        return Diagnosis(groups=groups(facts), text=text)


async def third_parties(_params: Nothing) -> ThirdParties:
    """Whose work is inside, as the package tells it."""
    file = shipped() / NOTICES
    there = await asyncio.to_thread(file.is_file)
    return ThirdParties(text=await asyncio.to_thread(file.read_text, "utf-8") if there else "")
