"""What a card says of its character, and our character said as a card."""

import re
from typing import Any

from msgspec.structs import replace

from desktop.formats.card.persona_chat import ours_in, ours_out
from desktop.formats.lore.card_book import read_book, write_book
from desktop.formats.merging import written_over
from desktop.formats.parts import CardPart, Unreadable
from desktop.formats.remarks import LINE, NAME, PROSE, Remarks
from desktop.formats.strange_json import Object, fields, text, texts
from desktop.protocol.models import Character

_EXAMPLES = 40
_SPEAKER = re.compile(r"\{\{(char|user)\}\}:[^\S\n]*|([^\n:{}<>]{1,60}):[^\S\n]", re.IGNORECASE)
_START = re.compile(r"^<START>[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
ROOT = "card"
"""Under this key of a card's ``extra`` stands everything its file said, but for the book."""
_V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")


def looks_like_card(root: Object) -> bool:
    """A card by its marker, or flat, as the first ones were."""
    if isinstance(root.get("spec"), str) and root["spec"].startswith("chara_card"):
        return isinstance(root.get("data"), dict)
    # Some programs wrote {"name": …, "data": {…}} without a marker.
    data = fields(root.get("data"))
    inner = data if "name" in data else root
    return "name" in inner and any(key in inner for key in _V1[1:])


def read_card(root: Object, remarks: Remarks, picture: str = "") -> CardPart:
    """Raises ``Unreadable`` (``not_known``). Nothing in it is run, nothing is fetched."""
    if not looks_like_card(root):
        raise Unreadable("not_known", "card")
    data = _data(root)
    name = text(data.get("name")).strip() or text(root.get("name")).strip()
    if not name:
        remarks.say("changed", "no_name")
    book = data.get("character_book")
    said = _without_book(root)
    greetings = tuple(
        remarks.cut(one, PROSE, name)
        for one in (text(data.get("first_mes")), *texts(data.get("alternate_greetings")))
    )
    return CardPart(
        character=_character(data, name or "?", remarks),
        nickname=remarks.cut(text(data.get("nickname")).strip(), NAME, name),
        scenario=remarks.cut(text(data.get("scenario")), PROSE, name),
        greetings=greetings,
        group_greetings=texts(data.get("group_only_greetings")),
        book=read_book(book, remarks) if isinstance(book, dict) else None,
        picture=picture,
        extra={ROOT: said},
    )


def write_card(card: CardPart, version: int = 3) -> Object:
    """The JSON of a card in version 1, 2 or 3, with all that its file said and nobody changed.

    Into its own version a card goes as it came; another one gets the fields that it must have.
    """
    said = fields(card.extra.get(ROOT))
    extensions = fields(_data(said).get("extensions"))
    now = data = _write_data(card, extensions)
    if said:
        kept = read_card(said, Remarks(), card.picture)
        same = replace(kept, character=replace(kept.character, id=card.character.id))
        data = fields(written_over(_data(said), _write_data(same, extensions), now))
        if version_of(said) != version:
            data = {**now, **data}
    if card.book is not None:
        data = {**data, "character_book": write_book(card.book)}
    if version > 1:
        return _rooted(said, data, version)
    return data if said and version_of(said) == 1 else {key: data[key] for key in _V1}


def version_of(root: Object) -> int:
    """1 for a flat card, else the number in its marker; 3 for those that are newer."""
    if _data(root) is root:
        return 1
    found = re.search(r"v([0-9]{1,3})$", text(root.get("spec")))
    return min(3, max(2, int(found[1]))) if found else 2


def _rooted(said: Object, data: Object, version: int) -> Object:
    spec, number = f"chara_card_v{version}", f"{version}.0"
    if version == 2:
        data = {key: value for key, value in data.items() if key not in _ONLY_V3}
    mirrors = {}
    if said and version_of(said) > 1:
        mirrors = {key: value for key, value in said.items() if key != "data"}
        for key in _V1:
            # SillyTavern repeats the first version's fields beside the data.
            if key in mirrors and key in data and mirrors[key] != data[key]:
                mirrors[key] = data[key]
        if said.get("spec") == spec and "spec_version" in said:
            number = said["spec_version"]
    return {**mirrors, "spec": spec, "spec_version": number, "data": data}


_ONLY_V3 = {
    "assets", "nickname", "creator_notes_multilingual", "source", "group_only_greetings",
    "creation_date", "modification_date",
}  # fmt: skip


def _data(root: Object) -> Object:
    data = root.get("data")
    if isinstance(data, dict) and ("name" in data or "spec" in root):
        return data
    return root


def _without_book(root: Object) -> Object:
    if _data(root) is root:
        return {key: value for key, value in root.items() if key != "character_book"}
    data = {key: value for key, value in _data(root).items() if key != "character_book"}
    return {**root, "data": data}


def _character(data: Object, name: str, remarks: Remarks) -> Character:
    description, line = text(data.get("description")), text(data.get("personality"))
    if len(line) > LINE:
        description, line = f"{description}\n\n{line}".strip(), ""
    ours = ours_in(fields(data.get("extensions")), remarks)
    examples = spoken_examples(text(data.get("mes_example")), name)
    if len(examples) > _EXAMPLES:
        remarks.say("changed", "too_many_examples", name, len(examples) - _EXAMPLES)
    told: dict[str, Any] = {
        "id": "new",
        "name": remarks.cut(" ".join(name.split()) or "?", NAME, name),
        "line": line,
        "description": remarks.cut(description, PROSE, name),
        "examples": tuple(remarks.cut(one, LINE, name) for one in examples[:_EXAMPLES]),
    }
    nickname = text(data.get("nickname")).strip()[:NAME]
    aliases = tuple(ours.pop("aliases", ()))
    if nickname and nickname != told["name"] and nickname not in aliases:
        aliases = (nickname, *aliases)
    return Character(**{**told, "aliases": aliases, **ours})


def spoken_examples(written: str, name: str) -> tuple[str, ...]:
    """What the character says in ``mes_example``, without those it answers."""
    found = []
    for block in _START.split(written):
        speeches: list[list[str]] = []
        for line in block.strip("\n").split("\n"):
            speaker = _SPEAKER.match(line)
            if speaker:
                who = (speaker[1] or speaker[2]).lower()
                mine = who == "char" or (speaker[2] or "").strip() == name
                speeches.append([line[speaker.end() :]] if mine else [])
                if not mine:
                    speeches.append([])
            elif speeches and speeches[-1]:
                speeches[-1].append(line)
        found += ["\n".join(one).strip() for one in speeches if one]
    return tuple(one for one in found if one)


def _write_data(card: CardPart, extensions: Object) -> Object:
    one = card.character
    told: Object = {
        "name": one.name,
        "description": one.description,
        "personality": one.line,
        "scenario": card.scenario,
        "first_mes": card.greetings[0] if card.greetings else "",
        "mes_example": "\n".join(f"<START>\n{{{{char}}}}: {said}" for said in one.examples),
        "creator_notes": "",
        "system_prompt": "",
        "post_history_instructions": "",
        "alternate_greetings": list(card.greetings[1:]),
        "tags": [],
        "creator": "",
        "character_version": "",
        "extensions": {**extensions, **ours_out(card, extensions)},
        "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}],
        "source": [],
        "group_only_greetings": list(card.group_greetings),
    }
    if card.nickname:
        told["nickname"] = card.nickname
    return told
