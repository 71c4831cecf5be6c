"""Lorebooks as character cards have them: ``character_book`` and ``lorebook_v3``."""

from msgspec.structs import replace

from desktop.formats.lore import entry_fields as shared
from desktop.formats.lore.decorators import Decorated, undecorated
from desktop.formats.lore.origin import (
    OURS,
    book_again,
    entry_again,
    foreign_rest,
    origin_of,
    remembered,
)
from desktop.formats.remarks import NAME, PROSE, Remarks
from desktop.formats.strange_json import Object, fields, number, objects, text, whole, yes
from desktop.protocol.lore import Entry, KeyMatch, Lorebook, LorePosition

_PLAIN_MATCH: KeyMatch = "word"
_HONOURED = {
    "depth", "role", "scan_depth", "position", "activate", "dont_activate", "additional_keys",
    "exclude_keys", "activate_only_after",
}  # fmt: skip
_EXTENSIONS = {
    "position", "depth", "selectiveLogic", "probability", "useProbability", "exclude_recursion",
    "prevent_recursion", "delay_until_recursion", "group", "group_weight", "scan_depth",
    "case_sensitive", "match_whole_words", "sticky", "cooldown", "delay",
}  # fmt: skip


def read_book(said: Object, remarks: Remarks) -> Lorebook:
    """A book with its entries; ids are counted from 1 where they are missing or double."""
    found = [_read_entry(one, at, remarks) for at, one in enumerate(objects(said.get("entries")))]
    return replace(_read_shell(said, remarks), entries=with_own_ids(found))


def write_book(book: Lorebook) -> Object:
    """``character_book``, or what stands under ``data`` of a ``lorebook_v3``."""
    entries = [_entry_again(one) for one in book.entries]
    shell = book_again(book, "card", _read_shell, _write_shell)
    return {**shell, "entries": entries}


def with_own_ids(entries: list[Entry]) -> tuple[Entry, ...]:
    """Entries that differ in their ids, which the activation needs."""
    taken: set[str] = set()
    told = []
    for at, entry in enumerate(entries):
        own = entry.id if entry.id and entry.id not in taken else f"e{at + 1}"
        while own in taken:
            own += "x"
        taken.add(own)
        told.append(replace(entry, id=own))
    return tuple(told)


def _read_shell(said: Object, remarks: Remarks) -> Lorebook:
    rest = {key: value for key, value in said.items() if key != "entries"}
    where = text(said.get("name"))
    extensions = fields(said.get("extensions"))
    return Lorebook(
        id="new",
        name=remarks.cut(where.strip(), NAME, where),
        description=remarks.cut(text(said.get("description")), PROSE, where),
        enabled=fields(extensions.get(OURS)).get("enabled") is not False,
        scan_depth=whole(said.get("scan_depth"), 4),
        token_budget=_budget(said.get("token_budget")),
        recursive=yes(said.get("recursive_scanning")),
        extensions=remembered(foreign_rest(extensions), "card", rest),
    )


def _budget(value: object) -> int | None:
    return whole(value, 0) if number(value) > 0 else None


def _write_shell(book: Lorebook) -> Object:
    extensions = foreign_rest(book.extensions)
    if not book.enabled:
        extensions[OURS] = {"enabled": False}
    told: Object = {
        "name": book.name,
        "description": book.description,
        "scan_depth": book.scan_depth,
        "recursive_scanning": book.recursive,
        "extensions": extensions,
    }
    if book.token_budget is not None:
        told["token_budget"] = book.token_budget
    return told


def _read_entry(said: Object, _at: int, remarks: Remarks) -> Entry:
    more = fields(said.get("extensions"))
    where = text(said.get("name")) or text(said.get("comment"))
    content = undecorated(text(said.get("content")))
    for name in content.told.keys() - _HONOURED:
        remarks.say("changed", "lore_decorator", name)
    rest = {key: value for key, value in foreign_rest(more).items() if key not in _EXTENSIONS}
    if (role := content.told.get("role", "").strip()) in shared.ROLES:
        rest["role"] = shared.ROLES.index(role)
    constant = yes(said.get("constant")) or "activate" in content.told
    return Entry(
        id=text(said.get("id"))[:64],
        name=remarks.cut(where.strip(), NAME, where),
        content=remarks.cut(content.text, PROSE, where),
        use_regex=yes(said.get("use_regex")),
        case_sensitive=yes(said.get("case_sensitive"), yes(more.get("case_sensitive"))),
        constant=constant,
        enabled=yes(said.get("enabled"), True) and "dont_activate" not in content.told,
        order=shared.order(said.get("insertion_order")),
        priority=shared.order(said.get("priority"), 0),
        extensions=remembered(rest, "card", said),
        **_keys(said, more, content, where, remarks),
        **_timing(more, content),
        **_placing(said, more, content, where, remarks),
        **shared.ours_of(more, _PLAIN_MATCH),
    )


