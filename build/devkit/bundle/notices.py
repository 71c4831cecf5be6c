"""Writes what the bundle holds of others: a text for people, and an SBOM for programs."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from devkit.bundle.names import NAME, TITLE, version
from devkit.bundle.parts import Part
from devkit.places import ROOT

NOTICES = "THIRD-PARTY-NOTICES.txt"
SBOM = "sbom.cdx.json"
SPDX = re.compile(r"\(?[\w.+-]+(?: (?:OR|AND|WITH) [\w.+-]+)*\)?")
NO_SPDX = {"BSD", "unknown"}
"""Words that look like an identifier and are none."""
WITH_QT = ("pyside6", "shiboken6")
NO_FILE = "The package names its licence, {licence}, and brings no file with the text."
RULE = "=" * 78
OPENING = """{title} {version}

{title} is under the MIT licence, which stands first below. It contains the works
listed here, each under the licence of its own.
"""
ABOUT_QT = """
Qt, Qt WebEngine and PySide6 are used under the GNU Lesser General Public License,
version 3. They lie as libraries of their own in _internal/PySide6 and
_internal/shiboken6, unchanged but for stripped symbols, and may be exchanged there for
other builds of the same interface. Their sources are published by The Qt Company at
https://download.qt.io/official_releases/ under the version number given below. Qt WebEngine
contains Chromium; the licences of its parts are listed at
https://doc.qt.io/qt-6/qtwebengine-licensing.html
"""


def text(parts: Iterable[Part]) -> str:
    """The list first, then every licence in full; equal texts are printed once."""
    listed = list(parts)
    lines = [OPENING.format(title=TITLE, version=version())]
    width = max(len(part.name) for part in listed)
    lines += [f"  {part.name:<{width}}  {part.version}  {part.licence}" for part in listed]
    if any(part.name.startswith("Qt,") for part in listed):
        lines.append(ABOUT_QT)
    lines += _section([TITLE], (ROOT / "LICENSE").read_text(encoding="utf-8"))
    sharing: dict[str, list[str]] = {}
    for part in listed:
        if part.text or not part.name.startswith(WITH_QT):
            said = part.text or NO_FILE.format(licence=part.licence)
            sharing.setdefault(said.strip(), []).append(f"{part.name} {part.version}")
    for licence, names in sharing.items():
        lines += _section(names, licence)
    return "\n".join(lines) + "\n"


def _section(names: list[str], licence: str) -> list[str]:
    return ["", RULE, *names, RULE, "", licence.strip()]


def sbom(parts: Iterable[Part]) -> dict[str, Any]:
    """CycloneDX 1.5. The serial number follows from the content, so that builds can be compared."""
    components = [_component(part) for part in parts]
    content = json.dumps(components, sort_keys=True) + version()
    digest = hashlib.sha256(content.encode()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.UUID(digest[:32], version=4)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": NAME,
                "version": version(),
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": NAME, "dependsOn": [component["bom-ref"] for component in components]}
        ],
    }


def _component(part: Part) -> dict[str, Any]:
    is_spdx = SPDX.fullmatch(part.licence) and part.licence not in NO_SPDX
    told = {"expression": part.licence} if is_spdx else {"license": {"name": part.licence}}
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": part.purl or f"{part.name}@{part.version}",
        "name": part.name,
        "version": part.version,
        "licenses": [told],
    }
    if part.purl:
        component["purl"] = part.purl
    return component


def write(folder: Path, parts: Iterable[Part]) -> None:
    """Put both files into ``folder``."""
    listed = list(parts)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTICES).write_text(text(listed), encoding="utf-8")
    told = json.dumps(sbom(listed), indent=2, ensure_ascii=False) + "\n"
    (folder / SBOM).write_text(told, encoding="utf-8")
