"""The house rules: one text of the person's for every room, or the sample of the language."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from desktop.protocol.library import Rules, RulesSaved, RulesSaveParams
from desktop.protocol.methods import Nothing
from desktop.protocol.models import Language
from desktop.protocol.problems import Trouble
from desktop.services.library_place import LibraryPlace
from desktop.services.plain_text import storable
from desktop.store.library_rules import RulesFile

T = TypeVar("T")


class HouseRules:
    """``samples`` holds one text a language; ``language`` is the one of the program."""

    def __init__(
        self, place: LibraryPlace, samples: Path, language: Callable[[], Language]
    ) -> None:
        self._place = place
        self._samples = samples
        self._language = language

    async def read(self, _: Nothing) -> Rules:
        return await self._at_disk(lambda: self._rules(self._language()))

    async def save(self, params: RulesSaveParams) -> RulesSaved:
        """Keep the text; one that was changed outside meanwhile is kept beside it."""
        text = None if params.text is None else storable(params.text)

        def keep() -> RulesSaved:
            self._place.need()
            kept = self._file().write(text, params.stamp)
            return RulesSaved(rules=self._rules(self._language()), kept=kept)

        return await self._at_disk(keep)

    async def in_force(self, language: Language) -> str:
        """What a prompt in this language gets; a file that cannot be read puts nothing in it."""
        try:
            return (await self._at_disk(lambda: self._rules(language))).text
        except Trouble:
            return ""

    def _rules(self, language: Language) -> Rules:
        found = self._file().read()
        if found is not None:
            return Rules(text=found.text, stamp=found.stamp, own=True)
        sample = (self._samples / f"{language}.md").read_text(encoding="utf-8").strip()
        return Rules(text=sample, stamp="", own=False)

    def _file(self) -> RulesFile:
        folder = self._place.folder()
        return RulesFile(folder.root, folder.disk)

    async def _at_disk(self, act: Callable[[], T]) -> T:
        async with self._place.lock:
            return await asyncio.to_thread(act)
