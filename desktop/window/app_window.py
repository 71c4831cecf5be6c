"""The window: one page of ours, that goes nowhere else and closes without losing anything."""

import logging
import os
import sys
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import webview

from desktop.window import windows

TITLE = "Persona Chat"
SIZE = (1440, 900)
SMALLEST = (420, 560)
LIGHT = "#dfe8e0"
DARK = "#0d1210"
"""The felt of the table in both themes: what is seen before the page has painted."""

logger = logging.getLogger(__name__)


class AppWindow:
    """Make it, then ``run`` it on the main thread. All other methods may come from any thread.

    ``clean_up`` is called once, on a thread of its own or after the window has gone, while the
    page can still be pushed to; ``page_died`` when the engine's process crashed.
    """

    def __init__(
        self,
        page: Path,
        api: object,
        *,
        clean_up: Callable[[], None],
        page_died: Callable[[], None] = lambda: None,
        dark: bool | None = None,
    ) -> None:
        self._home = page.resolve().as_uri()
        self._page_died = page_died
        self._clean_up = clean_up
        self._cleaning = threading.Lock()
        self._cleaned = False
        self._may_close = threading.Event()
        self._refused = ""
        self._dark = dark
        self._qt: Any = None
        window = webview.create_window(
            TITLE,
            url=self._home,
            js_api=api,
            width=SIZE[0],
            height=SIZE[1],
            min_size=SMALLEST,
            text_select=True,
            zoomable=True,
            background_color=DARK if dark else LIGHT,
        )
        assert window is not None
        self._window: Any = window
        window.events.initialized += self._initialized
        window.events.before_show += self._before_show
        window.events.closing += self._closing

    def run(self) -> int:
        """Show the window until it is closed; returns the exit code. Main thread only."""
        gui: Any = _gui()
        if gui == "qt":
            # Only here: Qt is there on Linux only.
            from desktop.window import qt  # noqa: PLC0415

            self._qt = qt
            qt.prepare(self._home)
        webview.settings["ALLOW_DOWNLOADS"] = False
        webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
        webview.start(gui=gui or None, debug=False, private_mode=True)
        # Ctrl+C ends Qt's loop without closing the window.
        self._clean_up_once()
        if self._refused:
            windows.tell_webview2_is_missing()
            return 1
        return 0

    def at_home(self) -> bool:
        """Whether the page that is shown is ours. Cheap; also while the page is busy."""
        if self._qt is not None:
            return bool(self._qt.at_home(self._window.native))
        return _same_page(self._window.get_current_url() or "", self._home)

    def push(self, code: str) -> None:
        """Run JavaScript in the page and wait for it; never on the GUI thread."""
        self._window.run_js(code)

    def ask(self, code: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return self._window.evaluate_js(code)

    def come_forward(self) -> None:
        self._window.restore()
        self._window.show()

    def set_title(self, room: str) -> None:
        """Name the room in the title bar; it may be any text."""
        shown = "".join(c for c in room if unicodedata.category(c)[0] != "C").strip()[:120]
        self._window.set_title(f"{shown} — {TITLE}" if shown else TITLE)

    def grab(self, file: Path) -> bool:
        """Save what the window shows as a PNG. Qt only; False where it cannot be done."""
        return bool(self._qt is not None and self._qt.grab(self._window.native, file))

    def choose_file(self) -> str:
        """Let the person pick a file in the system's dialog; empty if they would rather not.

        Waits for them, so never on the GUI thread.
        """
        chosen = self._window.create_file_dialog(webview.FileDialog.OPEN)
        return str(chosen[0]) if chosen else ""

    def choose_folder(self) -> str:
        """The same for a folder."""
        chosen = self._window.create_file_dialog(webview.FileDialog.FOLDER)
        return str(chosen[0]) if chosen else ""

    def choose_save(self, name: str) -> str:
        """Let the person say where a file is to be written, ``name`` being offered; or empty."""
        chosen = self._window.create_file_dialog(webview.FileDialog.SAVE, save_filename=name)
        # Some engines give the path alone, others a sequence of one.
        return chosen if isinstance(chosen, str) else str(chosen[0]) if chosen else ""

    @property
    def prints(self) -> bool:
        """Whether ``print_pdf`` can do anything: Qt's engine only."""
        return _gui() == "qt"

    def print_pdf(self, page: Path, pdf: Path) -> bool:
        """Print a web page of ours into a file, unseen; False where it failed.

        Waits for the engine, so never on the GUI thread.
        """
        if self._qt is None:
            return False
        from desktop.window import qt_print  # noqa: PLC0415 - Qt is there on Linux only

        return qt_print.print_pdf(self._window.native, page, pdf)

    def close(self) -> None:
        """Begin to close, as if the person had clicked the cross."""
        self._closing()

    def _initialized(self, renderer: str) -> bool:
        # The silent fallback of pywebview where WebView2 is missing is Internet Explorer 11.
        if renderer == "mshtml":
            self._refused = renderer
            return False
        return True

    def _before_show(self) -> None:
        """On the GUI thread: whatever waits for the page would hang here."""
        if self._qt is not None:
            self._qt.dress(self._window.native, self._home, self._dark, self._died)

    def _died(self) -> None:
        threading.Thread(target=self._page_died, name="page-died", daemon=True).start()

    def _closing(self) -> bool:
        """On the GUI thread: refuse once, clean up elsewhere, then close for good."""
        if self._may_close.is_set():
            return True
        threading.Thread(target=self._clean_up_and_close, name="closing").start()
        return False

    def _clean_up_and_close(self) -> None:
        if self._may_close.is_set():
            return
        self._window.hide()
        self._clean_up_once()
        if not self._may_close.is_set():
            self._may_close.set()
            self._window.destroy()

    def _clean_up_once(self) -> None:
        with self._cleaning:
            if self._cleaned:
                return
            self._cleaned = True
            try:
                self._clean_up()
            except Exception:
                logger.exception("cleaning up failed; the window closes all the same")


def _gui() -> str:
    return os.environ.get("PYWEBVIEW_GUI", "").lower() or _usual_gui()


def _usual_gui() -> str:
    """GTK would be tried first on Linux; the others have one engine only."""
    return {"linux": "qt", "win32": "edgechromium"}.get(sys.platform, "")


def _same_page(url: str, home: str) -> bool:
    return url.split("#", 1)[0].split("?", 1)[0] == home