def _keys(said: Object, more: Object, told: Decorated, where: str, remarks: Remarks) -> Object:
    found = shared.keys(said.get("keys"), where, remarks) + told.listed("additional_keys")
    secondary: tuple[str, ...] = ()
    if yes(said.get("selective")):
        # Some programs write SillyTavern's own name here.
        listed = said.get("secondary_keys") or said.get("keysecondary")
        secondary = shared.keys(listed, where, remarks)
    logic = shared.logic(more.get("selectiveLogic"))
    if not secondary and (excluded := told.listed("exclude_keys")):
        secondary, logic = excluded, "not_any"
    return {"keys": found, "secondary_keys": secondary, "logic": logic}


def _timing(more: Object, told: Decorated) -> Object:
    chance = whole(more.get("probability"), 100, 0, 100)
    return {
        "probability": chance if yes(more.get("useProbability"), True) else 100,
        "sticky": whole(more.get("sticky"), 0),
        "cooldown": whole(more.get("cooldown"), 0),
        "delay": whole(more.get("delay"), told.numbered("activate_only_after") or 0),
        "exclude_recursion": yes(more.get("exclude_recursion")),
        "prevent_recursion": yes(more.get("prevent_recursion")),
        "delay_until_recursion": yes(more.get("delay_until_recursion")),
    }


def _placing(said: Object, more: Object, told: Decorated, where: str, remarks: Remarks) -> Object:
    usual: LorePosition = (
        "after_characters" if said.get("position") == "after_char" else "before_characters"
    )
    position = shared.place(more.get("position"), usual, where, remarks)
    depth = told.numbered("depth")
    if depth is not None:
        position = "at_depth"
    elif told.told.get("position") in ("after_desc", "before_desc"):
        after = told.told["position"] == "after_desc"
        position = "after_characters" if after else "before_characters"
    scanned = told.numbered("scan_depth")
    return {
        "position": position,
        "depth": whole(more.get("depth"), 4) if depth is None else depth,
        "scan_depth": shared.some(more.get("scan_depth")) if scanned is None else scanned,
        "group": remarks.cut(text(more.get("group")).strip(), NAME, where),
        "weight": whole(more.get("group_weight"), 100, 1),
    }


def _entry_again(entry: Entry) -> Object:
    """As it was read, with what was changed since; decorators stay if they still tell the truth."""
    told = entry_again(entry, "card", _read_entry, _write_entry)
    said = origin_of(entry.extensions, "card")
    if said is None:
        return told
    # Of its own where it is more than the name again.
    comment: Object = {}
    if "comment" in said and said["comment"] != said.get("name"):
        comment = {"comment": said["comment"]}
    told = {**told, **comment}
    old = undecorated(text(said.get("content")))
    if told == said or not old.told:
        return told
    now, before = _write_entry(entry), _write_entry(_read_entry(said, 0, Remarks()))
    same = all(now[key] == before[key] for key in now if key not in ("content", "name", "id"))
    kept = old.head if same else old.unhonoured(_HONOURED)
    if not same:
        told = {**told, **now, **comment}
    return {**told, "content": kept + entry.content}


def _write_entry(entry: Entry) -> Object:
    more: Object = {
        **foreign_rest(entry.extensions),
        "position": shared.place_number(entry),
        "depth": entry.depth,
        "selectiveLogic": shared.LOGICS.index(entry.logic),
        "probability": entry.probability,
        "useProbability": True,
        "exclude_recursion": entry.exclude_recursion,
        "prevent_recursion": entry.prevent_recursion,
        "delay_until_recursion": entry.delay_until_recursion,
        "group": entry.group,
        "group_weight": entry.weight,
        "scan_depth": entry.scan_depth,
        "sticky": entry.sticky,
        "cooldown": entry.cooldown,
        "delay": entry.delay,
    }
    if ours := shared.ours_out(entry, _PLAIN_MATCH):
        more[OURS] = ours
    after = entry.position == "after_characters"
    return {
        "keys": list(entry.keys),
        "secondary_keys": list(entry.secondary_keys),
        "selective": bool(entry.secondary_keys),
        "content": entry.content,
        "extensions": more,
        "enabled": entry.enabled,
        "insertion_order": entry.order,
        "case_sensitive": entry.case_sensitive,
        "use_regex": entry.use_regex,
        "constant": entry.constant,
        "name": entry.name,
        "comment": entry.name,
        "priority": entry.priority,
        "id": entry.id,
        "position": "after_char" if after else "before_char",
    }
