"""A foreign file is known by its beginning, whatever it is called."""

import pytest

from desktop.formats.registry import FORMATS, detect
from tests.formats.reading import sample

KNOWN = {
    "card_v2.json": "card_json",
    "card_v3.json": "card_json",
    "card_v3.png": "card_png",
    "card_v3.charx": "card_charx",
    "cocofolia_character.json": "piece_cocofolia",
    "cocofolia_log.html": "log_cocofolia",
    "lorebook_v3.json": "lore_card",
    "risu_chat.json": "chat_risu",
    "risu_lorebook.json": "lore_risu",
    "roll20_log.html": "log_roll20",
    "st_group.json": "group_sillytavern",
    "st_group_chat.jsonl": "chat_sillytavern",
    "st_worldinfo.json": "lore_sillytavern",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_sample_is_known(name: str) -> None:
    found = detect(sample(name)[:65_536], name)
    assert found is not None
    assert found.id == KNOWN[name]


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("called", ["file", "file.bin", "파일 (1).txt"])
def test_a_sample_is_known_under_a_strange_name(name: str, called: str) -> None:
    found = detect(sample(name)[:65_536], called)
    assert found is not None
    assert found.id == KNOWN[name]


@pytest.mark.parametrize("name", [name for name in KNOWN if name.endswith(("json", "html"))])
@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_a_sample_is_known_in_another_encoding(name: str, coding: str) -> None:
    data = sample(name).decode().encode(coding)
    found = detect(data[:65_536], name)
    assert found is not None
    assert found.id == KNOWN[name]
    assert found.reader is not None


def test_no_two_formats_share_an_id() -> None:
    assert len({one.id for one in FORMATS}) == len(FORMATS)
