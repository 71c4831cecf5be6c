"""What pywebview's Qt window lacks: it goes nowhere, asks for nothing and reaches no network.

The patches replace methods of pywebview 6.2's ``platforms.qt``; each says what was wrong there.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import webview.util
from qtpy.QtCore import QCoreApplication, Qt, QTimer, QUrl
from qtpy.QtGui import QColor, QGuiApplication
from qtpy.QtWebEngineCore import QWebEnginePage, QWebEngineSettings
from webview.platforms import qt as platform

FELT = {False: "#dfe8e0", True: "#0d1210"}
MAX_RELOADS = 3
RELOADS_WITHIN_S = 60.0

FINISH = """
new QWebChannel(qt.webChannelTransport, function (channel) {
  window.pywebview._QWebChannel = channel;
  window.pywebview._createApi(JSON.parse('%(functions)s'));
  window.dispatchEvent(new CustomEvent('pywebviewready'));
});
"""
"""The last script that pywebview puts into a page. Its own made the api first and the channel
later: a call in between waited 100 ms for the channel and was lost where that was too short."""

logger = logging.getLogger(__name__)


def prepare(home: str) -> None:
    """Before the start: patch pywebview's classes for a window that shows ``home`` only."""
    QCoreApplication.setApplicationName("Persona Chat")
    QGuiApplication.setDesktopFileName("persona-chat")
    folder = home.rsplit("/", 1)[0] + "/"
    browser: Any = platform.BrowserView
    load_scripts = webview.util.load_js_files

    def load_ours(window: Any, renderer: str) -> Any:
        return load_scripts(window, renderer)[0], FINISH

    scripts: Any = webview.util
    scripts.load_js_files = load_ours

    def refuse_feature(self: Any, url: QUrl, feature: Any) -> None:
        # An int where Qt 6 wants an enum: the promise of the page was never settled.
        self.setFeaturePermission(
            url, feature, QWebEnginePage.PermissionPolicy.PermissionDeniedByUser
        )

    def accept_navigation(_page: Any, url: QUrl, _kind: Any, is_main_frame: bool) -> bool:
        # Any link navigated the window itself, and the bridge was put into what came.
        return bool(is_main_frame and _is(url, home))

    def intercept(_interceptor: Any, info: Any) -> None:
        if not may_load(info.requestUrl().toString(), folder):
            info.block(True)

    browser.WebPage.onFeaturePermissionRequested = refuse_feature
    browser.WebPage.acceptNavigationRequest = accept_navigation
    browser.NavigationHandler.acceptNavigationRequest = _nowhere
    browser.RequestInterceptor.interceptRequest = intercept
    browser.WebView.contextMenuEvent = _context_menu


def may_load(url: str, folder: str) -> bool:
    """Whether the page may load something: files of its own folder, and no network at all."""
    scheme = url.partition(":")[0].lower()
    if scheme == "file":
        return url.startswith(folder) and "/../" not in url and "%2e" not in url.lower()
    return scheme in {"data", "blob", "qrc", "devtools", "chrome-devtools", "about"}


def dress(native: Any, home: str, dark: bool | None, died: Callable[[], None]) -> None:
    """On the GUI thread, before the window is shown: size, colours, what the engine may do."""
    _fit(native)
    page = native.webview.page()
    if dark is None:
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    # The engine paints white until the page has painted.
    page.setBackgroundColor(QColor(FELT[dark]))
    native.setStyleSheet(f"QMainWindow {{ background: {FELT[dark]}; }}")
    settings, attribute = page.settings(), QWebEngineSettings.WebAttribute
    settings.setAttribute(attribute.JavascriptCanAccessClipboard, True)
    for refused in (
        attribute.JavascriptCanOpenWindows,
        attribute.JavascriptCanPaste,
        attribute.LocalContentCanAccessRemoteUrls,
        attribute.PluginsEnabled,
        attribute.PdfViewerEnabled,
        attribute.ErrorPageEnabled,
        attribute.NavigateOnDropEnabled,
        attribute.HyperlinkAuditingEnabled,
        attribute.DnsPrefetchEnabled,
    ):
        settings.setAttribute(refused, False)
    native.at_home = True
    page.urlChanged.connect(lambda url: setattr(native, "at_home", _is(url, home)))
    page.renderProcessTerminated.connect(_Revival(native, home, died))


def at_home(native: Any) -> bool:
    """As the engine told it last; asking it anew would wait for the GUI thread."""
    return bool(getattr(native, "at_home", False))


def grab(native: Any, file: Path) -> bool:
    """Save a picture of the window; from any thread but the GUI's."""
    done, saved = threading.Event(), []

    def take() -> None:
        saved.append(native.grab().save(str(file), "PNG"))
        done.set()

    # pywebview's own way to have something done on the GUI thread.
    native.create_window_trigger.emit(take)
    return done.wait(10) and bool(saved and saved[0])


class _Revival:
    """Load the page again when its process has died, but not for ever."""

    def __init__(self, native: Any, home: str, died: Callable[[], None]) -> None:
        self._native = native
        self._home = home
        self._died = died
        self._times: list[float] = []

    def __call__(self, status: Any, exit_code: int) -> None:
        normal = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        if status == normal:
            return
        logger.error("the page's process died: %s, %s", status, exit_code)
        now = time.monotonic()
        self._times = [at for at in self._times if now - at < RELOADS_WITHIN_S] + [now]
        if len(self._times) > MAX_RELOADS:
            return
        self._died()
        # Loading inside the signal is ignored by the engine.
        QTimer.singleShot(0, lambda: self._native.webview.setUrl(QUrl(self._home)))


def _is(url: QUrl, home: str) -> bool:
    return url.toString().split("#", 1)[0] == QUrl(home).toString()


def _nowhere(_page: Any, _url: QUrl, _kind: Any, _is_main_frame: bool) -> bool:
    """A link with a new window, which pywebview hands to the browser unasked. Ours has none."""
    return False


def _context_menu(self: Any, event: Any) -> None:
    """Editing only: the usual menu reloads the page, shows its source and inspects it."""
    action = QWebEnginePage.WebAction
    page = self.page()
    wanted = [
        page.action(each)
        for each in (
            action.Undo,
            action.Redo,
            action.Cut,
            action.Copy,
            action.Paste,
            action.PasteAndMatchStyle,
            action.SelectAll,
        )
    ]
    menu = self.createStandardContextMenu()
    for offered in menu.actions():
        if offered not in wanted:
            menu.removeAction(offered)
    if menu.actions():
        menu.exec_(event.globalPos())


def _fit(native: Any) -> None:
    """Shrink the window to the screen, and put it into the middle."""
    area = QGuiApplication.primaryScreen().availableGeometry()
    native.resize(min(native.width(), area.width()), min(native.height(), area.height()))
    native.move(area.center() - native.rect().center())
