"""A file imports only from floors below it; import-linter reads the contract in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tracked_files import ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_floors_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_names_every_floor_in_order() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    floors = settings["tool"]["importlinter"]["contracts"][0]
    assert floors["exhaustive"], "a new module must be given its place"
    assert [layer.replace("(", "").replace(")", "") for layer in floors["layers"]] == [
        "__main__",
        "main",
        "window | bridge | command_line | paths | log",
        "services",
        "dialogue | formats | providers | store",
        "protocol",
    ]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("protocol", "services"),
        ("providers", "store"),
        ("dialogue", "providers"),
        ("services", "bridge"),
        ("window", "bridge"),
        ("store", "main"),
    ],
)
def test_a_wrong_import_is_caught(tmp_path: Path, importer: str, imported: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    package = tmp_path / "desktop"
    package.mkdir()
    names = ["__init__", "__main__", "main", "paths", "log", "window", "bridge", "command_line"]
    names += ["services", "dialogue", "formats", "providers", "store", "protocol"]
    for name in names:
        (package / f"{name}.py").touch()
    assert lint(tmp_path).returncode == 0
    (package / f"{importer}.py").write_text(f"import desktop.{imported}\n", encoding="utf-8")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert f"desktop.{importer}" in done.stdout, done.stdout + done.stderr
