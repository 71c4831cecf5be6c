"""Proves the .deb: a bare Debian, apt, the window tests as an ordinary user, a clean removal.

Needs root and Debian's ``debootstrap``. The bare system is kept in out/debian for the next time;
what is tried is a copy of it, in a mount namespace of its own, so nothing here is changed.
"""

import os
import shutil
import subprocess
from pathlib import Path

from devkit.bundle.names import COMMAND
from devkit.display import virtual_display
from devkit.places import BUILD, OUT, PYTHON, ROOT
from devkit.programs import SetUpFailed, call, must, say

BASE = OUT / "debian" / "base"
TRIAL = OUT / "debian" / "trial"
SUITE = "bookworm"
PERSON = "persona-tester"
UID = 4711
ENTER = BUILD / "linux" / "enter.sh"
LOOSE_ENDS = (
    "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log", "etc/ld.so.cache", "tmp", "run",
    "proc", "sys", "dev", ".outside",
)  # fmt: skip
"""Where apt and dpkg keep their own books."""


def prove(package: Path, tests: tuple[str, ...] = ("tests/window/test_a_table.py",)) -> int:
    """Install, look, test, remove; return pytest's exit code. Raises SetUpFailed."""
    if os.geteuid() != 0:
        raise SetUpFailed("the bare Debian can be entered as root only")
    make_base()
    fresh_trial()
    # A base installed in passing by apt stays; only what our own package brought must go.
    shutil.copy(package, TRIAL / "tmp" / "persona-chat.deb")
    apt("update", "-qq")
    needed = _depends(package)
    apt("install", "-y", "-qq", "--no-install-recommends", *needed, "fonts-nanum")
    before = _files()
    apt("install", "-y", "-qq", "--no-install-recommends", "/tmp/persona-chat.deb")
    inside(["useradd", "--uid", str(UID), "--create-home", PERSON])
    after_user = _files() - before
    say(f"installed: {sum(1 for name in after_user if not name.startswith('home/'))} new files")
    _libraries_are_there()
    with virtual_display() as screen:
        code = _test(tests, screen)
    _remove(before)
    return code


def make_base() -> None:
    """Debian with nothing but what every Debian has, made once."""
    if (BASE / "etc" / "debian_version").exists():
        return
    if shutil.which("debootstrap") is None:
        raise SetUpFailed("debootstrap is needed: apt-get install debootstrap")
    BASE.parent.mkdir(parents=True, exist_ok=True)
    must("making a bare Debian", ["debootstrap", "--variant=minbase", SUITE, str(BASE)])


def fresh_trial() -> None:
    shutil.rmtree(TRIAL, ignore_errors=True)
    must("copying it", ["cp", "-a", str(BASE), str(TRIAL)])
    # The network's names and trust are the machine's, and gone with the trial.
    shutil.copy("/etc/resolv.conf", TRIAL / "etc" / "resolv.conf")
    # No daemon may be started by a package that is being installed.
    policy = TRIAL / "usr" / "sbin" / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    policy.chmod(0o755)


def inside(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run as root in the trial. Raises SetUpFailed with what was said."""
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    done = subprocess.run(
        [str(ENTER), str(TRIAL), "root", *command],
        env={**env, **proxies, "HOME": "/root", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout.decode("utf-8", "replace")[-4_000:]
        raise SetUpFailed(f"{' '.join(command[:4])} … failed in the bare Debian:\n{said}")
    return done


def apt(*words: str) -> None:
    say(f"· apt-get {words[0]} in the bare Debian")
    inside(["apt-get", *words])


def _depends(package: Path) -> list[str]:
    """Its dependencies as apt would choose them: the first name that this Debian has."""
    told = subprocess.run(
        ["dpkg-deb", "--field", str(package), "Depends"], capture_output=True, text=True, check=True
    )
    names = [each.split("|")[0].split("(")[0].strip() for each in told.stdout.split(",")]
    return [name for name in names if name != "libc6"]


def _libraries_are_there() -> None:
    """Everything the program loads is found by the loader, plugins included."""
    look = (
        "cd /usr/lib/persona-chat && find . -name '*.so*' -type f "
        "-exec env LD_LIBRARY_PATH=_internal:_internal/PySide6/Qt/lib ldd {} + | grep 'not found'"
    )
    told = inside(["sh", "-c", f"which ldd >/dev/null && ({look}) || true"]).stdout.decode()
    if told.strip():
        raise SetUpFailed(f"libraries are missing after the installation:\n{told}")


def _test(tests: tuple[str, ...], screen: dict[str, str]) -> int:
    """The window tests, whose program is a script that enters the trial as the ordinary person."""
    work = TRIAL / "home" / PERSON / "tests"
    start = OUT / "debian" / COMMAND
    start.write_text(
        f'#!/bin/sh\nexec "{ENTER}" "{TRIAL}" {PERSON} /usr/bin/{COMMAND} "$@"\n', encoding="utf-8"
    )
    start.chmod(0o755)
    command = [PYTHON, "-m", "pytest", f"--basetemp={work}", *tests]
    return call(command, env={**screen, "PERSONA_APP": str(start), "PYTHONPATH": str(ROOT)})


def _files() -> set[str]:
    """Every file of the trial but the books of apt and dpkg."""
    found = set()
    for path in TRIAL.rglob("*"):
        name = path.relative_to(TRIAL).as_posix()
        if not name.startswith(LOOSE_ENDS):
            found.add(name)
    return found


def _remove(before: set[str]) -> None:
    """Take the package away; what is left may only be the person's own."""
    home = TRIAL / "home" / PERSON / ".local" / "share" / "PersonaChat"
    inside(["runuser", "-u", PERSON, "--", COMMAND, "say", "--provider", "storyteller", "안녕"])
    stories = home / "persona-chat.db"
    if not stories.is_file():
        raise SetUpFailed("the installed program stored nothing in the person's home")
    apt("purge", "-y", "-qq", COMMAND)
    left = sorted(name for name in _files() - before if not name.startswith("home/"))
    ours = [name for name in left if name not in USERS_BOOKS]
    if ours:
        raise SetUpFailed("left behind after the removal:\n  " + "\n  ".join(ours))
    if not stories.is_file():
        raise SetUpFailed("the removal took the person's stories with it")
    say("removed: nothing is left but the person's stories")


USERS_BOOKS = {f"var/mail/{PERSON}", "etc/subuid-", "etc/subgid-", "etc/passwd-", "etc/shadow-",
               "etc/group-", "etc/gshadow-", "var/spool/mail"}  # fmt: skip
"""What making the user wrote."""
