"""Prints a web page of ours with Qt's engine: a page nobody sees, without scripts or network."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qtpy.QtCore import QMarginsF, QUrl
from qtpy.QtGui import QPageLayout, QPageSize
from qtpy.QtWebEngineCore import QWebEnginePage, QWebEngineSettings

PATIENCE_S = 900.0
"""A long book takes the engine minutes; what takes longer has failed."""
MARGIN_MM = 14.0


def print_pdf(native: Any, page: Path, pdf: Path) -> bool:
    """From any thread but the GUI's; True once the whole file is written."""
    done = threading.Event()
    outcome: list[bool] = []
    kept: list[QWebEnginePage] = []

    def end(printed: bool) -> None:
        outcome.append(printed)
        kept.clear()
        done.set()

    # pywebview's own way to have something done on the GUI thread.
    native.create_window_trigger.emit(lambda: kept.append(_begin(page, pdf, end)))
    return done.wait(PATIENCE_S) and outcome[0]


def _begin(page: Path, pdf: Path, end: Callable[[bool], None]) -> QWebEnginePage:
    unseen = QWebEnginePage()
    settings, attribute = unseen.settings(), QWebEngineSettings.WebAttribute
    settings.setAttribute(attribute.JavascriptEnabled, False)
    settings.setAttribute(attribute.LocalContentCanAccessRemoteUrls, False)
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A5),
        QPageLayout.Orientation.Portrait,
        QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
        QPageLayout.Unit.Millimeter,
    )

    def loaded(fine: bool) -> None:
        if fine:
            unseen.printToPdf(str(pdf), layout)
        else:
            end(False)

    unseen.loadFinished.connect(loaded)
    unseen.pdfPrintingFinished.connect(lambda _path, fine: end(bool(fine)))
    unseen.setUrl(QUrl.fromLocalFile(str(page)))
    return unseen
