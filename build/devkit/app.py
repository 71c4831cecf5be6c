"""``run``: opens the app, or shows its first turn on a virtual screen where there is none."""

from devkit import environment, page, system_packages
from devkit.display import has_display, sandbox_for_root, virtual_display
from devkit.places import OUT, PYTHON, ROOT
from devkit.programs import call, say

SCREENSHOT = OUT / "first-turn.png"
QUIET = {
    "QT_LOGGING_RULES": "*.info=false;*.warning=false",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--log-level=3",
}
"""A virtual screen has no GPU, no Vulkan and no message bus; every line about that is noise."""
NEEDS_NO_WINDOW = {"say", "doctor", "demo", "--version", "--help", "-h"}


def run(arguments: list[str]) -> int:
    """Set up what is missing, then open the app with ``arguments``; return its exit code."""
    environment.for_running()
    system_packages.for_window(virtual_display=not has_display())
    page.build()
    app = [PYTHON, "-m", "desktop"]
    if has_display() or NEEDS_NO_WINDOW.intersection(arguments):
        return call([*app, *arguments], env=sandbox_for_root(quiet=bool(arguments)))
    say("There is no display here, so the app is shown on a virtual one: one turn of the starter")
    say("room, played by the built-in storyteller (practice text, not an AI).")
    OUT.mkdir(exist_ok=True)
    with virtual_display() as screen:
        env = {**screen, **sandbox_for_root(), **QUIET}
        code = call([*app, *arguments, "demo", "--screenshot", str(SCREENSHOT)], env=env)
    if code == 0:
        say(f"The window as it looked then: {SCREENSHOT.relative_to(ROOT)}")
    return code
