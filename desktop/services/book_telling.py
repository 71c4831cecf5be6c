"""Turns the messages of a path into the passages of a book, one after the other."""

from collections.abc import Iterator, Mapping, Sequence

from desktop.dialogue import choices
from desktop.formats.books.contents import (
    Chapter,
    Head,
    Paragraph,
    Passage,
    Person,
    Picture,
    Writer,
)
from desktop.formats.books.grades import GRADES
from desktop.formats.books.layout import plain, said, told
from desktop.formats.books.words import WORDS
from desktop.protocol.base import UtcMs
from desktop.protocol.books import BookOptions, ChapterMark
from desktop.protocol.models import Language, Message, Room, Stage
from desktop.services.dice import told as rolled


def head_of(
    room: Room,
    options: BookOptions,
    chapters: Sequence[ChapterMark],
    key: str,
    now: UtcMs,
    faces: Mapping[str, Picture],
) -> Head:
    """``faces``: by the names that the stage calls them."""
    language = options.language or room.stage.language
    return Head(
        title=room.title,
        language=language,
        key=key,
        made_at=now,
        cast=cast_of(room.stage, language, faces) if options.cast else (),
        chapters=tuple(Chapter(number=one.number, name=one.name) for one in chapters)
        if options.chapters
        else (),
        with_cover=options.cover,
    )


def cast_of(stage: Stage, language: Language, faces: Mapping[str, Picture]) -> tuple[Person, ...]:
    """Me and everyone who is at the table. Descriptions and secrets are for the AI only."""
    people = [
        Person(name=one.name, line=one.line, picture=faces.get(one.picture))
        for one in stage.characters
        if one.enabled
    ]
    if stage.me.name:
        people.insert(0, Person(name=stage.me.name, picture=faces.get(stage.me.picture)))
    elif people:
        people.insert(0, Person(name=WORDS[language].me))
    return tuple(people)


class Telling:
    """Feed it the path in order. It holds one message back, to see where an answer ends."""

    def __init__(
        self,
        writer: Writer,
        options: BookOptions,
        language: Language,
        chapters: Sequence[ChapterMark],
        *,
        first_number: int = 1,
    ) -> None:
        self._writer = writer
        self._options = options
        self._words = WORDS[language]
        self._grades = GRADES[language]
        self._chapters = list(chapters) if options.chapters else []
        self._number = first_number - 1
        self._held: Message | None = None

    def take(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if self._held is not None:
                self._tell(self._held, message)
            self._held = message

    def end(self) -> None:
        if self._held is not None:
            self._tell(self._held, None)
        self._held = None

    def _tell(self, message: Message, following: Message | None) -> None:
        self._number += 1
        while self._chapters and self._chapters[0].position <= message.position:
            mark = self._chapters.pop(0)
            self._writer.chapter(Chapter(number=mark.number, name=mark.name))
        if self._options.in_character and message.author.kind in ("dice", "note"):
            return
        self._writer.passage(
            Passage(
                number=self._number,
                name=self._name(message),
                answered=_ends_an_answer(message, following),
                text=self._text(message),
                paragraphs=tuple(self._paragraphs(message)),
            )
        )

    def _text(self, message: Message) -> str:
        """As it was said; a roll with its grades in the book's language."""
        return rolled(message.roll.roll, self._grades) if message.roll else message.text

    def _name(self, message: Message) -> str:
        usual = {
            "user": self._words.me,
            "narrator": self._words.narrator,
            "character": self._words.stranger,
            "dice": self._words.narrator,
            "note": "",
        }
        return message.author.name or usual[message.author.kind]

    def _paragraphs(self, message: Message) -> Iterator[Paragraph]:
        match message.author.kind:
            case "dice":
                yield from plain(self._text(message), "roll")
            case "note":
                yield from plain(message.text, "note")
            case "narrator":
                yield from told(choices.split(message.text).body)
            case _:
                name = self._name(message) if self._options.names else ""
                yield from said(message.text, name, self._options.dialogue)


def _ends_an_answer(message: Message, following: Message | None) -> bool:
    if message.author.kind not in ("character", "narrator") or not message.turn_id:
        return False
    return following is None or following.turn_id != message.turn_id
