"""The system libraries the window needs on Linux: looked up, and installed where that may be."""

import os
import shutil

from devkit.places import LINUX, PYTHON
from devkit.programs import SetUpFailed, capture, must, say

Alternatives = tuple[str, ...]
"""Names of one library in different releases; any of them will do."""

WINDOW: tuple[Alternatives, ...] = (
    ("libegl1",),
    ("libgl1",),
    ("libx11-xcb1",),
    ("libxcomposite1",),
    ("libxdamage1",),
    ("libxrandr2",),
    ("libxtst6",),
    ("libasound2", "libasound2t64"),
    ("libdbus-1-3",),
    ("libfontconfig1",),
    ("libgbm1",),
    ("libglib2.0-0", "libglib2.0-0t64"),
    ("libgssapi-krb5-2",),
    ("libnss3",),
    ("libxcb-cursor0",),
    ("libxcb-icccm4",),
    ("libxcb-keysyms1",),
    ("libxcb-randr0",),
    ("libxcb-shape0",),
    ("libxcb-xkb1",),
    ("libxkbcommon-x11-0",),
    ("libxkbfile1",),
    ("fontconfig",),
    ("fonts-noto-color-emoji",),
)
VIRTUAL_DISPLAY: tuple[Alternatives, ...] = (("xvfb",), ("xauth",))
OTHER_ENGINE: tuple[Alternatives, ...] = (("python3-gi",), ("gir1.2-webkit2-4.1",))
"""WebKit, in which the page is tried too: macOS shows it there. Nothing but a test needs it."""
KOREAN_FONT = "fonts-noto-cjk"
MISSING = "System packages are missing. Run this, then try again:"


def for_window(*, virtual_display: bool) -> None:
    """Have everything the window needs. Raises SetUpFailed with the command to type."""
    if not LINUX:
        return
    if shutil.which("dpkg-query") is None:
        _try_qt()
        return
    wanted = WINDOW + (VIRTUAL_DISPLAY if virtual_display else ())
    present = _installed([name for group in wanted for name in group])
    missing = [group for group in wanted if not present.intersection(group)]
    names = [_candidate(group) for group in missing]
    if not _has_korean_font():
        names.append(KOREAN_FONT)
    if names:
        install(names)


def for_other_engine() -> None:
    """Have WebKit for the test of it where that may be had silently; say so where it may not."""
    if not LINUX or shutil.which("dpkg-query") is None:
        return
    names = [group[0] for group in OTHER_ENGINE]
    if missing := [name for name in names if name not in _installed(names)]:
        try:
            install(missing)
        except SetUpFailed as reason:
            say(f"The page will NOT be tried in WebKit: {reason}")


def install(packages: list[str]) -> None:
    """Install Debian packages, or raise SetUpFailed naming the exact command."""
    command = "sudo apt-get install -y --no-install-recommends " + " ".join(packages)
    prefix = _permission()
    if prefix is None or shutil.which("apt-get") is None:
        raise SetUpFailed(f"{MISSING}\n\n  {command}\n")
    say(f"· system packages are missing: {' '.join(packages)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    must("updating the package lists", [*apt, "update"])
    chosen = [*apt, "install", "-y", "--no-install-recommends", *packages]
    try:
        must("installing system packages", chosen)
    except SetUpFailed as error:
        raise SetUpFailed(f"{error}\n\nThe command was:\n\n  {command}\n") from None


def is_root() -> bool:
    """Windows has no such user."""
    return bool(getattr(os, "geteuid", lambda: 1)() == 0)


def _permission() -> list[str] | None:
    """What to put before a command that needs root; None where it may not be had silently."""
    if is_root():
        return []
    if shutil.which("sudo") and capture(["sudo", "-n", "true"])[0] == 0:
        return ["sudo", "-n"]
    return None


def _installed(names: list[str]) -> set[str]:
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *names]
    lines = capture(query)[1].splitlines()
    return {line.split()[0] for line in lines if line.endswith(" installed")}


def _candidate(group: Alternatives) -> str:
    """The name this release has; Ubuntu 24.04 renamed libraries with a 64-bit time."""
    for name in group[1:]:
        policy = capture(["apt-cache", "policy", name])[1]
        if "Candidate:" in policy and "Candidate: (none)" not in policy:
            return name
    return group[0]


def _has_korean_font() -> bool:
    if shutil.which("fc-list"):
        return bool(capture(["fc-list", ":lang=ko"])[1].strip())
    return bool(_installed(["fonts-noto-cjk", "fonts-nanum"]))


def _try_qt() -> None:
    """On other distributions only Qt itself can say what it lacks."""
    code, output = capture([PYTHON, "-c", "import PySide6.QtWebEngineCore"])
    if code != 0:
        reason = output.strip().splitlines()[-1] if output.strip() else f"exit code {code}"
        raise SetUpFailed(
            "Qt cannot be loaded here: " + reason + "\nInstall that library with your package"
            " manager (on Debian the whole list is: "
            + " ".join(group[0] for group in WINDOW)
            + ")."
        )
