"""Second readers of the foreign formats, written from their specifications and not from ours.

They know nothing of the program: what they read out of our files, others will read too.
"""

import base64
import html
import io
import json
import re
import struct
import zipfile
import zlib
from typing import Any


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and contents; fails on anything a strict reader would refuse."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    stream, found = io.BytesIO(data[8:]), []
    while head := stream.read(8):
        length, kind = struct.unpack(">I4s", head)
        body = stream.read(length)
        assert len(body) == length
        assert struct.unpack(">I", stream.read(4))[0] == zlib.crc32(kind + body)
        found.append((kind, body))
    assert found[0][0] == b"IHDR"
    assert found[-1][0] == b"IEND"
    return found


def png_cards(data: bytes) -> dict[str, Any]:
    cards = {}
    for kind, body in png_chunks(data):
        if kind == b"tEXt":
            keyword, _, text = body.partition(b"\0")
            cards[keyword.decode("latin-1")] = json.loads(base64.b64decode(text, validate=True))
    return cards


def pixels(data: bytes) -> list[tuple[bytes, bytes]]:
    """Everything of a PNG that is no text."""
    return [chunk for chunk in png_chunks(data) if chunk[0] not in (b"tEXt", b"iTXt", b"zTXt")]


def charx(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        files = {name: archive.read(name) for name in names}
    return json.loads(files.pop("card.json")), files


CARD_V2 = {
    "name": str, "description": str, "personality": str, "scenario": str, "first_mes": str,
    "mes_example": str, "creator_notes": str, "system_prompt": str,
    "post_history_instructions": str, "alternate_greetings": list, "tags": list, "creator": str,
    "character_version": str, "extensions": dict,
}  # fmt: skip
ENTRY = {
    "keys": list, "content": str, "extensions": dict, "enabled": bool, "insertion_order": int,
}  # fmt: skip


def assert_card(root: dict[str, Any], version: int) -> None:
    """The demands of the specification on a card of version 2 or 3."""
    assert root["spec"] == f"chara_card_v{version}"
    assert root["spec_version"] == f"{version}.0"
    data = root["data"]
    for name, kind in CARD_V2.items():
        assert isinstance(data[name], kind), name
    if version == 3:
        assert isinstance(data["group_only_greetings"], list)
        for asset in data.get("assets", []):
            assert all(isinstance(asset[name], str) for name in ("type", "uri", "name", "ext"))
    if "character_book" in data:
        assert_book(data["character_book"])


def assert_book(book: dict[str, Any]) -> None:
    assert isinstance(book["extensions"], dict)
    for entry in book["entries"]:
        for name, kind in ENTRY.items():
            assert isinstance(entry[name], kind), name
        assert all(isinstance(key, str) for key in entry["keys"])
        assert entry.get("position", "before_char") in ("before_char", "after_char")


def assert_world(root: dict[str, Any]) -> None:
    """What SillyTavern's editor reads without asking whether it is there."""
    for uid, entry in root["entries"].items():
        assert entry["uid"] == int(uid)
        assert all(isinstance(one, str) for one in entry["key"] + entry["keysecondary"])
        assert entry["position"] in range(8)
        assert entry["selectiveLogic"] in range(4)
        assert isinstance(entry["content"], str)
        assert isinstance(entry["comment"], str)
        for flag in ("constant", "selective", "disable", "useProbability"):
            assert isinstance(entry[flag], bool)
        for number in ("order", "probability", "depth"):
            assert isinstance(entry[number], int)


def assert_risu_book(root: dict[str, Any]) -> None:
    assert root["type"] == "risu"
    assert root["ver"] == 1
    for entry in root["data"]:
        assert all(
            isinstance(entry[name], str) for name in ("key", "secondkey", "comment", "content")
        )
        assert isinstance(entry["insertorder"], int)
        assert entry["mode"] in ("normal", "constant", "multiple", "child", "folder")
        assert isinstance(entry["alwaysActive"], bool)
        assert isinstance(entry["selective"], bool)


def chat_lines(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Header and messages of a SillyTavern chat, with its invariants."""
    header, *lines = [json.loads(line) for line in data.decode("utf-8").splitlines() if line]
    assert isinstance(header["user_name"], str)
    assert isinstance(header["chat_metadata"], dict)
    for line in lines:
        assert isinstance(line["name"], str)
        assert isinstance(line["is_user"], bool)
        assert isinstance(line["is_system"], bool)
        assert isinstance(line["mes"], str)
        if "swipes" in line:
            assert line["swipes"][line["swipe_id"]] == line["mes"]
    return header, lines


_PARAGRAPH = re.compile(r'<p style="color:(#[0-9a-f]+);">(.*?)</p>', re.DOTALL)
_SPAN = re.compile(r"<span>(.*?)</span>", re.DOTALL)


def cocofolia(data: bytes) -> list[tuple[str, str, str, str]]:
    """Tab, name, words and colour of every message."""
    found = []
    for colour, inside in _PARAGRAPH.findall(data.decode("utf-8")):
        tab, name, words = _SPAN.findall(inside)
        lines = [" ".join(html.unescape(line).split()) for line in words.split("<br>")]
        found.append(
            (html.unescape(tab).strip()[1:-1], html.unescape(name), "\n".join(lines), colour)
        )
    return found


def roll20(data: bytes) -> list[tuple[str, str, str]]:
    """Kind, speaker and words of every message; who goes on speaking is not named again."""
    found, last = [], ""
    page = data.decode("utf-8")
    for classes, inside in re.findall(
        r'<div class="message ([^"]*)"[^>]*>(.*?)</div>(?=\n)', page, re.DOTALL
    ):
        kind = classes.split()[0]
        by = re.search(r'<span class="by">(.*?):</span>', inside)
        if by:
            last = html.unescape(by[1])
        bare = re.sub(r'<span class="(?:by|tstamp)">.*?</span>', "", inside)
        bare = bare.replace('</div><div class="rolled">', "|").replace("<br>", "\n")
        words = html.unescape(re.sub(r"<[^>]*>", "", bare)).strip()
        found.append((kind, "" if kind == "desc" else last, words))
    return found
