"""Whatever a file can be told to be has words in the page; the other languages follow Korean."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from desktop.protocol.transfer import FileFault, TransferRemarkCode
from desktop.services.backups import FORMAT_ID
from desktop.services.transfer_formats import ALL_FORMATS

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "ui" / "src" / "i18n" / "ko.backup.ts"
SPEAKERS = sorted(
    [
        *(ROOT / "desktop" / "formats").rglob("*.py"),
        *(ROOT / "desktop" / "services").glob("transfer*.py"),
        *(ROOT / "desktop" / "services").glob("card*.py"),
    ]
)


def words(table: str) -> set[str]:
    """The keys of one flat table of the catalogue."""
    text = WORDS.read_text("utf-8")
    found = re.search(rf"^  {table}: \{{\n(.*?)^  \}}", text, re.DOTALL | re.MULTILINE)
    assert found, f"no table of {table}"
    return set(re.findall(r"^    (\w+):", found[1], re.MULTILINE))


def strings(node: ast.expr) -> Iterator[str]:
    """The texts an expression may be, by either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


def codes() -> tuple[set[str], set[str]]:
    """What remarks and what refusals say, as the sources have it."""
    remarks: set[str] = set()
    refusals: set[str] = set()
    for file in SPEAKERS:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"say", "note"} and len(node.args) > 1:
                remarks.update(strings(node.args[1]))
            elif name == "Remark":
                remarks.update(
                    text
                    for each in node.keywords
                    if each.arg == "code"
                    for text in strings(each.value)
                )
            elif name == "Unreadable" and node.args:
                refusals.update(strings(node.args[0]))
    return remarks, refusals


def test_the_codes_are_found_in_the_sources() -> None:
    remarks, refusals = codes()
    assert {"speakers_split", "remote_asset", "unknown_record", "no_message"} <= remarks
    assert {"bomb", "not_known", "cut_off", "empty"} <= refusals


def test_every_remark_has_its_reason() -> None:
    remarks, refusals = codes()
    # A refused part of a file is told as a remark with the refusal's code.
    wanted = remarks | refusals | set(get_args(TransferRemarkCode))
    assert not wanted - words("reasons")


def test_every_fault_of_a_file_has_its_words() -> None:
    assert set(get_args(FileFault)) == words("fault")


def test_every_format_has_a_name() -> None:
    assert {FORMAT_ID, *(each.id for each in ALL_FORMATS)} == words("formats")
