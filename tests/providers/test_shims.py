"""What package managers put on PATH, and the program behind it."""

from pathlib import Path

import pytest

from desktop.providers.shims import cmd_target, resolved

NPM_EXE = """@ECHO off\r
GOTO start\r
:find_dp0\r
SET dp0=%~dp0\r
EXIT /b\r
:start\r
SETLOCAL\r
CALL :find_dp0\r
"%dp0%\\node_modules\\@anthropic-ai\\claude-code\\bin\\claude.exe"   %*\r
"""
NPM_NODE = """@ECHO off\r
GOTO start\r
:find_dp0\r
SET dp0=%~dp0\r
EXIT /b\r
:start\r
SETLOCAL\r
CALL :find_dp0\r
\r
IF EXIST "%dp0%\\node.exe" (\r
  SET "_prog=%dp0%\\node.exe"\r
) ELSE (\r
  SET "_prog=node"\r
  SET PATHEXT=%PATHEXT:;.JS;=;%\r
)\r
\r
endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"  ^\r
"%dp0%\\node_modules\\@google\\gemini-cli\\bundle\\gemini.js" %*\r
"""
PNPM = """@SETLOCAL\r
@IF EXIST "%~dp0\\node.exe" (\r
  "%~dp0\\node.exe"  "%~dp0\\global\\5\\node_modules\\droid\\bin\\droid" %*\r
) ELSE (\r
  @SET PATHEXT=%PATHEXT:;.JS;=;%\r
  node  "%~dp0\\global\\5\\node_modules\\droid\\bin\\droid" %*\r
)\r
"""


@pytest.mark.parametrize(
    ("shim", "target"),
    [
        (NPM_EXE, r"C:\npm\node_modules\@anthropic-ai\claude-code\bin\claude.exe"),
        (NPM_NODE, r"C:\npm\node_modules\@google\gemini-cli\bundle\gemini.js"),
        (PNPM, r"C:\npm\global\5\node_modules\droid\bin\droid"),
        ("@echo off\r\ncall something %*\r\n", ""),
    ],
    ids=["npm, a program", "npm, a script", "pnpm", "unknown"],
)
def test_a_cmd_file_is_read_and_never_started(shim: str, target: str) -> None:
    assert cmd_target(shim, "C:\\npm") == target


def a_program(path: Path, text: str = "\x7fELF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def node(_folder: Path) -> str:
    return "/usr/bin/node"


def test_a_link_leads_to_the_program_itself(tmp_path: Path) -> None:
    program = a_program(tmp_path / "lib/claude.exe")
    link = tmp_path / "bin"
    link.mkdir()
    (link / "claude").symlink_to(program)
    assert resolved(link / "claude", node) == (str(program),)


def test_a_script_of_node_is_started_by_node(tmp_path: Path) -> None:
    script = a_program(tmp_path / "gemini.js", "#!/usr/bin/env node\n")
    assert resolved(script, node) == ("/usr/bin/node", str(script))
    assert resolved(script, lambda _folder: None) is None


def test_a_shell_shim_of_pnpm_leads_to_its_script(tmp_path: Path) -> None:
    script = a_program(tmp_path / "store/gemini.js", "#!/usr/bin/env node\n")
    shim = a_program(
        tmp_path / "bin/gemini",
        '#!/bin/sh\nif [ -x "$basedir/node" ]; then\n exec "$basedir/node" '
        '"$basedir/../store/gemini.js" "$@"\nelse\n exec node "$basedir/../store/gemini.js" "$@"\n',
    )
    assert resolved(shim, node) == ("/usr/bin/node", str(script))


def test_a_program_that_looks_at_its_name_is_started_by_its_link(tmp_path: Path) -> None:
    a_program(tmp_path / "volta-shim")
    (tmp_path / "claude").symlink_to(tmp_path / "volta-shim")
    assert resolved(tmp_path / "claude", node) == (str(tmp_path / "claude"),)


def test_a_shell_script_of_another_make_is_started_as_it_is(tmp_path: Path) -> None:
    script = a_program(tmp_path / "claude", '#!/bin/sh\nexec /opt/claude "$@"\n')
    assert resolved(script, node) == (str(script),)
