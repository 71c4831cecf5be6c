"""What a start does: open the window, say a line, examine, or show a turn."""

import asyncio
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from desktop import log
from desktop.command_line.options import Options, parse
from desktop.main.version import version
from desktop.paths import Paths, page_file, persons_folders
from desktop.protocol.problems import Trouble
from desktop.window import crash_notice
from desktop.window.display import SANDBOX_OFF, missing_display, root_in_the_way
from desktop.window.single_instance import SingleInstance

OK, FAILED, NO_DISPLAY = 0, 1, 3
PATIENCE_S = 3.0
"""How long threads that are not ours may keep the program from ending."""


class Refused(Exception):
    """No window can be opened; the text says why and what helps."""


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code."""
    options = parse(arguments, version())
    if options.command == "demo" and not options.data_dir:
        with tempfile.TemporaryDirectory(prefix="persona-chat-") as folder:
            return _run(options._replace(data_dir=folder))
    return _run(options)


def _run(options: Options) -> int:
    try:
        paths = persons_folders(options.data_dir)
    except OSError as error:
        told = f"The data folder cannot be used: {error.strerror}: {error.filename}"
        return complain(told) if options.command else refuse(told, Path(error.filename or ""))
    try:
        log.start(paths.logs, to_terminal=options.verbose)
    except OSError as error:
        return _no_writing(options, error)
    if options.command == "doctor":
        from desktop.main import terminal  # noqa: PLC0415 - the window needs none of it

        return asyncio.run(terminal.doctor(options, paths))
    instance = SingleInstance(paths.lock, paths.instance)
    try:
        claimed = instance.claim()
    except OSError as error:
        return _no_writing(options, error)
    if not claimed:
        return _second_start(options, paths, instance)
    try:
        if options.command == "say":
            from desktop.main import terminal  # noqa: PLC0415

            return asyncio.run(terminal.say(options, paths))
        if options.command in ("export", "import"):
            from desktop.main import terminal  # noqa: PLC0415

            return asyncio.run(terminal.transfer(options, paths))
        if options.command == "book":
            from desktop.main import terminal  # noqa: PLC0415

            return asyncio.run(terminal.book(options, paths))
        return _window_or_notice(options, paths, instance)
    finally:
        instance.release()


def _no_writing(options: Options, error: OSError) -> int:
    told = f"The data folder cannot be written: {error.strerror}: {error.filename}"
    return complain(told) if options.command else refuse(told, Path(error.filename or ""))


def _window_or_notice(options: Options, paths: Paths, instance: SingleInstance) -> int:
    """Whoever double-clicked sees why nothing opens; a terminal gets the same as text."""
    try:
        return _window(options, paths, instance)
    except Refused as refusal:
        return refuse(str(refusal), paths.logs) if not options.command else complain(str(refusal))
    except Exception as error:
        log_id = log.report_bug(error, "starting the window")
        if options.command:
            raise
        return refuse(f"{type(error).__name__} [{log_id}]", paths.logs)


def _second_start(options: Options, paths: Paths, instance: SingleInstance) -> int:
    if options.command:
        return complain("Persona Chat is open with this data. Close it first, or use --data-dir.")
    if instance.call_forward():
        return OK
    return refuse("Another Persona Chat holds this data and does not answer.", paths.logs)


def _window(options: Options, paths: Paths, instance: SingleInstance) -> int:
    reason = missing_display()
    if reason:
        told = "Use `persona-chat say TEXT` in a terminal, or start it under Xvfb."
        return complain(f"No window can be shown: {reason}. {told}", NO_DISPLAY)
    if options.no_sandbox:
        os.environ[SANDBOX_OFF] = "1"
    if root_in_the_way():
        raise Refused(
            "The web engine does not start as root. Use an ordinary account, or --no-sandbox "
            "where that is not possible, as in a container."
        )
    if not page_file().is_file():
        raise Refused("The page is not built. `python3 build/dev.py run` builds and opens it.")
    try:
        from desktop.main.windowed import open_window  # noqa: PLC0415 - brings in the web engine
    except ImportError as error:
        if (error.name or "").startswith("desktop"):
            raise
        raise Refused(missing_libraries(error)) from error
    try:
        code = open_window(options, paths, instance)
    except Trouble as trouble:
        if trouble.problem.code != "not_found":
            raise
        raise Refused(f"There is no profile called {options.profile!r}.") from trouble
    _end_even_if_a_thread_hangs(code)
    return code


def missing_libraries(error: ImportError) -> str:
    from desktop.window.display import LIBRARIES  # noqa: PLC0415

    return (
        f"The window's libraries cannot be loaded: {error}\n"
        f"On Debian and Ubuntu: sudo apt-get install {LIBRARIES}"
    )


def complain(text: str, code: int = FAILED) -> int:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
    return code


def refuse(text: str, logs: Path) -> int:
    """Tell why no window opens, in a box where no terminal is."""
    file = logs / "persona-chat.log"
    crash_notice.tell(text, file if file.exists() else logs, can_show=not missing_display())
    return FAILED


def _end_even_if_a_thread_hangs(code: int) -> None:
    # pywebview answers each call on a thread that Python waits for at exit, and one that was
    # talking to the window while it closed may wait for ever.
    end = threading.Timer(PATIENCE_S, os._exit, (code,))
    end.daemon = True
    end.start()
