"""The changelog keeps its form, and its newest version is the one the project carries."""

import re
import tomllib

from desktop.main.version import version
from tests.architecture.tracked_files import ROOT

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_versions_are_in_order_and_dated() -> None:
    titles = re.findall(r"^## (.+)$", changelog(), re.MULTILINE)
    assert titles[0] == "[Unreleased]"
    for title in titles[1:]:
        assert re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", title), title
    numbers = [tuple(map(int, re.findall(r"\d+", title)[:3])) for title in titles[1:]]
    assert numbers == sorted(numbers, reverse=True)


def test_changes_are_sorted_by_kind() -> None:
    kinds = re.findall(r"^### (.+)$", changelog(), re.MULTILINE)
    assert kinds
    assert set(kinds) <= KINDS


def test_the_newest_version_is_not_ahead_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog(), re.MULTILINE)
    assert not released or released[0] == project["version"]


def test_the_program_says_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version() == project["version"]
