"""The shape of the tree: its top level, the length of its files, and what must never be in it."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tracked_files import ROOT, files, name_of, texts

LONGEST = 400
SOURCES = {".py", ".ts", ".svelte", ".css", ".js", ".sql", ".spec"}
GENERATED = {"ui/src/bridge/protocol.gen.ts", "ui/src/text/invention.gen.ts"}
TOP_LEVEL = {
    "desktop", "ui", "chatbot_workspace", "persona_data", "build", "tests",
    "pyproject.toml", "persona.spec",
    "README.md", "LICENSE", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
    ".ci", ".github", ".gitignore", ".gitattributes", ".editorconfig",
}  # fmt: skip
# Written in pieces, so that this file does not hold what it forbids.
REGISTRIES = [
    ".".join(name)
    for name in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("npm", "pkg", "github", "com"),
        ("unpkg", "com"),
        ("cdn", "jsdelivr", "net"),
    )
]
MACHINE_PATHS = ["/" + name + "/" for name in ("work", "root")]


def test_the_top_level_holds_only_what_the_house_names() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in files()}
    assert found <= TOP_LEVEL, f"does not belong on the top level: {sorted(found - TOP_LEVEL)}"


def test_no_source_file_is_longer_than_a_person_can_hold() -> None:
    lengths = {
        name_of(path): text.count("\n")
        for path, text in texts().items()
        if path.suffix in SOURCES and name_of(path) not in GENERATED
    }
    assert lengths
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert not too_long, f"over {LONGEST} lines: {too_long}"


def test_every_python_module_opens_with_its_job() -> None:
    silent = [
        name_of(path)
        for path, text in texts().items()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] in {"desktop", "build"}
        and not ast.get_docstring(ast.parse(text))
    ]
    assert not silent, f"no sentence at the top: {silent}"


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_registry(host: str) -> None:
    naming = [name_of(path) for path, text in texts().items() if host in text]
    assert not naming, f"{host} stands in {naming}"


@pytest.mark.parametrize("lock", ["ui/package-lock.json", "tests/clis/package-lock.json"])
def test_a_lock_of_the_page_holds_hashes_and_no_addresses(lock: str) -> None:
    if not (ROOT / lock).exists():
        pytest.skip(f"{lock} does not exist")
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text


def test_the_python_locks_hold_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "build" / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9-]+==", text, re.MULTILINE)
        assert pins
        assert len(re.findall(r"== ?[^\n]*\\\n    --hash=sha256:", text)) == len(pins)
        assert "://" not in text


@pytest.mark.parametrize("folder", MACHINE_PATHS)
def test_no_file_names_a_folder_of_one_machine(folder: str) -> None:
    pattern = re.compile(rf"(?<![\w}}]){re.escape(folder)}")
    naming = [name_of(path) for path, text in texts().items() if pattern.search(text)]
    assert not naming, f"{folder} stands in {naming}"


def test_build_is_a_folder_of_sources_and_no_package() -> None:
    assert not (ROOT / "build" / "__init__.py").exists(), "it would break `python -m build`"


def test_no_foreign_code_is_committed() -> None:
    foreign = {"node_modules", "vendor", "third_party", "site-packages", "dist"}
    found = [name_of(path) for path in files() if foreign.intersection(Path(name_of(path)).parts)]
    assert not found
