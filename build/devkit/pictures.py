"""``pictures``: photographs every page of the window, light and dark, at three widths."""

from devkit import environment, page, system_packages
from devkit.app import QUIET
from devkit.display import sandbox_for_root
from devkit.places import OUT, PYTHON, ROOT
from devkit.programs import call, say

FOLDER = OUT / "pictures"


def take(arguments: list[str]) -> int:
    """Set up what is missing and run ``tests.window.look``; return its exit code.

    ``arguments`` go to it; without ``--out`` the pictures are put into out/pictures.
    """
    environment.for_developing()
    system_packages.for_window(virtual_display=True)
    page.build()
    if not any(each == "--out" or each.startswith("--out=") for each in arguments):
        arguments = ["--out", str(FOLDER), *arguments]
        say(f"The pictures go to {FOLDER.relative_to(ROOT)}.")
    env = {"PYTHONPATH": str(ROOT), **sandbox_for_root(quiet=True), **QUIET}
    return call([PYTHON, "-m", "tests.window.look", *arguments], env=env)
