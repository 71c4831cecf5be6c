"""Who can speak at a table, found by the name a model wrote."""

import re
from dataclasses import dataclass

from desktop.dialogue.voices import members
from desktop.protocol.models import NARRATOR_VOICE, Author, Character, Stage
from desktop.protocol.spoken import (
    NARRATOR_WORDS,
    cast,
    name_key,
    narrating,
    narrator_tag,
    spoken_name,
    whole_name,
)

_MANNER = re.compile(r"^(?P<base>.*?\S)\s*(?P<manner>[(（][^()（）]*[)）])$", re.DOTALL)
_EDGES = " \t\u3000*"


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in a tag. ``manner`` is the bracketed remark behind it, with its brackets."""

    author: Author
    known: bool
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of one table by every spelling of their names.

    ``untagged`` speaks what comes before the first tag: the narrator where the AI narrates, else
    the only character there is, else the narrator all the same.
    """

    authors: dict[str, Author]
    prefixes: frozenset[str]
    untagged: Author

    @classmethod
    def of(cls, stage: Stage, voice: str = "") -> "Roster":
        """Characters win over my name, names over aliases, and all of them over narrator words.

        What stands before the first tag is said by the first seat of a ``voice``.
        """
        authors: dict[str, Author] = {}

        def seat(name: str, author: Author) -> None:
            for spelling in (spoken_name(name), whole_name(name)):
                if key := name_key(spelling):
                    authors.setdefault(key, author)

        parts = cast(stage)
        seated = [(part, _character(part.character, part.tag)) for part in parts]
        for part, author in seated:
            seat(part.tag, author)
            seat(part.character.name, author)
        for part, author in seated:
            for alias in part.character.aliases:
                seat(alias, author)
        if spoken_name(stage.me.name):
            seat(stage.me.name, Author(kind="user", name=spoken_name(stage.me.name)))
        narrator = Author(kind="narrator", name=narrator_tag(stage))
        for words in NARRATOR_WORDS.values():
            for word in words:
                seat(word, narrator)
        prefixes = frozenset(key[:end] for key in authors for end in range(1, len(key) + 1))
        by_id = {part.character.id: author for part, author in seated}
        return cls(authors, prefixes, _untagged(stage, voice, by_id) or narrator)

    def resolve(self, name: str) -> Author | None:
        """The one at the table with this name or alias; ``kind`` is ``user`` for my own name."""
        return self.authors.get(name_key(name)) or self.authors.get(name_key(whole_name(name)))

    def named(self, label: str) -> Named | None:
        """Who a tag's label means: a known name, with or without a bracketed remark behind it.

        My own name comes back as an unknown character: a model must not speak for me, and what
        it wrote must not look like mine.
        """
        label = label.strip(_EDGES)
        manner = ""
        author = self.resolve(label)
        if author is None and (parted := _MANNER.match(label)):
            author, manner = self.resolve(parted["base"]), parted["manner"]
        if author is None:
            return None
        if author.kind == "user":
            return Named(Author(kind="character", name=author.name), False, manner)
        return Named(author, True, manner)

    def may_become(self, start: str) -> bool:
        """Whether ``start`` can still grow into a known name with an optional remark behind it."""
        bare = start.rstrip(_EDGES)
        if name_key(bare) in self.prefixes:
            return True
        base, bracket, remark = _cut(bare)
        if not bracket or name_key(base.rstrip(_EDGES)) not in self.authors:
            return False
        closed = remark.find(")" if bracket == "(" else "）")
        return closed < 0 or closed == len(remark) - 1


def _untagged(stage: Stage, voice: str, by_id: dict[str, Author]) -> Author | None:
    """Who speaks before the first tag; ``None`` for the narrator."""
    if voice:
        return None if NARRATOR_VOICE in members(voice) else by_id.get(members(voice)[0])
    alone = len(by_id) == 1 and narrating(stage) != "ai"
    return next(iter(by_id.values())) if alone else None


def _cut(text: str) -> tuple[str, str, str]:
    found = re.search(r"[(（]", text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found[0], text[found.end() :]


def _character(character: Character, tag: str) -> Author:
    name = character.name.strip() or tag
    return Author(kind="character", name=name, id=character.id, dye=character.dye)


_LABEL_WORDS = """
웃음 효과음 음향 배경음 선택 선택지 판정 주사위 상황 장소 시간 날짜 시스템 알림 참고 메모 목표 결과
laughs sound sfx bgm choice choices option options check dice roll scene place location
time date system note notes ooc hint goal result hp mp status
笑い 効果音 選択 選択肢 判定 ダイス 状況 場所 時間 日付 システム 注 メモ 目標 結果
"""
"""What models write in brackets with a colon that is no name."""

_LABELS = frozenset(name_key(word) for word in _LABEL_WORDS.split())
_DICE = re.compile(r"^\d*\s*[dD]\s*\d+.*$")
_ODD = re.compile(r"[!?！？…,;/\\|{}=+_#@%^~`\"&$、。]")
UNKNOWN_LENGTH = 20


def stranger(label: str) -> Named | None:
    """A name nobody at the table has, if it can be nothing else: no choice, dice or number."""
    label = label.strip(_EDGES)
    parted = _MANNER.match(label)
    base, manner = (parted["base"], parted["manner"]) if parted else (label, "")
    if not 1 <= len(base) <= UNKNOWN_LENGTH or not any(char.isalpha() for char in base):
        return None
    if _ODD.search(base) or _DICE.match(base) or name_key(base) in _LABELS:
        return None
    if re.fullmatch(r"[A-Za-z]|.*\d+번?", base):
        return None
    name = spoken_name(base)
    return Named(Author(kind="character", name=name), False, manner) if name else None
