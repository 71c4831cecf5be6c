"""Stories taken out and brought in by the program without its window, as a process."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.test_terminal import data, env, run

__all__ = ["data", "env"]

SAMPLES = Path(__file__).resolve().parents[1] / "formats" / "samples"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return tmp_path / "other"


def _receipt(told: Any) -> dict[str, Any]:
    assert told.returncode == 0, told.stderr
    job: dict[str, Any] = json.loads(told.stdout)
    return job


def test_a_file_is_looked_at_brought_in_and_taken_out_again(
    data: Path, other: Path, env: dict[str, str], tmp_path: Path
) -> None:
    sample = SAMPLES / "seed_backup.ndjson"
    looked = _receipt(run(data, env, "import", str(sample), "--dry-run", "--json"))
    assert looked["receipt"]["dry_run"] is True
    came = _receipt(run(data, env, "import", str(sample), "--json"))
    assert came["receipt"]["kept"]["messages"] == 3
    room = came["receipt"]["rooms"][0]["id"]
    out = tmp_path / "ours.zip"
    told = run(data, env, "export", "--out", str(out), "--room", room, "--format", "persona_zip")
    assert told.returncode == 0, told.stderr
    assert "1 rooms, 3 messages, 1 turns" in told.stdout
    moved = _receipt(run(other, env, "import", str(out), "--json"))
    assert moved["receipt"]["kept"]["messages"] == 3
    assert moved["receipt"]["lines"] == []


def test_a_file_that_is_none_of_ours_is_refused_with_its_reason(
    data: Path, env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "cut.json"
    file.write_bytes((SAMPLES / "seed_backup.json").read_bytes()[:200])
    told = run(data, env, "import", str(file))
    assert told.returncode == 1
    assert told.stderr.startswith("bad_file cut_off")
