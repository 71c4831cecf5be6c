"""What is laid into a library folder by the tests, and what is found there."""

from pathlib import Path

import msgspec

from desktop.protocol.base import UtcMs
from desktop.protocol.library import (
    CharacterContents,
    Contents,
    LibraryEntry,
    LibraryKind,
    LoreContents,
    PersonaContents,
    StageContents,
    TextContents,
)
from desktop.protocol.lore import Entry, Lorebook
from desktop.protocol.models import Character, Narrator, Persona, Relation, Secret, Stage
from desktop.store.library import LibraryFolder

NOW = UtcMs(1_767_225_600_000)
FOG = TextContents(text="안개\n\n- 종소리")
HARU = Character(
    id="new",
    name="하루",
    aliases=("우체부",),
    line="한 줄",
    description="설명\n둘째",
    speech="해요체",
    examples=("응.",),
    relations=(Relation(to="me", text="친구"),),
    secrets=(Secret(text="비밀", known_by=("me",)),),
    dye="gam",
)
STAGE = Stage(
    language="ja",
    world="세계",
    me=Persona(name="나", description="여행자"),
    narrator=Narrator(kind="me", level="passive", drive="direct", description="조용히"),
    characters=(msgspec.structs.replace(HARU, id="haru"),),
    provider="claude",
    model="some-model",
    window=None,
    retention=True,
    conversation="one_to_one_scene",
    choices=4,
    output="more",
    pace="slow",
    separation=True,
)
EVERY: tuple[tuple[LibraryKind, Contents], ...] = (
    ("world", FOG),
    ("situation", FOG),
    ("npc", FOG),
    ("my_character", PersonaContents(persona=Persona(name="문하루", description="열일곱\n살"))),
    ("character_template", CharacterContents(character=HARU)),
    ("preset", StageContents(stage=STAGE)),
    (
        "lorebook",
        LoreContents(
            book=Lorebook(id="b", name="책", entries=(Entry(id="e", keys=("등대",), content="불"),))
        ),
    ),
)


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def put(library: LibraryFolder, file: str, text: str | bytes) -> Path:
    path = library.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def only(library: LibraryFolder) -> LibraryEntry:
    (entry,) = library.entries()
    return entry


def save(library: LibraryFolder, entry: LibraryEntry, contents: Contents, stamp: str) -> object:
    return library.save(entry.kind, entry.name, contents, entry.file, stamp, NOW)
