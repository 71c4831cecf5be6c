"""The built page with its own demo bridge, alone in the engine that our window uses on Linux."""

import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication


def main() -> int:
    application = QApplication(sys.argv[:1])
    view = QWebEngineView()
    view.resize(1440, 900)
    url = QUrl.fromLocalFile(str(Path(sys.argv[1])))
    url.setQuery("demo")
    view.load(url)
    view.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
