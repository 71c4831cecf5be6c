"""Lorebooks: every field of three formats, in, across and out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desktop.formats.card.room import book_item
from desktop.formats.lore.decorators import undecorated
from desktop.formats.lore.files import book_of
from desktop.formats.parts import AnyPart, CardPart, LibraryItem
from desktop.protocol.lore import Entry, Lorebook
from desktop.protocol.models import Character
from tests.formats import independent
from tests.formats.reading import read, read_as, remarks, sample, sample_json, the, write_as

SAMPLES = {
    "lore_card": "lorebook_v3.json",
    "lore_sillytavern": "st_worldinfo.json",
    "lore_risu": "risu_lorebook.json",
}
CHECKS = {
    "lore_card": lambda root: independent.assert_book(root["data"]),
    "lore_sillytavern": independent.assert_world,
    "lore_risu": independent.assert_risu_book,
}


def book(parts: list[AnyPart]) -> Lorebook:
    return book_of(the(LibraryItem, parts))


@pytest.mark.parametrize("format_id", SAMPLES)
def test_a_book_comes_out_as_it_went_in(format_id: str) -> None:
    name = SAMPLES[format_id]
    made = json.loads(write_as(format_id, read(sample(name), name)))
    wanted = sample_json(name)
    if format_id == "lore_sillytavern":
        # The name of the book and what only we know stand beside the entries.
        made = {"entries": made["entries"]}
    assert made == wanted


def test_every_field_of_a_sillytavern_entry_is_read() -> None:
    (entry,) = book(read(sample("st_worldinfo.json"), "world.json")).entries
    assert entry.name == "등대 지하"
    assert entry.content == "등대 지하에는 잠긴 문이 있다."
    assert entry.keys == ("등대", "/등대(지기)?/i")
    assert entry.use_regex
    assert entry.secondary_keys == ("지하",)
    assert (entry.position, entry.depth, entry.order) == ("at_depth", 4, 100)
    assert (entry.sticky, entry.cooldown, entry.delay) == (3, 0, 0)
    said = sample_json("st_worldinfo.json")["entries"]["0"]
    assert entry.extensions["imported"] == {"format": "sillytavern", "fields": said}


def test_every_field_of_a_risu_entry_is_read() -> None:
    (entry,) = book(read(sample("risu_lorebook.json"), "lore.json")).entries
    assert entry.keys == ("등대", "등대지기")
    assert entry.secondary_keys == ("지하",)
    assert (entry.match, entry.ignore_spaces) == ("partial", True)
    assert (entry.name, entry.content, entry.order) == ("등대 지하", "잠긴 문이 있다.", 100)


@pytest.mark.parametrize(
    ("there", "ours"),
    [
        ({"selectiveLogic": 1}, {"logic": "not_all"}),
        ({"selectiveLogic": 2}, {"logic": "not_any"}),
        ({"selectiveLogic": 3}, {"logic": "and_all"}),
        ({"constant": True}, {"constant": True}),
        ({"disable": True}, {"enabled": False}),
        ({"order": 7}, {"order": 7}),
        ({"position": 0}, {"position": "before_characters"}),
        ({"position": 1}, {"position": "after_characters"}),
        ({"position": 4, "depth": 9}, {"position": "at_depth", "depth": 9}),
        ({"probability": 30}, {"probability": 30}),
        ({"probability": 30, "useProbability": False}, {"probability": 100}),
        ({"group": "문", "groupWeight": 40}, {"group": "문", "weight": 40}),
        ({"sticky": 2, "cooldown": 3, "delay": 4}, {"sticky": 2, "cooldown": 3, "delay": 4}),
        ({"sticky": None, "cooldown": None, "delay": None}, {"sticky": 0, "cooldown": 0}),
        ({"excludeRecursion": True}, {"exclude_recursion": True}),
        ({"preventRecursion": True}, {"prevent_recursion": True}),
        ({"delayUntilRecursion": 1}, {"delay_until_recursion": True}),
        ({"scanDepth": 2}, {"scan_depth": 2}),
        ({"caseSensitive": True}, {"case_sensitive": True}),
        ({"matchWholeWords": False}, {"match": "partial"}),
        ({"selective": False}, {"secondary_keys": ()}),
        ({"key": ["C++"]}, {"keys": ("C++",), "use_regex": False}),
        ({"key": ["C++", "/x/"]}, {"keys": (r"C\+\+", "/x/"), "use_regex": True}),
    ],
)
def test_a_sillytavern_field_is_mapped_and_comes_back(
    there: dict[str, Any], ours: dict[str, Any]
) -> None:
    root = sample_json("st_worldinfo.json")
    root["entries"]["0"] |= there
    found = book(read_as("lore_sillytavern", json.dumps(root).encode()))
    entry = found.entries[0]
    assert {name: getattr(entry, name) for name in ours} == ours
    made = json.loads(write_as("lore_sillytavern", [book_item(found, "w")]))
    assert made["entries"] == root["entries"]
    # Written anew, without the memory of the file, it says the same.
    bare = replace(found, entries=(replace(entry, extensions={}),))
    again = book(read_as("lore_sillytavern", write_as("lore_sillytavern", [book_item(bare, "w")])))
    wanted = {name: getattr(entry, name) for name in ours if name != "keys"}
    assert {name: getattr(again.entries[0], name) for name in wanted} == wanted


@pytest.mark.parametrize("position", [2, 3, 5, 6, 7])
def test_a_place_that_we_do_not_have_is_told_and_kept(position: int) -> None:
    root = sample_json("st_worldinfo.json")
    root["entries"]["0"]["position"] = position
    parts = read_as("lore_sillytavern", json.dumps(root).encode())
    assert ("changed", "lore_position") in remarks(parts)
    assert json.loads(write_as("lore_sillytavern", parts))["entries"] == root["entries"]


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        ("@@depth 2\n", {"position": "at_depth", "depth": 2}),
        ("@@activate\n", {"constant": True}),
        ("@@dont_activate\n", {"enabled": False}),
        ("@@scan_depth 6\n", {"scan_depth": 6}),
        ("@@activate_only_after 3\n", {"delay": 3}),
        ("@@additional_keys 배, 항구\n", {"keys": ("등대", "배", "항구")}),
        ("@@exclude_keys 낮\n", {"secondary_keys": ("낮",), "logic": "not_any"}),
        ("@@position after_desc\n", {"position": "after_characters"}),
        ("@@made_up 1\n@@@depth 5\n", {"position": "at_depth", "depth": 5}),
    ],
)
def test_a_decorator_is_taken_off_the_text_and_comes_back(head: str, ours: dict[str, Any]) -> None:
    said = {"keys": ["등대"], "content": f"{head}불빛", "extensions": {}, "enabled": True,
            "insertion_order": 1, "use_regex": False}  # fmt: skip
    root = {"spec": "lorebook_v3", "data": {"name": "b", "extensions": {}, "entries": [said]}}
    parts = read(json.dumps(root).encode(), "b.json")
    entry = book(parts).entries[0]
    assert entry.content == "불빛"
    assert {name: getattr(entry, name) for name in ours} == ours
    assert json.loads(write_as("lore_card", parts)) == root
    edited = replace(book(parts), entries=(replace(entry, content="어둠"),))
    made = json.loads(write_as("lore_card", [book_item(edited, "b")]))
    assert made["data"]["entries"][0]["content"] == f"{head}어둠"
    # A decorator that no longer holds must not overrule the fields.
    moved = replace(entry, depth=8, position="at_depth", constant=False, enabled=True)
    edited = replace(book(parts), entries=(moved,))
    again = book(read_as("lore_card", write_as("lore_card", [book_item(edited, "b")])))
    assert replace(again.entries[0], extensions={}) == replace(moved, extensions={})


def test_undecorating_needs_no_time_for_a_text_of_decorators() -> None:
    told = undecorated("@@a b\n" * 30_000 + "text")
    assert told.text == "text"


def test_secondary_keys_are_found_under_either_name() -> None:
    entry = {"keys": ["a"], "keysecondary": ["b"], "selective": True, "content": "x"}
    root = {"spec": "lorebook_v3", "data": {"entries": [entry]}}
    assert book(read(json.dumps(root).encode(), "b.json")).entries[0].secondary_keys == ("b",)
    risu = sample_json("risu_lorebook.json")
    del risu["data"][0]["secondkey"]
    risu["data"][0]["secondary_keys"] = ["b"]
    assert book(read(json.dumps(risu).encode(), "b.json")).entries[0].secondary_keys == ("b",)


def test_entries_with_one_id_get_ids_of_their_own_and_keep_what_they_said() -> None:
    entry = {"keys": ["a"], "content": "x", "extensions": {}, "id": 1, "enabled": True,
             "insertion_order": 1}  # fmt: skip
    root = {"spec": "lorebook_v3", "data": {"extensions": {}, "entries": [entry, entry, entry]}}
    parts = read(json.dumps(root).encode(), "b.json")
    assert len({one.id for one in book(parts).entries}) == 3
    assert json.loads(write_as("lore_card", parts)) == root


names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=8
)
keys = st.lists(
    st.text(st.sampled_from("등대지기abc C"), min_size=1, max_size=6).map(str.strip).filter(bool),
    max_size=3,
).map(tuple)
entries = st.builds(
    Entry,
    id=st.just("x"),
    name=names,
    content=st.text(st.sampled_from("등대 abc.,\n"), max_size=20),
    keys=keys,
    secondary_keys=keys,
    logic=st.sampled_from(("and_any", "not_all", "not_any", "and_all")),
    case_sensitive=st.booleans(),
    match=st.sampled_from(("word", "compound", "partial")),
    ignore_spaces=st.booleans(),
    constant=st.booleans(),
    enabled=st.booleans(),
    order=st.integers(-500, 500),
    priority=st.integers(0, 50),
    probability=st.integers(0, 100),
    sticky=st.integers(0, 9),
    cooldown=st.integers(0, 9),
    delay=st.integers(0, 9),
    exclude_recursion=st.booleans(),
    prevent_recursion=st.booleans(),
    delay_until_recursion=st.booleans(),
    scan_depth=st.none() | st.integers(0, 20),
    position=st.sampled_from(("before_characters", "after_characters", "at_depth")),
    depth=st.integers(0, 20),
    group=names,
    weight=st.integers(1, 300),
    visibility=st.sampled_from((("all",), ("gm",), ("gm", "char:haru"))),
)
books = st.builds(
    Lorebook,
    id=st.just("new"),
    name=names,
    scan_depth=st.integers(0, 30),
    token_budget=st.none() | st.integers(1, 5_000),
    recursive=st.booleans(),
    entries=st.lists(entries, max_size=4).map(
        lambda found: tuple(replace(one, id=str(at)) for at, one in enumerate(found))
    ),
)


def bare(one: Lorebook) -> Lorebook:
    found = [replace(each, extensions={}, id="x") for each in one.entries]
    return replace(one, extensions={}, entries=tuple(found))


@given(books)
def test_a_book_of_ours_is_the_same_after_each_format(one: Lorebook) -> None:
    for format_id, check in CHECKS.items():
        made = write_as(format_id, [book_item(one, "")])
        check(json.loads(made))
        again = bare(book(read_as(format_id, made)))
        if format_id == "lore_risu":
            # Its files hold entries only.
            assert again.entries == bare(one).entries
        else:
            assert again == bare(one)


@given(books)
def test_a_book_survives_the_journey_through_all_formats(one: Lorebook) -> None:
    told = one
    for format_id in (*CHECKS, *reversed(CHECKS)):
        told = replace(
            book(read_as(format_id, write_as(format_id, [book_item(told, "")]))), name=one.name
        )
    assert bare(told).entries == bare(one).entries


@given(books)
def test_a_book_travels_inside_a_card(one: Lorebook) -> None:
    card = CardPart(character=Character(id="c", name="하루"), book=one)
    again = the(CardPart, read_as("card_png", write_as("card_png", [card])))
    assert again.book is not None
    assert bare(again.book) == bare(one)
