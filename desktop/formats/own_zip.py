"""Our ZIP: the story as NDJSON, library entries and pictures as files, and a list with hashes."""

import hashlib
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import msgspec

from desktop.formats.markdown import read_markdown
from desktop.formats.own_reading import read_json, read_ndjson, refuse_newer
from desktop.formats.own_writing import write_ndjson
from desktop.formats.parts import (
    AnyPart,
    AssetPart,
    LibraryItem,
    PicturePart,
    Remark,
    Unreadable,
)
from desktop.formats.records import FORMAT, FORMAT_VERSION, encode
from desktop.formats.zip_safety import Member, open_zip
from desktop.protocol.base import UtcMs

MANIFEST = "manifest.json"
STORY = "story.ndjson"
_PLAIN = ("image/png", "image/jpeg", "image/webp")
_BLOCK = 1 << 20
_MOST_MANIFEST = 64 * 1024**2
_MOST_ITEM = 256 * 1024**2


class _File(msgspec.Struct, kw_only=True, omit_defaults=True):
    path: str
    size: int
    sha256: str
    kind: str = ""
    name: str = ""
    key: str = ""
    media_type: str = ""


class _Manifest(msgspec.Struct, kw_only=True):
    format: str = ""
    format_version: Any = 0
    files: tuple[_File, ...] = ()


def write_zip(parts: Iterable[AnyPart], out: BinaryIO, now: Callable[[], UtcMs]) -> None:
    files: list[_File] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        # One member is open at a time: pictures and entries wait until the story is told.
        with SpooledTemporaryFile(_BLOCK) as beside:
            waiting: list[tuple[_File, int]] = []
            with closing(_Hashed(archive.open(STORY, "w", force_zip64=True))) as story:
                write_ndjson(_without_files(parts, beside, waiting), cast("BinaryIO", story), now)
            files.append(_File(path=STORY, size=story.size, sha256=story.sha256()))
            for file, start in waiting:
                beside.seek(start)
                raw = beside.read(file.size)
                packed = zipfile.ZIP_STORED if file.media_type else zipfile.ZIP_DEFLATED
                archive.writestr(file.path, raw, packed)
                files.append(file)
        told = _Manifest(format=FORMAT, format_version=FORMAT_VERSION, files=tuple(files))
        archive.writestr(MANIFEST, encode(told))


def _without_files(
    parts: Iterable[AnyPart], beside: Any, waiting: list[tuple[_File, int]]
) -> Iterator[AnyPart]:
    for part in parts:
        number = len(waiting) + 1
        if isinstance(part, LibraryItem):
            raw, path = part.content.encode(), f"library/{number:05}.txt"
            file = _file(path, raw, kind=part.kind, name=part.name)
        elif isinstance(part, PicturePart):
            ending = part.media_type.removeprefix("image/") if part.media_type in _PLAIN else "bin"
            raw, path = part.data, f"pictures/{number:05}.{ending}"
            file = _file(path, raw, key=part.key, name=part.name, media_type=part.media_type)
        elif isinstance(part, AssetPart):
            raw, path = part.data, f"assets/{number:05}.bin"
            file = _file(path, raw, key=part.key, media_type=part.media_type)
        else:
            yield part
            continue
        waiting.append((file, beside.tell()))
        beside.write(raw)


def _file(path: str, raw: bytes, **more: str) -> _File:
    return _File(path=path, size=len(raw), sha256=hashlib.sha256(raw).hexdigest(), **more)


class _Hashed:
    """Counts and hashes what goes through."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, raw: bytes) -> int:
        self._hash.update(raw)
        self.size += len(raw)
        return int(self._out.write(raw))

    def close(self) -> None:
        self._out.close()

    def sha256(self) -> str:
        return self._hash.hexdigest()


def read_zip(stream: BinaryIO) -> Iterator[AnyPart]:
    """Ours, or one that holds JSON, NDJSON or Markdown files as the web version packed them."""
    with open_zip(stream) as archive:
        names = [one.filename for one in archive.infolist() if not one.is_dir()]
        if MANIFEST in names or STORY in names:
            yield from _ours(archive)
        else:
            yield from _packed(archive, names)


def _ours(archive: zipfile.ZipFile) -> Iterator[AnyPart]:
    manifest = _manifest(archive)
    for file in manifest.files:
        with unpacked(archive, file.path, file) as held:
            if file.path == STORY:
                yield from read_ndjson(cast("BinaryIO", held))
            elif file.size > _MOST_ITEM:
                raise Unreadable("too_large", file.path)
            elif file.media_type and not file.media_type.startswith("image/"):
                yield AssetPart(key=file.key, data=held.read(), media_type=file.media_type)
            elif file.media_type:
                yield PicturePart(
                    key=file.key, data=held.read(), media_type=file.media_type, name=file.name
                )
            else:
                yield LibraryItem(kind=file.kind, name=file.name, content=_text(held.read(), file))


def _text(raw: bytes, file: _File) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("undecodable", file.path) from error


def _manifest(archive: zipfile.ZipFile) -> _Manifest:
    member = Member(archive, MANIFEST)
    if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        member.close()
        raise Unreadable("too_large", MANIFEST)
    try:
        manifest = msgspec.json.decode(member.read(), type=_Manifest)
    except RecursionError as error:
        raise Unreadable("too_deep", MANIFEST) from error
    except msgspec.DecodeError as error:
        raise Unreadable("malformed", MANIFEST) from error
    finally:
        member.close()
    refuse_newer(manifest.format_version)
    if STORY not in {file.path for file in manifest.files}:
        raise Unreadable("malformed", STORY)
    return manifest


def unpacked(
    archive: zipfile.ZipFile, name: str, wanted: _File | None
) -> "SpooledTemporaryFile[bytes]":
    """A member as a file that can be sought in; wholly checked before any of it is used."""
    member = Member(archive, name)
    held: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_BLOCK)  # noqa: SIM115 - handed on
    told = hashlib.sha256()
    try:
        while block := member.read(_BLOCK):
            told.update(block)
            held.write(block)
        if wanted is not None and (held.tell(), told.hexdigest()) != (wanted.size, wanted.sha256):
            raise Unreadable("wrong_hash", name[:200])
    except BaseException:
        held.close()
        raise
    finally:
        member.close()
    held.seek(0)
    return held


_READERS: dict[str, Callable[[BinaryIO], Generator[AnyPart, None, None]]] = {
    ".json": read_json,
    ".ndjson": read_ndjson,
    ".md": read_markdown,
}


def _packed(archive: zipfile.ZipFile, names: list[str]) -> Iterator[AnyPart]:
    read = False
    for name in sorted(names):
        ending = name[name.rfind(".") :].lower() if "." in name else ""
        reader = _READERS.get(ending)
        if reader is None:
            yield Remark(fate="dropped", code="unknown_record", where=name[:200])
            continue
        read = True
        with (
            unpacked(archive, name, None) as held,
            closing(reader(cast("BinaryIO", held))) as parts,
        ):
            for part in parts:
                # Each file counts its rooms from one.
                yield of_file(part, name)
    if not read:
        raise Unreadable("not_known")


def of_file(part: AnyPart, name: str) -> AnyPart:
    if hasattr(part, "room"):
        return msgspec.structs.replace(part, room=f"{name}/{part.room}")
    key = getattr(part, "title", None)
    if key is not None:
        stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        title = part.title or stem  # type: ignore[union-attr]
        return msgspec.structs.replace(part, key=f"{name}/{part.key}", title=title)  # type: ignore[union-attr]
    return part
