"""RisuAI's lorebooks: keys as one text with commas, folders as entries of their own."""

from msgspec.structs import replace

from desktop.formats.lore import entry_fields as shared
from desktop.formats.lore.card_book import with_own_ids
from desktop.formats.lore.decorators import undecorated
from desktop.formats.lore.origin import OURS, entry_again, foreign_rest, remembered
from desktop.formats.remarks import NAME, PROSE, Remarks
from desktop.formats.strange_json import Object, fields, objects, text, yes
from desktop.protocol.lore import Entry, KeyMatch, Lorebook

_PLAIN_MATCH: KeyMatch = "partial"
_OURS = (
    "logic", "case_sensitive", "priority", "probability", "sticky", "cooldown", "delay",
    "exclude_recursion", "prevent_recursion", "delay_until_recursion", "scan_depth", "position",
    "depth", "group", "weight",
)  # fmt: skip
"""Ours that Risu has no field for: beside what an entry is by default."""


def read_entries(found: object, name: str, remarks: Remarks) -> Lorebook:
    """A book of what lies in ``data`` of a file or in a chat's ``localLore``.

    Risu finds keys anywhere in a text and does not mind spaces, so these entries do the same.
    """
    entries = [_read_entry(one, at, remarks) for at, one in enumerate(objects(found))]
    return Lorebook(id="new", name=name[:NAME], entries=with_own_ids(entries))


def write_entries(book: Lorebook) -> list[Object]:
    return [entry_again(one, "risu", _read_entry, _write_entry) for one in book.entries]


def read_file(said: Object, name: str, remarks: Remarks) -> Lorebook:
    rest = {key: value for key, value in said.items() if key != "data"}
    ours = fields(fields(said.get("extensions")).get(OURS))
    book = read_entries(said.get("data"), text(ours.get("name")) or name, remarks)
    return replace(book, extensions=remembered({}, "risu", rest))


def write_file(book: Lorebook) -> Object:
    said = fields(fields(book.extensions.get("imported")).get("fields"))
    rest = said if said.get("type") == "risu" else {}
    return {"type": "risu", "ver": 1, **rest, "data": write_entries(book)}


def _read_entry(said: Object, _at: int, remarks: Remarks) -> Entry:
    where = text(said.get("comment"))
    mode = text(said.get("mode"))
    told = undecorated(text(said.get("content")))
    for name in told.told:
        remarks.say("changed", "lore_decorator", name)
    extensions = fields(said.get("extensions"))
    secondary = said.get("secondkey") or said.get("secondary_keys")
    return Entry(
        id=text(said.get("id"))[:64],
        name=remarks.cut(where.strip(), NAME, where),
        content=remarks.cut(told.text, PROSE, where),
        keys=shared.keys(said.get("key"), where, remarks),
        secondary_keys=shared.keys(secondary, where, remarks) if yes(said.get("selective")) else (),
        use_regex=yes(said.get("useRegex")),
        constant=yes(said.get("alwaysActive")) or mode == "constant",
        # A folder is no lore: it is kept, and tells nothing.
        enabled=mode != "folder" and extensions.get("disabled") is not True,
        order=shared.order(said.get("insertorder")),
        extensions=remembered(foreign_rest(extensions), "risu", said),
        **{
            **shared.ours_of({OURS: {"ignore_spaces": True}}, _PLAIN_MATCH),
            **_ours_of(extensions),
        },
    )


def _ours_of(extensions: Object) -> Object:
    """What we wrote there ourselves; a value that does not fit is as if it were not there."""
    said = fields(extensions.get(OURS))
    if not said:
        return {}
    found = shared.ours_of(extensions, _PLAIN_MATCH)
    usual = Entry(id="usual")
    for name in _OURS:
        if name in said and shared.fits(name, said[name]):
            found[name] = said[name]
        else:
            found[name] = getattr(usual, name)
    return found


def _write_entry(entry: Entry) -> Object:
    usual = Entry(id="usual")
    ours = shared.ours_out(entry, _PLAIN_MATCH)
    for name in _OURS:
        if (value := getattr(entry, name)) != getattr(usual, name):
            ours[name] = value
    extensions = foreign_rest(entry.extensions)
    if not entry.ignore_spaces:
        ours["ignore_spaces"] = False
    elif list(ours) == ["ignore_spaces"]:
        # Risu's own way, which needs no word of ours.
        ours = {}
    if ours:
        extensions[OURS] = ours
    told: Object = {
        "key": ", ".join(entry.keys),
        "secondkey": ", ".join(entry.secondary_keys),
        "selective": bool(entry.secondary_keys),
        "insertorder": entry.order,
        "comment": entry.name,
        "content": entry.content,
        "mode": "constant" if entry.constant else "normal",
        "alwaysActive": entry.constant,
        "useRegex": entry.use_regex,
        "folder": "",
    }
    if not entry.enabled:
        extensions["disabled"] = True
    return {**told, "extensions": extensions} if extensions else told
