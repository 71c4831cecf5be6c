"""What the program is called on each system, and what its packages are called."""

import platform
import sys
import tomllib

from devkit.places import OUT, ROOT

NAME = "PersonaChat"
"""The frozen program, its folder and, on Windows and macOS, the person's data folder."""
TITLE = "Persona Chat"
COMMAND = "persona-chat"
ID = "chat.persona.PersonaChat"
"""As AppStream and macOS name it."""
PUBLISHER = "Persona Chat contributors"
SUMMARY = "A desktop table for stories with several AI characters"
DIST = OUT / "dist"
PACKAGES = OUT / "packages"
"""Where finished installers go."""


def version() -> str:
    """The version in pyproject.toml, the only place where it stands."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def architecture(machine: str = "") -> str:
    """The processor as Debian says it, which all names of packages follow."""
    known = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
    found = (machine or platform.machine()).lower()
    return known.get(found, found)


def package_name(ending: str) -> str:
    """For example ``PersonaChat-0.1.0-linux-amd64.tar.zst``."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    if ending.endswith("exe"):
        system = "windows"
    return f"{NAME}-{version()}-{system}-{architecture()}{ending}"
