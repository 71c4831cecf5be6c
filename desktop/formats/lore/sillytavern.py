"""SillyTavern's World Info files."""

import re

from msgspec.structs import replace

from desktop.formats.lore import entry_fields as shared
from desktop.formats.lore.card_book import with_own_ids
from desktop.formats.lore.origin import (
    OURS,
    book_again,
    entry_again,
    foreign_rest,
    remembered,
)
from desktop.formats.remarks import NAME, PROSE, Remarks
from desktop.formats.strange_json import Object, fields, objects, text, whole, yes
from desktop.protocol.lore import Entry, KeyMatch, Lorebook

_ROLE = "role"


def read_world(said: Object, name: str, remarks: Remarks) -> Lorebook:
    """A world; ``name`` is that of its file, which is where SillyTavern keeps it.

    SillyTavern counts sticky, cooldown and delay in messages, we in turns; the numbers stay.
    """
    found = [_read_entry(one, at, remarks) for at, one in enumerate(objects(said.get("entries")))]
    shell = _read_shell(said, remarks)
    return replace(shell, name=shell.name or name[:NAME], entries=with_own_ids(found))


def write_world(book: Lorebook) -> Object:
    shell = book_again(book, "sillytavern", _read_shell, _write_shell)
    entries: Object = {}
    used: set[int] = set()
    for at, one in enumerate(book.entries):
        told = entry_again(one, "sillytavern", _read_entry, _write_entry)
        uid = whole(told.get("uid"), at, 0, 1_000_000_000)
        while uid in used:
            uid += 1
        used.add(uid)
        if not isinstance(told.get("uid"), int) or told["uid"] != uid:
            told = {**told, "uid": uid}
        told.setdefault("displayIndex", at)
        entries[str(uid)] = told
    return {**shell, "entries": entries}


def _read_shell(said: Object, remarks: Remarks) -> Lorebook:
    rest = {key: value for key, value in said.items() if key != "entries"}
    extensions = fields(said.get("extensions"))
    ours = fields(extensions.get(OURS))
    name = text(said.get("name"))
    # The program keeps these two in its own settings; what stands here is ours, or a card's.
    return Lorebook(
        id="new",
        name=remarks.cut(name.strip(), NAME, name),
        description=remarks.cut(text(said.get("description")), PROSE, name),
        enabled=ours.get("enabled") is not False,
        scan_depth=whole(ours.get("scan_depth"), 4),
        token_budget=None if ours.get("token_budget") is None else whole(ours["token_budget"], 0),
        recursive=yes(ours.get("recursive"), True),
        extensions=remembered(foreign_rest(extensions), "sillytavern", rest),
    )


def _write_shell(book: Lorebook) -> Object:
    ours: Object = {"recursive": book.recursive, "scan_depth": book.scan_depth}
    if not book.enabled:
        ours["enabled"] = False
    if book.token_budget is not None:
        ours["token_budget"] = book.token_budget
    return {
        "name": book.name,
        "description": book.description,
        "extensions": {**foreign_rest(book.extensions), OURS: ours},
    }


def _usual_match(said: Object) -> KeyMatch:
    return "partial" if said.get("matchWholeWords") is False else "word"


def _read_entry(said: Object, _at: int, remarks: Remarks) -> Entry:
    where = text(said.get("comment"))
    return Entry(
        id=text(said.get("uid"))[:64],
        name=remarks.cut(where.strip(), NAME, where),
        content=remarks.cut(text(said.get("content")), PROSE, where),
        logic=shared.logic(said.get("selectiveLogic")),
        case_sensitive=yes(said.get("caseSensitive")),
        constant=yes(said.get("constant")),
        enabled=not yes(said.get("disable")),
        order=shared.order(said.get("order")),
        scan_depth=shared.some(said.get("scanDepth")),
        position=shared.place(said.get("position"), "before_characters", where, remarks),
        depth=whole(said.get("depth"), 4),
        group=remarks.cut(text(said.get("group")).strip(), NAME, where),
        weight=whole(said.get("groupWeight"), 100, 1),
        extensions=_extensions(said),
        **_keys(said, where, remarks),
        **_timing(said),
        **shared.ours_of(said.get("extensions"), _usual_match(said)),
        **_priority(said),
    )


