"""The AI CLIs the tests are run against: pinned, installed into out/clis, never into the system."""

import shutil

from devkit.page import find_node, npm
from devkit.places import INSTALLED_CLIS, TEST_CLIS
from devkit.programs import SetUpFailed, say
from devkit.stamps import digest, is_done, mark_done

FILES = ("package.json", "package-lock.json", ".npmrc")
STAMP = INSTALLED_CLIS / ".installed"
LOUD = "!!! THE REAL CLIs COULD NOT BE INSTALLED: THEIR TESTS WILL BE SKIPPED !!!"


def test_environment() -> dict[str, str]:
    """What the tests are told: the Node to use, and whether a CLI that is missing is a failure."""
    required = {"PERSONA_REQUIRE_CLIS": "1"} if is_done(STAMP, _wanted()) else {}
    return {**find_node().env, **required}


def install() -> bool:
    """Have the pinned CLIs; say so loudly and go on where they cannot be had."""
    if not (TEST_CLIS / "package.json").exists():
        return False
    if is_done(STAMP, _wanted()):
        return True
    INSTALLED_CLIS.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (TEST_CLIS / name).exists():
            shutil.copy(TEST_CLIS / name, INSTALLED_CLIS / name)
    try:
        # Not `ci`: it refuses a lock that leaves out a program's parts for other systems.
        words = ["install", "--no-save"]
        npm(find_node(), words, INSTALLED_CLIS, "installing the AI CLIs for the tests")
    except SetUpFailed as error:
        say(f"{error}\n\n{LOUD}\n")
        return False
    mark_done(STAMP, _wanted())
    return True


def _wanted() -> str:
    return digest([TEST_CLIS / name for name in FILES])
