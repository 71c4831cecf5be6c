"""Any name becomes a file name that every system takes."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.store.library_names import MAX_STEM_BYTES, belongs, free, key_of, stem_for
from tests.store.hostile_names import HOSTILE

DEVICES = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"
}


def check(name: str) -> None:
    stem = stem_for(name)
    assert stem
    assert stem == stem_for(stem), "done twice it is the same"
    assert unicodedata.is_normalized("NFC", stem)
    assert len(stem.encode()) <= MAX_STEM_BYTES
    assert not set(stem) & set('<>:"/\\|?*')
    assert stem == stem.strip(". ")
    assert stem.split(".")[0].strip().casefold() not in DEVICES
    assert not any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in stem)
    assert Path(stem).name == stem


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_becomes_a_safe_file_name(name: str) -> None:
    check(name)


@given(st.text(st.characters(exclude_categories=())))
def test_any_name_at_all_becomes_a_safe_file_name(name: str) -> None:
    check(name)


@given(st.text(min_size=1, max_size=200), st.integers(0, 12))
def test_a_numbered_file_still_belongs_to_its_name(name: str, others: int) -> None:
    taken: set[str] = set()
    for _ in range(others + 1):
        called, file = free(name, ".md", taken)
        assert key_of(file) not in taken
        assert len(file.encode()) <= MAX_STEM_BYTES + 3
        assert len(called) <= 200
        assert belongs(file.removesuffix(".md"), called)
        taken.add(key_of(file))
    assert len(taken) == others + 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Harbour", "hARBOUR"), ("é", "e\u0301"), ("가", "\u1100\u1161"), ("ß", "SS")],
)
def test_names_that_are_one_file_on_some_system_get_two_files(one: str, other: str) -> None:
    _, first = free(one, ".md", set())
    _, second = free(other, ".md", {key_of(first)})
    assert key_of(first) != key_of(second)
    assert second.endswith(" (2).md")


def test_a_plain_korean_name_stays_as_it_is() -> None:
    assert stem_for("안개 항로 (낮)") == "안개 항로 (낮)"


def test_a_file_that_was_renamed_outside_does_not_belong_to_its_old_name() -> None:
    assert not belongs("새 이름", "옛 이름")
    assert not belongs("안개 (3)", "안개 (2)")
