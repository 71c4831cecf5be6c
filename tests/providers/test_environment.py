"""What of our environment a CLI may see."""

import os
from pathlib import Path

import pytest

from desktop.providers.catalog import CLAUDE, DROID, GEMINI
from desktop.providers.environment import handed_on

OURS = {
    "PATH": "/usr/bin",
    "HOME": "/home/me",
    "LANG": "ko_KR.UTF-8",
    "LC_ALL": "ko_KR.UTF-8",
    "https_proxy": "http://proxy",
    "NODE_EXTRA_CA_CERTS": "/ca.pem",
    "Path": "ignored",
    "SystemRoot": "C:\\Windows",
    "ANTHROPIC_API_KEY": "a",
    "GEMINI_API_KEY": "g",
    "FACTORY_API_KEY": "f",
    "CLAUDECODE": "1",
    "CLAUDE_CODE_ENTRYPOINT": "cli",
    "CLAUDE_CODE_USE_SOMETHING": "1",
    "NODE_OPTIONS": "--require /evil.js",
    "LD_PRELOAD": "/evil.so",
    "AWS_SECRET_ACCESS_KEY": "s",
    "GITHUB_TOKEN": "s",
}


def test_only_what_is_named_is_handed_on() -> None:
    given = handed_on(OURS)
    plain = {"PATH", "HOME", "LANG", "LC_ALL", "https_proxy", "NODE_EXTRA_CA_CERTS", "SystemRoot"}
    assert set(given) == plain


@pytest.mark.parametrize(
    ("row", "key"),
    [(CLAUDE, "ANTHROPIC_API_KEY"), (GEMINI, "GEMINI_API_KEY"), (DROID, "FACTORY_API_KEY")],
)
def test_each_cli_gets_its_own_key_and_no_other(row: object, key: str) -> None:
    given = handed_on(OURS, names=row.env_names)  # type: ignore[attr-defined]
    keys = {name for name in given if name.endswith("_KEY")}
    assert keys == {key}
    assert not any(name.startswith("CLAUDE") for name in given)


def test_path_temp_and_home_are_ours_to_set() -> None:
    given = handed_on(OURS, path="/a:/b", temp=Path("/t"), home=Path("/h"))
    assert (given["PATH"], given["HOME"]) == ("/a:/b", "/h")
    temps = {"TMPDIR", "TEMP", "TMP"} if os.name == "nt" else {"TMPDIR"}
    assert {name: given[name] for name in given if name in {"TMPDIR", "TEMP", "TMP"}} == (
        dict.fromkeys(temps, str(Path("/t")))
    )
