"""A card as a story can begin with it: a room, its first words, and what goes into the library."""

import json
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from desktop.formats.card.macros import named
from desktop.formats.parts import AnyPart, CardPart, LibraryItem, MessagePart, RoomPart
from desktop.formats.remarks import NAME
from desktop.protocol.lore import Lorebook
from desktop.protocol.models import Author, Character, Language, Persona, Stage

USER: dict[Language, str] = {"ko": "나", "en": "Me", "ja": "私"}
"""Who the person is while they have no name: the prompts call them the same."""
_ROOM = "card"


def language_of(text: str) -> Language:
    """The language a text is written in, by its letters."""
    hangul = sum("가" <= char <= "힣" for char in text)
    kana = sum("ぁ" <= char <= "ヿ" for char in text)
    if hangul or kana:
        return "ko" if hangul >= kana else "ja"
    return "en"


def told_character(card: CardPart, user: str) -> Character:
    """The character with names in the place of the card's pointers."""
    char = card.nickname or card.character.name
    one = card.character
    return replace(
        one,
        line=named(one.line, char, user),
        description=named(one.description, char, user),
        speech=named(one.speech, char, user),
        examples=tuple(named(said, char, user) for said in one.examples),
        secrets=tuple(replace(each, text=named(each.text, char, user)) for each in one.secrets),
    )


def told_book(book: Lorebook, char: str, user: str) -> Lorebook:
    entries = [
        replace(one, content=named(one.content, char, user), keys=_keys(one.keys, char, user))
        for one in book.entries
    ]
    return replace(book, entries=tuple(entries))


def _keys(keys: tuple[str, ...], char: str, user: str) -> tuple[str, ...]:
    return tuple(named(key, char, user) for key in keys)


def card_language(card: CardPart) -> Language:
    return language_of(" ".join((card.character.description, card.scenario, *card.greetings)))


def story_parts(
    card: CardPart, me: Persona | None = None, *, face: str = "", rest: str = ""
) -> Iterator[AnyPart]:
    """The room of a new story: the character on its stage, the greeting as its first message and
    the other greetings as that message's alternatives. ``face`` and ``rest`` point to what comes
    along with them."""
    language = card_language(card)
    me = me or Persona()
    user = me.name or USER[language]
    character = replace(told_character(card, user), id="card", picture=face, card=rest)
    char = card.nickname or card.character.name
    yield RoomPart(
        key=_ROOM,
        title=character.name,
        stage=Stage(
            language=language,
            situation=named(card.scenario, char, user),
            me=me,
            characters=(character,),
        ),
    )
    greetings = [named(one, char, user) for one in card.greetings if one.strip()]
    if greetings:
        yield MessagePart(
            room=_ROOM,
            key="greeting",
            author=Author(
                kind="character", name=character.name, id=character.id, dye=character.dye
            ),
            text=greetings[0],
            position=1,
            alternatives=tuple(greetings[1:]),
        )


def library_items(card: CardPart, *, face: str = "", rest: str = "") -> Iterator[LibraryItem]:
    """The character as a template, with all that the card says beside it, and its book."""
    told = told_character(card, USER[card_language(card)])
    character = msgspec.to_builtins(replace(told, picture=face, card=rest))
    for name in ("id", "enabled"):
        character.pop(name, None)
    imported = {
        "nickname": card.nickname,
        "scenario": card.scenario,
        "greetings": list(card.greetings),
        "group_greetings": list(card.group_greetings),
        "extra": card.extra,
    }
    yield LibraryItem(
        kind="character_template",
        name=card.character.name,
        content=json.dumps({**character, "imported": imported}, ensure_ascii=False, indent=2),
    )
    if card.book is not None:
        char = card.nickname or card.character.name
        book = told_book(card.book, char, USER[card_language(card)])
        yield book_item(book, card.character.name)


def book_item(book: Lorebook, name: str) -> LibraryItem:
    """A lorebook in the library's text form; ``name`` if it has none itself.

    An empty one: it is called after the file."""
    return LibraryItem(
        kind="lorebook",
        name=(book.name or name)[:NAME],
        content=json.dumps(msgspec.to_builtins(book), ensure_ascii=False, indent=2),
    )