def _is_pattern(key: str) -> bool:
    return re.fullmatch(r"/.+/[a-z]*", key, re.DOTALL) is not None


def _keys(said: Object, where: str, remarks: Remarks) -> Object:
    """SillyTavern tells patterns from words key by key, we entry by entry: where there is one
    pattern, the words become patterns that find just them."""
    keys = shared.keys(said.get("key"), where, remarks)
    secondary: tuple[str, ...] = ()
    if yes(said.get("selective"), True):
        listed = said.get("keysecondary") or said.get("secondary_keys")
        secondary = shared.keys(listed, where, remarks)
    patterns = any(map(_is_pattern, (*keys, *secondary)))
    if patterns:
        keys, secondary = tuple(map(_pattern, keys)), tuple(map(_pattern, secondary))
    return {"keys": keys, "secondary_keys": secondary, "use_regex": patterns}


def _pattern(key: str) -> str:
    return key if _is_pattern(key) else re.escape(key)


def _slashed(entry: Entry, keys: tuple[str, ...]) -> list[str]:
    if not entry.use_regex:
        return list(keys)
    flags = "" if entry.case_sensitive else "i"
    return [key if _is_pattern(key) else f"/{key}/{flags}" for key in keys]


def _extensions(said: Object) -> Object:
    return remembered(foreign_rest(fields(said.get("extensions"))), "sillytavern", said)


def _priority(said: Object) -> Object:
    ours = fields(fields(said.get("extensions")).get(OURS))
    return {"priority": shared.order(ours.get("priority"), 0)}


def _timing(said: Object) -> Object:
    chance = whole(said.get("probability"), 100, 0, 100)
    return {
        "probability": chance if yes(said.get("useProbability"), True) else 100,
        "sticky": whole(said.get("sticky"), 0),
        "cooldown": whole(said.get("cooldown"), 0),
        "delay": whole(said.get("delay"), 0),
        "exclude_recursion": yes(said.get("excludeRecursion")),
        "prevent_recursion": yes(said.get("preventRecursion")),
        "delay_until_recursion": yes(said.get("delayUntilRecursion")),
    }


def _write_entry(entry: Entry) -> Object:
    rest = foreign_rest(entry.extensions)
    role = rest.pop(_ROLE, None)
    ours = shared.ours_out(entry, "partial" if entry.match == "partial" else "word")
    if entry.priority:
        ours["priority"] = entry.priority
    if ours:
        rest[OURS] = ours
    told: Object = {
        "uid": int(entry.id) if entry.id.isascii() and entry.id.isdigit() else None,
        "key": _slashed(entry, entry.keys),
        "keysecondary": _slashed(entry, entry.secondary_keys),
        "comment": entry.name,
        "content": entry.content,
        "constant": entry.constant,
        "vectorized": False,
        "selective": True,
        "selectiveLogic": shared.LOGICS.index(entry.logic),
        "addMemo": bool(entry.name),
        "order": entry.order,
        "position": shared.place_number(entry),
        "disable": not entry.enabled,
        "excludeRecursion": entry.exclude_recursion,
        "preventRecursion": entry.prevent_recursion,
        "delayUntilRecursion": entry.delay_until_recursion,
        "probability": entry.probability,
        "useProbability": True,
        "depth": entry.depth,
        "group": entry.group,
        "groupOverride": False,
        "groupWeight": entry.weight,
        "scanDepth": entry.scan_depth,
        "caseSensitive": entry.case_sensitive,
        "matchWholeWords": entry.match != "partial",
        "useGroupScoring": None,
        "automationId": "",
        "role": role,
        "sticky": entry.sticky,
        "cooldown": entry.cooldown,
        "delay": entry.delay,
    }
    return {**told, "extensions": rest} if rest else told
