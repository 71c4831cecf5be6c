"""Everything the app ships may be shipped under MIT, and the project's own licence is MIT."""

import json
import re
from importlib import metadata
from importlib.metadata import distributions
from typing import Any

import pytest

from tests.architecture.tracked_files import ROOT, texts

ALLOWED = re.compile(
    r"MIT(-0|-CMU)?|BSD(-[23]-Clause)?|Apache-2\.0|ISC|0BSD|PSF-2\.0|OFL-1\.1|BlueOak-1\.0\.0"
    r"|MPL-2\.0|Zlib|Unlicense|CC0-1\.0|CC-BY-4\.0|Python-2\.0"
)
CLASSIFIERS = {"MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0"}
LGPL = {"pyside6", "pyside6-addons", "pyside6-essentials", "shiboken6"}
"""Qt and its binding: libraries of their own that anyone may exchange in the app's folder."""


READ_IN_THEIR_FILES = {
    "node_modules/svelte-toolbelt": "MIT",
    "pyrage": "MIT",
    "sqlcipher3": "Zlib",
}
"""Packages that bring a licence file and do not name it in their description."""


def run_packages() -> list[str]:
    """What the lock of the app names and this system has; the rest is for other systems."""
    lock = (ROOT / "build" / "requirements" / "run.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
    here = {dist.name.lower().replace("_", "-").replace(".", "-") for dist in distributions()}
    return [name for name in locked if name in here]


def licence_of(package: str) -> str:
    """The licence as an SPDX expression, as far as the package tells."""
    told: Any = metadata.metadata(package)  # a Message, though its type does not say so
    if expression := told.get("License-Expression"):
        return str(expression)
    for classifier in map(str, told.get_all("Classifier") or []):
        if classifier.startswith("License :: "):
            return CLASSIFIERS.get(classifier.rpartition(" :: ")[2], classifier)
    named = str(told.get("License") or "unknown").splitlines()[0]
    return READ_IN_THEIR_FILES.get(package, named)


def is_allowed(expression: str) -> bool:
    """One allowed alternative is enough; of what is joined by AND, all must be."""
    bare = expression.replace("(", "").replace(")", "")
    return any(
        all(ALLOWED.fullmatch(part.strip()) for part in alternative.split(" AND "))
        for alternative in bare.split(" OR ")
    )


@pytest.mark.parametrize("package", run_packages())
def test_a_package_of_the_app_may_be_shipped(package: str) -> None:
    licence = licence_of(package)
    if package in LGPL:
        assert "LGPL-3.0-only" in licence
    else:
        assert is_allowed(licence), f"{package}: {licence}"


def test_the_app_was_looked_at_with_its_parts() -> None:
    assert {"pywebview", "msgspec", "aiosqlite", "keyring"} <= set(run_packages())


def test_every_package_of_the_page_may_be_shipped() -> None:
    lock = json.loads((ROOT / "ui" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    licences = {name: str(entry.get("license")) for name, entry in packages.items()}
    licences |= {name: READ_IN_THEIR_FILES[name] for name in READ_IN_THEIR_FILES & licences.keys()}
    assert not {name: told for name, told in licences.items() if not is_allowed(told)}


@pytest.mark.parametrize("expression", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0"])
def test_a_forbidden_licence_is_seen(expression: str) -> None:
    assert not is_allowed(expression)


def test_the_project_itself_is_under_mit() -> None:
    text = texts()[ROOT / "LICENSE"]
    assert text.startswith("MIT License\n")
    assert "Persona Chat contributors" in text
