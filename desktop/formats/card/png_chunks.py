"""Takes PNG files apart into chunks and puts them together; pixels are never looked at."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from desktop.formats.parts import Unreadable

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MANY = 100_000
"""Chunks of one file."""
LONGEST_TEXT = 32 * 1024 * 1024
"""Bytes of one text once it is unpacked."""


class Chunk(NamedTuple):
    kind: bytes
    data: bytes
    sound: bool
    """Whether its checksum is right."""
    whole: bytes
    """As it stands in the file, with length and checksum."""


def chunks(data: bytes) -> Iterator[Chunk]:
    """The chunks up to the file's end, or to where it is cut off.

    Raises ``Unreadable``: ``malformed``, ``too_many``.
    """
    if not data.startswith(SIGNATURE):
        raise Unreadable("malformed")
    at = len(SIGNATURE)
    for count in range(MANY + 1):
        if len(data) - at < 12:
            return
        if count == MANY:
            raise Unreadable("too_many")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            return
        body = data[at + 8 : end - 4]
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        sound = zlib.crc32(body, zlib.crc32(kind)) == checksum
        yield Chunk(kind, body, sound, data[at:end])
        at = end
        if kind == b"IEND":
            return


def text_of(chunk: Chunk) -> tuple[str, bytes] | None:
    """Keyword and text of a ``tEXt``, ``zTXt`` or ``iTXt`` chunk; ``None`` for any other and for
    those that cannot be read or unpack to more than ``LONGEST_TEXT``."""
    keyword, separator, rest = chunk.data.partition(b"\0")
    if not separator or len(keyword) > 79:
        return None
    name = keyword.decode("latin-1")
    match chunk.kind:
        case b"tEXt":
            return name, rest
        case b"zTXt":
            unpacked = _unpacked(rest[1:]) if rest[:1] == b"\0" else None
        case b"iTXt":
            parts = rest[2:].split(b"\0", 2)
            if len(rest) < 2 or len(parts) < 3:
                return None
            unpacked = _unpacked(parts[2]) if rest[0] else parts[2]
        case _:
            return None
    return None if unpacked is None else (name, unpacked)


def _unpacked(packed: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, LONGEST_TEXT)
    except zlib.error:
        return None
    return text if unpacker.eof else None


def written(kind: bytes, data: bytes) -> bytes:
    """A chunk as it stands in a file."""
    checksum = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def spliced(png: bytes, texts: Iterable[tuple[str, bytes]], drop: Callable[[str], bool]) -> bytes:
    """The file with these texts before its end and without those that ``drop`` by their keyword.

    Every other chunk stays byte for byte. Raises ``Unreadable`` if it is no PNG or has no end.
    """
    kept: list[bytes] = [SIGNATURE]
    for chunk in chunks(png):
        if chunk.kind == b"IEND":
            kept += [
                written(b"tEXt", name.encode("latin-1") + b"\0" + said) for name, said in texts
            ]
            return b"".join((*kept, chunk.whole))
        if chunk.kind in (b"tEXt", b"zTXt", b"iTXt"):
            keyword = chunk.data.partition(b"\0")[0].decode("latin-1").lower()
            if drop(keyword):
                continue
        kept.append(chunk.whole)
    raise Unreadable("cut_off")


def blank(red: int, green: int, blue: int, width: int = 400, height: int = 600) -> bytes:
    """A picture of one colour."""
    line = b"\0" + bytes((red, green, blue)) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = written(b"IDAT", zlib.compress(line * height, 9))
    return SIGNATURE + written(b"IHDR", header) + body + written(b"IEND", b"")
