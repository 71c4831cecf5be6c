"""The workflows: what they use is pinned, what they run exists, and no secret is needed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from devkit.places import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RELEASE = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
KNOWN = {
    "actions/checkout": "08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0",
    "actions/setup-python": "e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0",
    "actions/upload-artifact": "b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0",
    "actions/download-artifact": "37930b1c2abaa49bbe596cd826c3c89aef350131 # v7.0.0",
}
"""Each action with the commit it is pinned to, looked up once and changed here first."""


def jobs(text: str) -> dict[str, str]:
    """The text of each job by its name; enough of YAML for files that are ours."""
    body = text.split("\njobs:\n", 1)[1]
    found = re.split(r"^  ([a-z][\w-]*):\n", body, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def scripts(job: str) -> list[str]:
    """The shell text of each step that runs something."""
    found = []
    for step in re.split(r"^      - ", job, flags=re.MULTILINE)[1:]:
        if one := re.search(r"^        run: (?!\|)(.+)$", step, re.MULTILINE):
            found.append(one.group(1))
        elif many := re.search(r"^        run: \|\n((?:          .*\n?|\n)+)", step, re.MULTILINE):
            found.append(re.sub(r"^ {10}", "", many.group(1), flags=re.MULTILINE))
    return found


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_the_commit_we_know(file: Path) -> None:
    used = re.findall(r"uses: (\S+)@(.+)$", file.read_text("utf-8"), re.MULTILINE)
    assert used
    assert all(at == KNOWN[name] for name, at in used)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_only_and_no_step_takes_text_from_outside(file: Path) -> None:
    text = file.read_text("utf-8")
    head = text.split("\njobs:\n")[0]
    assert "permissions:\n  contents: read\n" in head
    for job in jobs(text).values():
        assert "timeout-minutes:" in job
        for script in scripts(job):
            assert not re.search(r"\$\{\{\s*(github|inputs|secrets)\.", script), (
                "what comes from outside reaches a shell as a variable only"
            )
    checkouts = text.count("actions/checkout@")
    assert text.count("persist-credentials: false") == checkouts


def test_only_publishing_may_write() -> None:
    writing = [name for name, job in jobs(RELEASE).items() if "contents: write" in job]
    assert writing == ["publish"]


def test_the_three_systems_are_tested_frozen_and_tried() -> None:
    found = jobs(RELEASE)
    for system in ("ubuntu-24.04", "windows-2025", "macos-15"):
        assert system in found["test"]
    for job in ("linux", "windows-folder", "macos"):
        assert "needs: test" in found[job]
        assert "--smoke" in found[job], "the frozen app plays a turn where it was made"
    assert {"arm64", "amd64"} <= set(re.findall(r"processor: (\w+)", found["macos"]))
    assert "--prove" in found["linux"]
    assert "try-installer.ps1" in found["windows"]
    assert "try-image.sh" in found["macos"]
    assert "sha256sum" in found["publish"]
    assert "--draft" in found["publish"], "a person publishes"


def test_needs_name_jobs_that_exist_and_artifacts_that_are_uploaded() -> None:
    found = jobs(RELEASE)
    for job in found.values():
        for needed in re.findall(r"^    needs: \[?([^\]\n]+)", job, re.MULTILINE):
            assert set(re.split(r",\s*", needed)) <= set(found)
    steps = re.split(r"^      - ", RELEASE, flags=re.MULTILINE)
    up = {m for s in steps if "upload-artifact" in s for m in re.findall(r"  name: (.+)", s)}
    down = {m for s in steps if "download-artifact" in s for m in re.findall(r"  name: (.+)", s)}
    assert down
    assert down <= up
    assert any(name.startswith("packages-") for name in up), "which publishing gathers"


def test_every_script_of_ours_that_is_run_is_there() -> None:
    run = set(re.findall(r"\bbuild/[\w./-]+\.(?:sh|ps1|py)\b", RELEASE))
    assert {"build/dev.py", "build/windows/sign.ps1", "build/macos/prepare-signing.sh"} <= run
    for name in run:
        assert (ROOT / name).is_file(), name
        if name.endswith(".sh"):
            assert os.access(ROOT / name, os.X_OK)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda path: path.name)
def test_each_step_for_a_shell_can_be_read_by_it(file: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    for job in jobs(file.read_text("utf-8")).values():
        for script in scripts(job):
            if "ps1" in script:
                continue
            plain = re.sub(r"\$\{\{.*?\}\}", "x", script)
            done = subprocess.run(["bash", "-n"], input=plain, capture_output=True, text=True)
            assert done.returncode == 0, f"{script}\n{done.stderr}"


@pytest.mark.parametrize("script", ["prepare-signing.sh", "try-image.sh"])
def test_the_scripts_for_macos_can_be_read(script: str) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    file = ROOT / "build" / "macos" / script
    assert subprocess.run(["bash", "-n", str(file)]).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="runs a script for bash")
def test_signing_without_a_certificate_is_skipped_loudly_and_runs_nothing(tmp_path: Path) -> None:
    script = ROOT / "build" / "macos" / "prepare-signing.sh"
    env = {"PATH": os.environ["PATH"], "GITHUB_ENV": str(tmp_path / "env")}
    done = subprocess.run([str(script)], env=env, capture_output=True, text=True)
    assert done.returncode == 0
    assert "::warning::NO CERTIFICATE" in done.stdout
    assert not (tmp_path / "env").exists()


@pytest.mark.skipif(os.name == "nt", reason="runs a script for bash")
def test_signing_with_a_certificate_tells_the_next_steps_its_name(tmp_path: Path) -> None:
    """Apple's programs are stood in for; what is proven is what they are asked."""
    fake = tmp_path / "bin"
    fake.mkdir()
    name = "Developer ID Application: Someone (ABC)"
    answer = f"""case "$1" in find-identity) echo '  1) 0F "{name}"' ;; esac"""
    for program in ("security", "xcrun"):
        file = fake / program
        log = tmp_path / "asked"
        file.write_text(f'#!/bin/sh\necho "{program} $*" >>"{log}"\n{answer}\n')
        file.chmod(0o755)
    env = {
        "PATH": f"{fake}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ENV": str(tmp_path / "env"),
        "CERTIFICATE": "c2VjcmV0",
        "PASSWORD": "a b",
        "NOTARY_APPLE_ID": "someone",
        "NOTARY_TEAM": "ABC",
        "NOTARY_PASSWORD": "p",
    }
    script = ROOT / "build" / "macos" / "prepare-signing.sh"
    done = subprocess.run([str(script)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = (tmp_path / "env").read_text()
    assert told == f"PERSONA_SIGN_AS={name}\nPERSONA_NOTARY_PROFILE=persona\n"
    assert not (tmp_path / "persona.p12").exists(), "the certificate does not stay on the disk"
    assert "xcrun notarytool store-credentials" in (tmp_path / "asked").read_text()
