"""``check`` and ``test``: every step is run even after a failure, and all are named at the end."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from devkit import clis, environment, page, system_packages
from devkit.display import sandbox_for_root, virtual_display
from devkit.places import BUILD, LINUX, OUT, PYTHON, ROOT, venv_program
from devkit.programs import SetUpFailed, capture, follow, say

TYPED = ("desktop", "build/dev.py", "build/generate_protocol.py")
LAST = ("window", "flows", "benchmarks")
"""Folders of tests that are slow, so that a small mistake is seen before them."""
ALONE = ("reliability", "packaging", "window", "benchmarks")
"""Folders whose tests drive real programs and watch their time: never two of them at once."""
_ALONE_TOO = re.compile(r"test_(\w+_cli|claude_security|detect|lanes|process|watchdog)\.py")
"""Such files of ``providers``; the others there are pure."""

_FAILED = re.compile(r"(FAILED|ERROR) (tests/\S+::.+?)(?: - .*)?$")
_REAL = ("tests/window/", "tests/flows/", "tests/reliability/")
_FEW = 6
"""More failures than this are no accident of a busy machine."""


@dataclass(frozen=True)
class Outcome:
    """How one step went. ``seconds`` is wall-clock time."""

    name: str
    passed: bool
    seconds: float
    closing: str = ""


def check() -> int:
    """Everything that can be judged without running the program."""
    prepared = _attempt("set-up", _prepare_check)
    return _report([prepared, *_static()] if prepared.passed else [prepared])


def test(arguments: list[str]) -> int:
    """All checks, then all tests; with ``arguments`` only pytest, which gets them."""
    prepared = _attempt("set-up", _prepare_test)
    if not prepared.passed:
        return _report([prepared])
    built = _attempt("vite build", page.build)
    if arguments:
        return _report([prepared, built, _pytest(arguments)])
    # A file stays on one worker: what its tests share is made once.
    many = _pytest(["-n", "2", "--dist", "loadfile", *test_places(alone=False)], "pytest, many")
    return _report([prepared, built, *_static(), many, _pytest(test_places(alone=True))])


def test_places(*, alone: bool) -> list[str]:
    """The folders and files whose tests must run one by one, or all the others."""
    places = []
    for folder in test_folders():
        if folder != "tests/providers":
            places += [folder] * (alone == (folder.removeprefix("tests/") in ALONE))
            continue
        files = sorted(path.name for path in (ROOT / folder).glob("test_*.py"))
        places += [f"{folder}/{name}" for name in files if alone == bool(_ALONE_TOO.match(name))]
    return places


def test_folders() -> list[str]:
    """The folders of tests in the order in which they are run."""
    tests = ROOT / "tests"
    folders = {path.relative_to(tests).parts[0] for path in tests.rglob("test_*.py")}
    ordered = sorted(folders - {"benchmarks"}, key=lambda name: (name in LAST, name))
    return [f"tests/{name}" for name in ordered]


def _prepare_check() -> None:
    environment.for_developing()
    page.install_packages(page.find_node())


def _prepare_test() -> None:
    environment.for_developing()
    system_packages.for_window(virtual_display=True)
    system_packages.for_other_engine()
    page.install_packages(page.find_node())
    clis.install()


def _attempt(name: str, work: Callable[[], None]) -> Outcome:
    began = time.monotonic()
    try:
        work()
    except SetUpFailed as error:
        say(str(error))
        return Outcome(name, False, time.monotonic() - began)
    return Outcome(name, True, time.monotonic() - began)


def _static() -> list[Outcome]:
    python: list[tuple[str, list[str]]] = [
        ("ruff check", [venv_program("ruff"), "check", "--quiet", "."]),
        ("ruff format", [venv_program("ruff"), "format", "--check", "--quiet", "."]),
        ("mypy", [PYTHON, "-m", "mypy", *TYPED]),
        ("import floors", [venv_program("lint-imports"), "--cache-dir", "out/import_linter"]),
        ("protocol", [PYTHON, str(BUILD / "generate_protocol.py"), "--check"]),
    ]
    outcomes = [_step(name, command) for name, command in python]
    node = page.find_node()
    for name, script in (
        ("svelte-check", "check"),
        ("eslint", "lint"),
        ("prettier", "format:check"),
        ("vitest", "test"),
    ):
        command = [*node.npm, "--prefix", "ui", "run", "--silent", script]
        outcomes.append(_step(name, command, node.env))
    return outcomes


def _step(name: str, command: list[str], env: dict[str, str] | None = None) -> Outcome:
    began = time.monotonic()
    code, output = capture(command, env=env)
    outcome = Outcome(name, code == 0, time.monotonic() - began)
    say(f"{'passed' if outcome.passed else 'FAILED'}  {name}  ({outcome.seconds:.1f} s)")
    if not outcome.passed:
        say(output)
    return outcome


def _pytest(arguments: list[str], name: str = "pytest") -> Outcome:
    OUT.mkdir(exist_ok=True)
    chosen = arguments or test_folders()
    if not any(_is_a_place(argument) for argument in chosen):
        chosen = [*chosen, *test_folders()]
    began = time.monotonic()
    told = {**clis.test_environment(), **sandbox_for_root(quiet=True)}
    if LINUX:
        with virtual_display() as screen:
            code, lines = _run_tests(chosen, {**told, **screen})
    else:
        code, lines = _run_tests(chosen, told)
    closing = next((line.strip("= ") for line in reversed(lines) if line.strip()), "")
    return Outcome(name, code == 0, time.monotonic() - began, closing)


def _run_tests(chosen: list[str], env: dict[str, str]) -> tuple[int, list[str]]:
    """Run pytest; what failed and drives a real program is tried once more, by itself, and named.

    A window or a CLI beside hundreds of other tests may be late on a busy machine. A fault of ours
    fails twice.
    """
    command = [PYTHON, "-m", "pytest", "--durations=10"]
    code, lines = follow([*command, *chosen], env=env)
    failed = worth_another_try(lines)
    if code != 1 or not failed:
        return code, lines
    say(f"\nSECOND TRY of {len(failed)} that drive a real program: {', '.join(failed)}")
    return follow([*command, *failed], env=env)


def worth_another_try(lines: list[str]) -> list[str]:
    """The failed tests, if they are few and each drives a real window or CLI; else none."""
    failed = [match[2] for line in lines if (match := _FAILED.match(line))]
    real = all(each.startswith(_REAL) or "_cli" in each.split("::")[0] for each in failed)
    return failed if real and len(failed) <= _FEW else []


def _is_a_place(argument: str) -> bool:
    return (ROOT / argument.split("::", maxsplit=1)[0]).exists()


def _report(outcomes: list[Outcome]) -> int:
    say("")
    for outcome in outcomes:
        word = "passed" if outcome.passed else "FAILED"
        say(f"{word}  {outcome.name:<14} {outcome.seconds:7.1f} s")
    say(f"total {sum(outcome.seconds for outcome in outcomes):.0f} s")
    for outcome in outcomes:
        if outcome.closing:
            say(outcome.closing)
    return 0 if all(outcome.passed for outcome in outcomes) else 1
