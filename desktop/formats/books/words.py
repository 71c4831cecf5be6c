"""The few words that a book says by itself. They are content: they follow the book's language."""

from desktop.formats.books.contents import Chapter
from desktop.formats.books.legible import one_line
from desktop.protocol.base import Frozen
from desktop.protocol.models import Language


class Words(Frozen, kw_only=True):
    cover: str
    contents: str
    cast: str
    dice: str
    dice_hint: str
    untitled: str
    me: str
    narrator: str
    stranger: str
    chapter: str
    """With ``{}`` for the number."""


WORDS: dict[Language, Words] = {
    "ko": Words(
        cover="표지",
        contents="차례",
        cast="등장인물",
        dice="주사위 기록",
        dice_hint="굴림마다 앞 굴림의 값을 이어 확인 값을 만듭니다.",
        untitled="이름 없는 이야기",
        me="나",
        narrator="진행자",
        stranger="누군가",
        chapter="{}장",
    ),
    "en": Words(
        cover="Cover",
        contents="Contents",
        cast="Characters",
        dice="Dice record",
        dice_hint="Each roll is sealed together with the seal of the roll before it.",
        untitled="Untitled story",
        me="I",
        narrator="Narrator",
        stranger="Somebody",
        chapter="Chapter {}",
    ),
    "ja": Words(
        cover="表紙",
        contents="目次",
        cast="登場人物",
        dice="ダイスの記録",
        dice_hint="どの判定も、一つ前の判定の値を含めて封じられています。",
        untitled="名のない物語",
        me="私",
        narrator="進行役",
        stranger="誰か",
        chapter="第{}章",
    ),
}


def chapter_mark(chapter: Chapter, language: Language) -> str:
    return WORDS[language].chapter.format(chapter.number)


def chapter_title(chapter: Chapter, language: Language) -> str:
    """``3장 다 쓰지 않은 편지``, or the mark alone where it has no name."""
    return " ".join(filter(None, (chapter_mark(chapter, language), one_line(chapter.name))))


def book_title(title: str, language: Language) -> str:
    return one_line(title) or WORDS[language].untitled
