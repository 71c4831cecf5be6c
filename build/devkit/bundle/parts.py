"""Other people's work that goes into the bundle: name, version, licence and its full text."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from devkit.places import RUN_LOCK, UI
from devkit.programs import SetUpFailed

COMMON = Path("/usr/share/common-licenses")
"""Where Debian and its relatives keep the texts that many packages share."""
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
IMPORT = re.compile(r"""(?:from|import|url\()\s*['"]([@\w][^'"]*)['"]""")
SOURCES = {".ts", ".svelte", ".css", ".js"}
QT = {"pyside6", "pyside6-addons", "pyside6-essentials", "shiboken6"}
KIL_HYUNG_JIN = "Copyright (c) 2021, Kil Hyung-jin, with Reserved Font Name Pretendard."
TOLD_ELSEWHERE = {"pretendard": KIL_HYUNG_JIN, "pretendard-jp": KIL_HYUNG_JIN}
"""Packages without a licence file, whose copyright stands in their description."""
SAME_TEXT = dict.fromkeys(TOLD_ELSEWHERE, "@fontsource/ibm-plex-mono")
CLASSIFIED = {"MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0"}


class Part(NamedTuple):
    """``purl`` is the package's address in the notation of SBOMs; empty where there is none."""

    name: str
    version: str
    licence: str
    text: str
    purl: str = ""


def python_itself() -> Part:
    """The interpreter and, on Windows and macOS, the libraries its licence file tells of."""
    places = (Path(sys.base_prefix), Path(sys.base_prefix, "lib", _python()))
    found = next((p / "LICENSE.txt" for p in places if (p / "LICENSE.txt").is_file()), None)
    version = ".".join(map(str, sys.version_info[:3]))
    text = found.read_text(encoding="utf-8", errors="replace") if found else _builtin_licence()
    return Part("Python", version, "PSF-2.0", text)


def python_packages() -> list[Part]:
    """What the lock of the app names and this system has. Qt's binding is told with Qt."""
    lock = RUN_LOCK.read_text(encoding="utf-8")
    parts = []
    for name in re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE):
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        text = "" if name in QT else _texts(found)
        parts.append(
            Part(name, found.version, _licence(found), text, f"pkg:pypi/{name}@{found.version}")
        )
    return parts


def page_packages() -> list[Part]:
    """What the page imports, and what that needs: more than the bundler keeps, never less."""
    wanted = sorted(_imported(UI / "src"))
    parts: dict[str, Part] = {}
    while wanted:
        name = wanted.pop()
        folder = UI / "node_modules" / name
        if name in parts or not (folder / "package.json").is_file():
            continue
        told = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        parts[name] = _page_part(name, folder, told)
        wanted += [each for each in told.get("dependencies", {}) if not each.startswith("@types/")]
    return sorted(parts.values())


def system_libraries(files: Iterable[Path]) -> list[Part]:
    """Debian's account of each library that was taken from the system, by source package."""
    parts: dict[str, Part] = {}
    for file in files:
        package = _owner(file)
        if not package:
            continue
        name = package.split(":")[0]
        copyright_ = Path("/usr/share/doc", name, "copyright")
        text = copyright_.read_text(encoding="utf-8", errors="replace")
        if name not in parts:
            version = _ask("dpkg-query", "-W", "-f", "${Version}", package)
            purl = f"pkg:deb/debian/{name}@{version}"
            parts[name] = Part(name, version, "see below", text, purl)
    return sorted(parts.values())


def qt_licences() -> list[Part]:
    """The texts that go with Qt, which is on Linux only. Raises SetUpFailed where they lack."""
    texts = [COMMON / name for name in ("LGPL-3", "GPL-3")]
    if missing := [str(path) for path in texts if not path.is_file()]:
        raise SetUpFailed(
            f"The licence texts that go with Qt are not on this machine: {', '.join(missing)}"
        )
    version = metadata.version("PySide6")
    both = "\n\n".join(path.read_text(encoding="utf-8") for path in texts)
    return [Part("Qt, Qt WebEngine and PySide6", version, "LGPL-3.0-only", both)]


