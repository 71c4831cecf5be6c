"""What is left of ICU's data in a package still sorts, and still tells times in our languages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.bundle import icu_data

QT = Path(sys.prefix) / "lib" / f"python3.{sys.version_info[1]}" / "site-packages/PySide6/Qt"
ENGINE = QT / "resources" / "icudtl.dat"
HEADER = bytes([32, 0, 0xDA, 0x27]).ljust(12, b"\0") + b"CmnD".ljust(20, b"\0")
NAMES = [
    "icudt1l/coll/ko.res",
    "icudt1l/coll/sv.res",
    "icudt1l/coll/ucadata.icu",
    "icudt1l/root.res",
]
SORTED = """
import sys
from PySide6.QtCore import QCollator, QDateTime, QLocale, QTimeZone
words = ["하늘", "바다", "가람", "나무", "Äpfel", "zebra", "apple"]
collator = QCollator(QLocale("ko_KR"))
print(sorted(words, key=collator.sortKey))
summer = QDateTime.fromSecsSinceEpoch(1_750_000_000, QTimeZone(b"Asia/Seoul"))
print(summer.offsetFromUtc(), "straße".upper(), QLocale("ko_KR").toUpper("äi"))
maps = open("/proc/self/maps").read().split()
print(*sorted({path for path in maps if "libicudata" in path}), file=sys.stderr)
"""

on_linux = pytest.mark.skipif(not ENGINE.exists(), reason="only Linux brings Qt's web engine")


def made() -> bytes:
    return icu_data.assembled(HEADER, {name: name.encode() for name in NAMES})


def test_what_is_put_together_is_read_back_and_lies_where_icu_looks() -> None:
    read = icu_data.items(made())
    assert list(read) == NAMES
    assert all(read[name].rstrip(b"\0") == name.encode() for name in NAMES)
    assert all(made().rindex(name.encode()) % icu_data.ALIGNMENT == 0 for name in NAMES)


def test_only_the_languages_of_the_app_are_kept_and_what_belongs_to_none() -> None:
    left = icu_data.items(icu_data.smaller(made()))
    assert list(left) == [NAMES[0], NAMES[2], NAMES[3]]
    assert icu_data.is_ours("icudt1l/en_GB.res")
    assert icu_data.is_ours("icudt1l/curr/supplementalData.res")
    assert not icu_data.is_ours("icudt1l/zone/pt_BR.res")


def test_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="common data"):
        icu_data.items(b"\x7fELF".ljust(64, b"\0"))


@on_linux
def test_the_web_engines_data_loses_locales_and_nothing_else(tmp_path: Path) -> None:
    before = icu_data.items(ENGINE.read_bytes())
    after = icu_data.items(icu_data.small_file(ENGINE, tmp_path).read_bytes())
    assert {"ko.res", "ja.res", "en.res", "root.res"} <= {name.rpartition("/")[2] for name in after}
    assert all(before[name] == body for name, body in after.items())
    assert not [name for name in set(before) - set(after) if icu_data.is_ours(name)]


@on_linux
@pytest.mark.skipif(not shutil.which("ld"), reason="needs binutils")
def test_qt_sorts_and_tells_the_time_alike_with_the_smaller_library(tmp_path: Path) -> None:
    (source,) = (QT / "lib").glob("libicudata.so.*")
    small = icu_data.small_library(source, tmp_path)
    assert small.stat().st_size < source.stat().st_size / 5
    (whole, used_whole), (part, used_part) = _said({}), _said({"LD_PRELOAD": str(small)})
    assert (used_whole, used_part) == (str(source.resolve()), str(small)), "each used its own"
    assert whole == part
    assert "'가람', '나무', '바다', '하늘'" in part


def _said(more: dict[str, str]) -> tuple[str, str]:
    command = [sys.executable, "-c", SORTED]
    done = subprocess.run(
        command, env={**os.environ, **more}, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout, done.stderr.strip()
