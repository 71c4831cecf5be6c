"""Our window with somebody else's page and a bridge that only echoes: for what pywebview does."""

import signal
import sys
import time
from pathlib import Path
from typing import Any

from desktop.window.app_window import AppWindow


class Echo:
    def __init__(self) -> None:
        self._window: Any = None

    def call(self, name: str, params: Any) -> Any:
        if name == "title":
            self._window.set_title(params)
        if name == "grab":
            return self._window.grab(Path(params))
        return {"at_home": self._window.at_home(), "name": name, "params": params}


def main() -> int:
    api, page = Echo(), Path(sys.argv[1])

    def clean_up() -> None:
        # As long as storing takes; the window must neither hang nor close before it is done.
        api._window.push("document.title = 'closing'")
        time.sleep(0.2)
        page.with_name("cleaned").write_text("once\n" + read(page.with_name("cleaned")))

    def died() -> None:
        page.with_name("died").write_text("died")

    window = AppWindow(page, api, clean_up=clean_up, page_died=died)
    api._window = window
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    return window.run()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