def _python() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _builtin_licence() -> str:
    # Where a Linux distribution has put the file elsewhere, the interpreter can still say it.
    told = "import site; site.setcopyright() if hasattr(site, 'setcopyright') else 0; license()"
    asked = [sys.executable, "-c", told]
    done = subprocess.run(asked, input="\n" * 60, capture_output=True, text=True, check=False)
    return done.stdout or "Python Software Foundation License 2.0, https://docs.python.org/license"


def _licence(found: metadata.Distribution) -> str:
    told: Any = found.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    for classifier in told.get_all("Classifier") or []:
        if classifier.startswith("License :: ") and not classifier.endswith("Approved"):
            short = classifier.rpartition(" :: ")[2]
            return CLASSIFIED.get(str(short), str(short))
    return str(told.get("License") or "unknown").splitlines()[0]


def _texts(found: metadata.Distribution) -> str:
    """Every licence file of an installed package, in its own words."""
    files = [
        Path(str(file.locate()))
        for file in found.files or []
        if LICENCE_FILE.search(file.name) and ".dist-info" in str(file)
    ]
    told: Any = found.metadata
    if not files and told.get("License"):
        return str(told["License"])
    return "\n\n".join(_read(file) for file in sorted(files) if file.is_file())


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace").strip()


def _imported(folder: Path) -> set[str]:
    files = (file for file in folder.rglob("*") if file.suffix in SOURCES)
    found = (name for file in files for name in IMPORT.findall(file.read_text("utf-8")))
    return {_package(name) for name in found if not name.startswith(("http", "data:"))}


def _package(imported: str) -> str:
    words = imported.split("/")
    return "/".join(words[: 2 if imported.startswith("@") else 1])


def _page_part(name: str, folder: Path, told: dict[str, object]) -> Part:
    text = "\n\n".join(_read(file) for file in _licence_files(folder))
    if not text and name in TOLD_ELSEWHERE:
        same = _licence_files(UI / "node_modules" / SAME_TEXT[name])
        text = TOLD_ELSEWHERE[name] + "\n\n" + _body(_read(next(iter(same))))
    version, licence = str(told["version"]), str(told.get("license") or "see below")
    if licence == "see below" and "MIT" in text[:200]:
        licence = "MIT"
    purl = "pkg:npm/" + name.replace("@", "%40") + f"@{version}"
    return Part(name, version, licence, text, purl)


def _licence_files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.iterdir() if f.is_file() and LICENCE_FILE.match(f.name))


def _body(text: str) -> str:
    """A licence without the copyright lines of the work it came with."""
    return text[text.index("This Font Software is licensed") :]


def _owner(file: Path) -> str:
    """The Debian package a file belongs to; merged /usr makes it known by either name."""
    for name in (file, Path(str(file).replace("/usr/lib/", "/lib/", 1)), file.resolve()):
        told = _ask("dpkg-query", "-S", str(name))
        if told:
            return told.splitlines()[0].rpartition(": ")[0].split(",")[0]
    return ""


def _ask(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def everything(libraries: Iterable[Path]) -> Iterator[Part]:
    """All parts of the bundle that is made here."""
    yield python_itself()
    if sys.platform.startswith("linux"):
        yield from qt_licences()
    yield from python_packages()
    yield from page_packages()
    yield from system_libraries(libraries)


def owner_of_library(name: str) -> str:
    """The Debian package, without its architecture, that brings a library such as libGL.so.1."""
    cache = _ask("/sbin/ldconfig", "-p")
    found = re.search(rf"^\s*{re.escape(name)} .*=> (\S+)$", cache, re.MULTILINE)
    return _owner(Path(found.group(1))).split(":")[0] if found else ""
