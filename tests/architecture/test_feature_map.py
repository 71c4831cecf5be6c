"""Every test that ``tests/README.md`` names as a proof is there, and no row lacks one unsaid."""

import ast
import re

from tests.architecture.tracked_files import ROOT

README = ROOT / "tests" / "README.md"
PROOF = re.compile(r"`([\w./-]+\.(?:py|ts))::([^`]+)`")
FEATURES = {*range(1, 81)} - {12, 67}
"""Numbers of the original's features; two of them were never given to anything."""
BUGS = {f"B{number}" for number in range(1, 41)} | {f"S{number}" for number in range(1, 17)}


def rows(heading: str) -> dict[str, list[str]]:
    """The cells of the table below a heading, by the first cell."""
    section = README.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells}


def is_there(path: str, name: str) -> bool:
    file = ROOT / path
    if not file.is_file():
        return False
    text = file.read_text("utf-8")
    if path.endswith(".ts"):
        return f"'{name}'" in text
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return name in {each.name for each in ast.walk(ast.parse(text)) if isinstance(each, functions)}


def test_every_feature_has_a_row() -> None:
    assert {int(number) for number in rows("Features")} == FEATURES


def test_every_known_bug_has_a_row() -> None:
    assert set(rows("Bugs of the original")) == BUGS


def test_every_row_names_a_test_or_says_why_there_is_none() -> None:
    for heading in ("Features", "Bugs of the original"):
        for number, cells in rows(heading).items():
            *_, home, proof = cells
            assert PROOF.search(proof) or proof == "—", f"{number}: {proof}"
            assert proof != "—" or home.startswith("None"), f"{number} does not say why"


def test_every_named_test_is_there() -> None:
    named = PROOF.findall(README.read_text("utf-8"))
    assert len(named) > len(FEATURES)
    assert not [f"{path}::{name}" for path, name in named if not is_there(path, name)]


def test_a_test_that_is_not_there_is_noticed() -> None:
    here = "tests/architecture/test_feature_map.py"
    assert is_there(here, "test_every_named_test_is_there")
    assert not is_there(here, "test_that_nobody_wrote")
    assert not is_there("tests/architecture/nowhere.py", "test_every_named_test_is_there")
    assert is_there(
        "ui/tests/state/stage.test.ts", "saves itself 800 ms after the last change, once"
    )
    assert not is_there("ui/tests/state/stage.test.ts", "saves itself")
