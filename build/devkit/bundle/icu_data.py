"""Leaves the languages out of ICU's data that the app does not speak.

Qt brings ICU's data twice: as ``libicudata.so`` for itself and as ``icudtl.dat`` for the web
engine, 42 MB in all, most of it names of places, days and coins in some seven hundred locales.
The form is ICU's "common data" (source/common/ucmndata.h): a header, a sorted table of contents
whose offsets count from its own beginning, then the items, each aligned to 16 bytes.
"""

import re
import shutil
import struct
import subprocess
from itertools import pairwise
from pathlib import Path

LANGUAGES = ("root", "en", "ko", "ja")
ALIGNMENT = 16
KIND_AT = 12
KIND = b"CmnD"
# Qt asks ICU for sorting, for times of zones, for upper and lower case and for old encodings.
NOT_FOR_QT = re.compile(
    r"/translit/|/rbnf/|/unit/|/lang/|/curr/|\.(dict|spp|cfu)$|/unames\.icu$"
    r"|/(?!(ibm-(949|970|1363|943|954|5348)_|windows-949-|euc-jp-))[^/]*\.cnv$"
)
_LOCALE = re.compile(r"^([a-z]{2,3})(_[A-Za-z0-9_]+)?\.(res|brk)$")
_SOURCE = """.section .rodata
.balign 4096
.globl {symbol}
.type {symbol}, @object
.size {symbol}, {size}
{symbol}: .incbin "{data}"
.section .note.GNU-stack,"",@progbits
"""


def items(data: bytes) -> dict[str, bytes]:
    """What is inside, by name. Raises ValueError where the form is another one."""
    if data[KIND_AT : KIND_AT + len(KIND)] != KIND:
        raise ValueError("not ICU's common data")
    start = struct.unpack_from("<H", data)[0]
    (count,) = struct.unpack_from("<I", data, start)
    table = list(struct.iter_unpack("<II", data[start + 4 : start + 4 + 8 * count]))
    ends = [*(offset for _, offset in table), len(data) - start]
    found = {}
    for (name, _), (begin, end) in zip(table, pairwise(ends), strict=True):
        at = start + name
        found[data[at : data.index(0, at)].decode("ascii")] = data[start + begin : start + end]
    return found


def assembled(header: bytes, inside: dict[str, bytes]) -> bytes:
    """The same form again, ``header`` being that of the file they came from."""
    names = b"".join(name.encode("ascii") + b"\0" for name in inside)
    first = 4 + 8 * len(inside)
    table, bodies = bytearray(struct.pack("<I", len(inside))), bytearray()
    name_at, bodies_at = first, _aligned(first + len(names))
    for name, body in inside.items():
        table += struct.pack("<II", name_at, bodies_at + len(bodies))
        name_at += len(name) + 1
        bodies += body.ljust(_aligned(len(body)), b"\0")
    return header + (bytes(table) + names).ljust(bodies_at, b"\0") + bytes(bodies)


def smaller(data: bytes, left_out: re.Pattern[str] | None = None) -> bytes:
    """The same data with our languages only, and without the items that ``left_out`` finds."""
    header = data[: struct.unpack_from("<H", data)[0]]
    kept = {name: body for name, body in items(data).items() if is_ours(name)}
    if left_out:
        kept = {name: body for name, body in kept.items() if not left_out.search(name)}
    return assembled(header, kept)


def is_ours(name: str) -> bool:
    """Whether an item belongs to no language or to one of ours."""
    locale = _LOCALE.match(name.rsplit("/", 1)[-1])
    return locale is None or locale.group(1) in LANGUAGES or locale.group(1) == "res"


def small_file(source: Path, folder: Path) -> Path:
    """A smaller copy of ``icudtl.dat`` in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.name
    target.write_bytes(smaller(source.read_bytes()))
    return target


def small_library(source: Path, folder: Path) -> Path:
    """A smaller ``libicudata.so.NN`` in ``folder``; ``source`` itself without binutils."""
    if not (shutil.which("as") and shutil.which("ld")):
        return source
    version = re.search(r"\.so\.(\d+)", source.name)
    whole = source.read_bytes()
    kind = whole.find(KIND)
    if version is None or kind < KIND_AT:
        raise ValueError(f"{source.name} holds no data of ICU")
    folder.mkdir(parents=True, exist_ok=True)
    data, made = folder / "icu.dat", folder / "icu.o"
    data.write_bytes(smaller(whole[kind - KIND_AT :], NOT_FOR_QT))
    symbol = f"icudt{version.group(1)}_dat"
    text = _SOURCE.format(symbol=symbol, size=data.stat().st_size, data=data)
    target = folder / source.name
    subprocess.run(["as", "-o", made, "-"], input=text.encode(), check=True)
    named = ["-soname", source.name, "-o", str(target), str(made)]
    subprocess.run(["ld", "-shared", "-z", "noexecstack", *named], check=True)
    return target


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
