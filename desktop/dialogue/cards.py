"""The people of a room as a model is told about them, and who knows which secret."""

from collections.abc import Iterator

from desktop.dialogue.quoting import inline, quoted
from desktop.dialogue.segments import Omission, Segment, section
from desktop.dialogue.table import Table
from desktop.protocol.models import Relation, Secret
from desktop.protocol.spoken import Part


def people_sections(table: Table) -> Iterator[Segment]:
    """My character, the characters, their secrets. Everything written about them is quoted."""
    texts = table.texts
    yield section("me", texts.heading_me, _about_me(table), "stage.me")
    if table.parts:
        cards = "\n\n".join(_card(table, part) for part in table.parts)
        yield section("characters", texts.heading_characters, cards, "stage.characters")
    if table.others:
        told = "\n\n".join((texts.others, *(_face(table, part) for part in table.others)))
        yield section("others", texts.heading_others, told, "voice.others")
    if secrets := [_secret(table, *one) for one in _secrets(table)]:
        rule = texts.hidden_rule
        if table.kind == "ai":
            rule += "\n" + texts.hidden_narrator
        told = "\n\n".join((rule, *secrets))
        yield section("secrets", texts.heading_secrets, told, "stage.secrets")


def people_omissions(table: Table) -> Iterator[Omission]:
    """The characters who are not in the prompt."""
    seated = {part.character.id for part in table.everyone}
    absent = [one for one in table.stage.characters if one.id not in seated]
    for reason, enabled in (("character.disabled", False), ("character.one_to_one", True)):
        if names := tuple(table.tag_by_id(one.id) for one in absent if one.enabled == enabled):
            yield Omission(kind="characters", reason_code=reason, names=names)


def _about_me(table: Table) -> str:
    about = quoted(table.stage.me.description)
    return f"[{table.me}]\n{about}" if about else f"[{table.me}]"


def _card(table: Table, part: Part) -> str:
    one, texts = part.character, table.texts
    relations = [told for relation in one.relations if (told := _relation(table, relation))]
    fields = (
        (texts.aliases, [", ".join(filter(None, map(inline, one.aliases)))]),
        (texts.line, [one.line]),
        (texts.description, [one.description]),
        (texts.speech, [one.speech]),
        (texts.examples, list(one.examples)),
        (texts.relations, relations),
    )
    lines = [f"[{part.tag}]"]
    for label, entries in fields:
        if blocks := [block for entry in entries if (block := quoted(entry))]:
            lines += [f"- {label}:", *blocks]
    return "\n".join(lines)


def _face(table: Table, part: Part) -> str:
    """What others at the table can know of somebody: no manner of speech, ties or secrets."""
    one, texts = part.character, table.texts
    fields = (
        (texts.aliases, ", ".join(filter(None, map(inline, one.aliases)))),
        (texts.line, one.line),
        (texts.description, one.description),
    )
    lines = [f"[{part.tag}]"]
    for label, entry in fields:
        if block := quoted(entry):
            lines += [f"- {label}:", block]
    return "\n".join(lines)


def _relation(table: Table, relation: Relation) -> str:
    text, other = inline(relation.text), table.tag_by_id(relation.to)
    return f"{other}: {text}" if text and other else text


def _secrets(table: Table) -> Iterator[tuple[Part, Secret]]:
    """Those the voice knows: its own, what it was let in on, and all of them if it narrates."""
    mine = {part.character.id for part in table.parts}
    for part in table.everyone:
        own = part.character.id in mine or (table.kind == "ai" and not table.elsewhere)
        for secret in part.character.secrets:
            if quoted(secret.text) and (own or not mine.isdisjoint(secret.known_by)):
                yield part, secret


def _secret(table: Table, owner: Part, secret: Secret) -> str:
    everyone = [(part.character.id, part.tag) for part in table.everyone] + [("me", table.me)]
    knowing = [tag for one, tag in everyone if one == owner.character.id or one in secret.known_by]
    unknowing = [tag for one, tag in everyone if tag not in knowing]
    lines = [table.texts.hidden.format(owner=owner.tag)]
    lines.append(f"- {table.texts.hidden_known}: {_listed(knowing)}")
    if unknowing:
        lines.append(f"- {table.texts.hidden_unknown}: {_listed(unknowing)}")
    return "\n".join((*lines, quoted(secret.text)))


def _listed(tags: list[str]) -> str:
    return ", ".join(f"[{tag}]" for tag in tags)
