"""Collects what was not taken as it stands, and cuts texts to the length that we keep."""

from collections.abc import Iterator

from desktop.formats.parts import Fate, Remark

NAME, LINE, PROSE, KEY = 200, 2_000, 200_000, 500


class Remarks:
    """What a reader has to say about a file; equal ones are counted."""

    def __init__(self) -> None:
        self._said: dict[tuple[Fate, str, str], int] = {}

    def say(self, fate: Fate, code: str, where: str = "", count: int = 1) -> None:
        place = (fate, code, where[:200])
        self._said[place] = self._said.get(place, 0) + count

    def cut(self, text: str, length: int, where: str) -> str:
        if len(text) <= length:
            return text
        self.say("changed", "text_cut", where)
        return text[:length]

    def __iter__(self) -> Iterator[Remark]:
        for (fate, code, where), count in self._said.items():
            yield Remark(fate=fate, code=code, where=where, count=count)
