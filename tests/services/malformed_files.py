"""Makes files that nobody should have to read: cut, bent, swollen, lying, and those in between."""

import io
import json
import random
import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from desktop.formats.parts import AnyPart
from desktop.formats.registry import by_id
from tests.services.test_transfer_web_version import shapes

BOMB = 80 * 1024 * 1024


def written(format_id: str, parts: list[AnyPart]) -> bytes:
    form = by_id(format_id)
    assert form is not None
    assert form.writer is not None
    out = io.BytesIO()
    form.writer(parts, out)
    return out.getvalue()


def malformed(good: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Files that must be refused, by a name that says what is wrong. ``good``: by format."""
    yield from _cut(good)
    yield from _bent_json()
    yield from _bent_lines(good["persona_ndjson"])
    yield from _encodings()
    yield from _zips(good)
    yield from _databases()


def _cut(good: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, raw in good.items():
        for part in range(1, 25):
            yield f"{name} cut at {part}/25", raw[: len(raw) * part // 25]
    yield "empty", b""
    for name in ("full", "ndjson"):
        raw = shapes()[name].encode()
        for part in range(1, 20):
            yield f"web {name} cut at {part}/20", raw[: len(raw) * part // 20]


def _bent_json() -> Iterator[tuple[str, bytes]]:
    head = b'{"version":"1.0","export_type":"full","rooms":['
    wrong: dict[str, bytes] = {
        "a deep list": head + b"[" * 200_000,
        "a deep object": b'{"export_type":"full","x":' + b'{"a":' * 200_000,
        "a deep message": head + b'{"messages":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}]}",
        "deep context": head + b'{"context":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}]}",
        "a room that is a number": head + b"1]}",
        "a room that is null": head + b"null]}",
        "a message that is text": head + b'{"room_id":"a","messages":["x"]}]}',
        "a message of numbers": head + b'{"room_id":"a","messages":[{"role":1,"content":2}]}]}',
        "content is a list": head + b'{"room_id":"a","messages":[{"role":"user","content":[]}]}]}',
        "content is null": head + b'{"room_id":"a","messages":[{"role":"user","content":null}]}]}',
        "a comma too many": head + b'{"room_id":"a","messages":[]},]}',
        "no comma": head + b'{"room_id":"a" "messages":[]}]}',
        "text behind the end": head + b"]} and more",
        "two files in one": head + b"]}" + head + b"]}",
        "not a number": head + b'{"room_id":"a","messages":[NaN]}]}',
        "infinity": head + b'{"room_id":"a","messages":[{"role":"user","content":Infinity}]}]}',
        "a title of objects": head + b'{"room_id":"a","title":{"x":1},"messages":[]}]}',
        "a context that is text": head + b'{"room_id":"a","context":"x","messages":[]}]}',
        "single quotes": b"{'export_type':'full','rooms':[]}",
        "a key without quotes": b'{export_type:"full","room_id":1}',
        "a huge number": head + b'{"room_id":' + b"9" * 10_000 + b"}]}",
        "usage of text": head + b'{"room_id":"a","messages":[],"token_usage":["x"]}]}',
        "bytes that are no text": head + b'"\xff\xfe\xfa\x00\x81"]}',
        "a newer version": b'{"format":"persona-chat","format_version":99,"rooms":[]}',
        "a version that is text": b'{"format":"persona-chat","format_version":"x","rooms":[]}',
    }
    yield from wrong.items()
    ours = b'{"version":"1.0","format":"persona-chat","format_version":1,"rooms":[{"room_id":"a",'
    end = b"]}]}"
    bad_lists = {
        "a branch that stands twice": b'"branches":[{"key":"b"},{"key":"b"}',
        "a branch without a key": b'"branches":[{"parent":"b"}',
        "a turn with words for numbers": b'"turns":[{"key":"t","total_ms":"long"}',
        "a turn with a new outcome": b'"turns":[{"key":"t","outcome":"flown"}',
        "a roll without dice": b'"rolls":[{"sealed":{}}',
        "a slot without a place": b'"slots":[{"name":"x"}',
        "a message with an odd author": b'"messages":[{"content":"x","author":{"kind":"god"}}',
        "a position of words": b'"messages":[{"content":"x","position":"first"}',
        "a message that stands twice": b'"messages":[' + b",".join(
            [b'{"role":"user","content":"x","key":"m","author":{"kind":"user","name":"a"}}'] * 2
        ),
        "a turn that stands twice": b'"turns":[{"key":"t"},{"key":"t"}',
    }  # fmt: skip
    for name, raw in bad_lists.items():
        yield name, ours + raw + end


def _bent_lines(good: bytes) -> Iterator[tuple[str, bytes]]:
    lines = good.rstrip(b"\n").split(b"\n")
    yield "no end", b"\n".join(lines[:-1])
    yield "a line behind the end", good + lines[1]
    yield (
        "no rooms before a message",
        lines[0] + b'\n{"type":"message","content":"x"}\n' + lines[-1],
    )
    yield (
        "a newer meta",
        b'{"type":"meta","format":"persona-chat","format_version":2}\n' + lines[-1],
    )
    for at in range(1, min(len(lines), 30)):
        bent = [*lines[:at], lines[at][: len(lines[at]) // 2], *lines[at + 1 :]]
        yield f"line {at} is half", b"\n".join(bent)


def _encodings() -> Iterator[tuple[str, bytes]]:
    raw = shapes()["full"]
    yield "utf-8 that breaks", raw.encode()[:60] + b"\xc3\x28\xa0\xff" + raw.encode()[60:]
    yield "shift-jis", ("﻿" + raw).encode("utf-8")[3:].replace(b'"', b'"\x81\x81\xff\xff', 1)
    yield "utf-16 that ends in the middle", raw.encode("utf-16") + b"\xd8"
    yield "a mark and nothing else", b"\xff\xfe"
    yield "utf-32", raw.encode("utf-32")
    yield "nul in front", b"\0\0\0" + raw.encode()


def zipped(members: dict[str, bytes], **change: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for field, value in change.items():
                setattr(info, field, value)
            archive.writestr(info, raw)
    return out.getvalue()


def _zips(good: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    story = shapes()["full"].encode()
    for name in (
        "../story.json", "/etc/story.json", "a/../../b.json", "C:/story.json", "a\\..\\b.json",
        "con.json", "aux/story.json", "LPT1.json", "a//b.json", "./story.json", "nul", "a\x01.json",
    ):  # fmt: skip
        yield f"a zip that names {name!r}", zipped({name: story})
    yield (
        "a link",
        zipped({"story.json": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16),
    )
    yield "a bomb", zipped({"story.json": b"\0" * BOMB})
    yield "a zip in a zip", zipped({"story.zip": zipped({"story.json": story})})
    yield "nothing to read", zipped({"readme.txt": b"hello"})
    yield "an empty zip", zipped({})
    plain = zipped({"story.json": story})
    locked = bytearray(plain)
    central = plain.rindex(b"PK\x01\x02")
    locked[6] |= 1
    locked[central + 8] |= 1
    yield "a locked zip", bytes(locked)
    lying = bytearray(plain)
    struct.pack_into("<I", lying, central + 24, 10)
    yield "a size that lies", bytes(lying)
    many = bytearray(zipped({"a.json": story}))
    end = bytes(many).rindex(b"PK\x05\x06")
    struct.pack_into("<HH", many, end + 8, 65_535, 65_535)
    yield "a million members", bytes(many)
    broken = bytearray(plain)
    broken[60] ^= 0xFF
    yield "bytes that do not match", bytes(broken)
    ours = good["persona_zip"]
    with zipfile.ZipFile(io.BytesIO(ours)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for name, member in held.items():
        yield f"without {name}", zipped({key: raw for key, raw in held.items() if key != name})
        yield f"{name} changed", zipped({**held, name: member + b" x"})
    manifest = json.loads(held["manifest.json"])
    for field, value in (("format_version", 2), ("files", []), ("files", 7)):
        told = json.dumps({**manifest, field: value}).encode()
        yield f"a list whose {field} is {value}", zipped({**held, "manifest.json": told})
    yield "a deep list of files", zipped({**held, "manifest.json": b"[" * 100_000})


def _databases() -> Iterator[tuple[str, bytes]]:
    magic = b"SQLite format 3\0"
    yield "only a head", magic
    yield "a head and noise", magic + random.Random(1).randbytes(8_000)
    yield "a head and zeros", magic + bytes(8_000)


def mutations(good: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """``count`` files, each a good one with something done to it."""
    chance = random.Random(seed)
    signs = [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"null", b"1e999", b"-1", b"\xff",
             b"\x00", b"\\ud800", b'"key"', b'"type"', b"\n", b"99999999999999999999"]  # fmt: skip
    for _ in range(count):
        raw = bytearray(chance.choice(good))
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(raw)) if raw else 0
            act = chance.randrange(6)
            if act == 0 and raw:
                raw[at] = chance.randrange(256)
            elif act == 1:
                raw[at:at] = chance.choice(signs)
            elif act == 2:
                del raw[at : at + chance.randrange(1, 40)]
            elif act == 3:
                raw[at : at + len(signs[0])] = chance.choice(signs)
            elif act == 4:
                end = at + chance.randrange(1, 200)
                raw[at:at] = raw[at:end]
            else:
                del raw[at:]
        yield bytes(raw)
